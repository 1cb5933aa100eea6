import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { columnOf, feelToProperty, indexLedBy, isReadCompute, isRow, isSensitive, itemScope, pathEnd, Select, systemProperty, type FactLoader } from '#server/runtime/records/index.ts'

interface KeyColumn { /** of the entity's own table */ column?: string; make(select: Select): Fragment; show(select: Select, as: string): void; toSql(value: FeelValue): SqlValue }
type Fragment = ReturnType<Select['fragment']>
const PART = 500
const stored = (name: string): Pick<KeyColumn, 'column' | 'make' | 'show'> => ({ column: name, make: () => ({ sql: `t.${name}`, params: [] }), show: (select, as) => { select.columnSql(as, `t.${name}`) } })

/** How a stored value of the property is written in SQL. */
function sqlOf(p: PropertyDef, value: FeelValue): SqlValue {
  const json = feelToProperty(p, value)
  if (json === undefined) return null
  if (p.kind === 'boolean') return json === true ? 1 : 0
  if (p.kind === 'number') return Math.round(Number(json) * 10 ** (p.scale ?? 0))
  if (p.kind === 'date-time') return Date.parse(String(json))
  return p.kind === 'integer' || p.kind === 'ref' || p.kind === 'file' ? Number(json) : String(json)
}

/** How the values of a key's path are found in SQL; null when they are not stored in a column. */
function keyColumn(loader: FactLoader, def: EntityDef, path: string): KeyColumn | null {
  const system = def.properties[path] ? undefined : systemProperty(path)
  if (system) return { ...stored(system.column), toSql: (v) => (v === null ? null : isRow(v) ? Number(v.id) : path === 'id' ? Number(v) : (v as SqlValue)) }
  const end = pathEnd(loader, def, path)
  const p: PropertyDef | undefined = end?.prop
  if (!p || end!.many || end!.system || isReadCompute(p)) return null
  if (isSensitive(p)) {
    const own = end!.def === def && p.path === path
    return own ? { ...stored(`${columnOf(p)}_bix`), toSql: (v) => { const t = feelToProperty(p, v); return t === undefined ? null : loader.context.sealing.blind(p.sensitive!, String(t)) } } : null
  }
  const names = itemScope(def)
  const plain = loader.context.registry.expression(loader.context.programme.id, `item.${path}`, names).notSqlable === null
  return plain ? { ...(p.path === path && p.column ? { column: p.column.name } : {}), make: (select) => select.fragment(`item.${path}`, names), show: (select, as) => { select.column(as, `item.${path}`, names) }, toSql: (v) => sqlOf(p, v) } : null
}

/**
 * The record that each tuple of key values names, by one query for all of them; null for none. `undefined` = the key has a path
 * that no column holds. A tuple with an empty value names nothing.
 */
export async function findByKey(loader: FactLoader, def: EntityDef, paths: string[], tuples: (FeelValue[] | null)[]): Promise<(string | null)[] | undefined> {
  const found = paths.map((p) => keyColumn(loader, def, p))
  const columns = found.filter((c): c is KeyColumn => c !== null)
  if (columns.length < found.length) return undefined
  const keys = tuples.map((t) => t?.map((v, i) => columns[i]!.toSql(v)) ?? null).map((k) => (k && !k.includes(null) ? k : null))
  const wanted = keys.filter((k): k is SqlValue[] => k !== null)
  const distinct = paths.map((_, i) => [...new Set(wanted.map((k) => k[i]!))])
  const lead = distinct.reduce((best, values, i) => (values.length > distinct[best]!.length ? i : best), 0)
  const column = columns[lead]?.column
  const index = column === undefined ? undefined : indexLedBy(def, column)
  const ids = new Map<string, string>()
  for (let i = 0; i < (distinct[lead]?.length ?? 0); i += PART) {
    // MariaDB would rather walk the whole table in the order of its ids than look up a few hundred values
    const select = new Select(def, loader, loader.scope({}), ['item']).useIndex(index)
    if (def.home === 'programme') select.whereSql('t.program = ?', [loader.context.programme.id])
    const among = (n: number, values: SqlValue[]) => select.whereAny([() => {
      const f = columns[n]!.make(select)
      const sql = `${f.sql} IN (${values.map(() => '?').join(',')})`
      // one value of a column passes for rarer than many of another: all rows of a school would be read for each batch
      return { sql: n === lead ? select.rare(sql) : index ? select.unindexed(sql) : sql, params: [...f.params, ...values.map((value) => ({ value: value as string | number }))] }
    }])
    among(lead, distinct[lead]!.slice(i, i + PART))
    distinct.forEach((values, n) => { if (n !== lead && values.length === 1) among(n, values) })
    select.columnSql('id', 't.id').orderSql('t.id DESC')
    paths.forEach((_, n) => columns[n]!.show(select, `k${n}`))
    for (const r of await select.all<Record<string, unknown>>()) ids.set(paths.map((_, n) => String(r[`k${n}`])).join('\u0000'), String(r['id']))
  }
  return keys.map((k) => (k ? (ids.get(k.map(String).join('\u0000')) ?? null) : null))
}
