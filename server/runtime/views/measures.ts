import type { SqlValue } from '#server/data/index.ts'
import type { Dict, EntityDef } from '#server/runtime/definitions/index.ts'
import { fromFeel, toFeel } from '#server/runtime/expressions/index.ts'
import type { FeelType } from '#server/runtime/expressions/types.ts'
import { rowScope, type FactLoader, type Select } from '#server/runtime/records/index.ts'

type Measures = Dict<{ expr: string }>
export interface Measured { groups: (number | string | null)[]; values: Record<string, number | null> }

const reads = (expr: string, name: string): boolean => new RegExp(`(^|[^\\p{L}\\p{N}_.$"])${name}($|[^\\p{L}\\p{N}_$"])`, 'u').test(expr)

/**
 * Aggregates of a query, by groups. A measure that names earlier ones is computed from them; x/0 is null.
 * Groups come in the order of their values.
 */
export async function measure(select: Select, def: EntityDef, groupBy: string[], measures: Measures, loader: FactLoader): Promise<Measured[]> {
  const names = Object.keys(measures)
  const derived = names.filter((n, i) => names.slice(0, i).some((e) => reads(measures[n]!.expr, e)))
  groupBy.forEach((path, i) => select.column(`g${i}`, path, rowScope(def)))
  const direct = names.filter((n) => !derived.includes(n))
  const scales = direct.map((n, i) => select.measure(`m${i}`, measures[n]!.expr, rowScope(def)))
  const list = groupBy.map((_, i) => `g${i}`).join(', ')
  const built = await select.build(undefined, list ? `GROUP BY ${list}` : '')
  const rows = await loader.context.db.all<Record<string, SqlValue>>(built.sql, built.params)
  const sorted = [...rows].sort((a, b) => { for (const i of groupBy.keys()) { const c = compare(a[`g${i}`], b[`g${i}`]); if (c) return c } return 0 })
  return sorted.map((r) => {
    const values: Record<string, number | null> = {}
    names.forEach((n) => {
      const at = direct.indexOf(n)
      if (at >= 0) values[n] = r[`m${at}`] == null ? null : Number(r[`m${at}`]) / 10 ** scales[at]!()
      else values[n] = derive(loader, def, measures[n]!.expr, values)
    })
    return { groups: groupBy.map((_, i) => (r[`g${i}`] ?? null) as number | string | null), values }
  })
}

const compare = (a: SqlValue | undefined, b: SqlValue | undefined): number => (a === b ? 0 : a == null ? -1 : b == null ? 1 : typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1)

function derive(loader: FactLoader, def: EntityDef, expr: string, earlier: Record<string, number | null>): number | null {
  const names = Object.fromEntries(Object.keys(earlier).map((k) => [k, { kind: 'number' } as FeelType]))
  const value = loader.context.registry.expression(loader.context.programme.id, expr, { id: `derived:${def.id}:${Object.keys(earlier).join(',')}`, names })
    .evaluate(loader.scope(Object.fromEntries(Object.entries(earlier).map(([k, v]) => [k, toFeel(v, { kind: 'number' })]))))
  const n = value === null ? null : Number(fromFeel(value, { kind: 'number' }))
  return n !== null && Number.isFinite(n) ? n : null
}
export const shownNumber = (n: number | null): string => (n === null ? '' : Number.isInteger(n) ? String(n) : String(Math.round(n * 10_000) / 10_000))
