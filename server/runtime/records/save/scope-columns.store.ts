import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef, ScopeColumn } from '#server/runtime/definitions/index.ts'
import type { EntityRow } from '#server/runtime/expressions/types.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import type { Registry } from '../registry.ts'
import { isRow } from '../schema/feel-values.ts'
import { columnOf, walk } from '../schema/properties.ts'
import { cameBy, refill, scopeColumnsOf } from '../schema/scope-columns.ts'
import { rowOf, type Draft } from './draft.ts'
import { changedPath } from './values.ts'

export const scopeNames = (def: EntityDef): string[] => Object.values(def.scopeColumns ?? {}).map((c) => c.column)

/** Ends of the scope paths of new records, in the order of their columns. */
export async function scopeValues(loader: FactLoader, def: EntityDef, drafts: Draft[]): Promise<SqlValue[][]> {
  const paths = Object.keys(def.scopeColumns ?? {}).map((path) => path.split('.'))
  if (paths.length === 0) return drafts.map(() => [])
  // ways begin at many records and mostly go on by the same few
  const known = paths.map(() => new Map<string, number | null>())
  const endOf = (from: EntityRow, names: readonly string[]): number | null => {
    let at = from
    for (const name of names) {
      const next = loader.property(at, name)
      if (!isRow(next)) return null
      at = next
    }
    return Number(at.id)
  }
  return loader.settleAll(drafts, (d) => loader.each(paths, ([first, ...rest], i) => {
    const begin = loader.property(rowOf(d), first!)
    if (!isRow(begin)) return null
    let end = known[i]!.get(begin.id)
    if (end === undefined) known[i]!.set(begin.id, (end = endOf(begin, rest)))
    return end
  }))
}

interface Dependent { column: ScopeColumn; hop: number }
const dependents = new WeakMap<Registry, Map<string, Dependent[]>>()
/** By "table.column": the scope columns whose way comes by it. */
function dependentsOf(registry: Registry): Map<string, Dependent[]> {
  let map = dependents.get(registry)
  if (!map) {
    dependents.set(registry, (map = new Map()))
    for (const variants of registry.variants()) for (const column of scopeColumnsOf(variants)) column.hops.forEach((h, hop) => {
      const key = `${h.table}.${h.column}`
      map!.set(key, [...(map!.get(key) ?? []), { column, hop }])
    })
  }
  return map
}

/**
 * Brings scope columns up to date after columns of these rows have changed: those of the rows themselves and of all whose
 * way comes by them, each with one statement. In the caller's transaction, so that no right is ever decided by an old one.
 */
export async function refillScopes(engine: Pick<Engine, 'db' | 'registry'>, table: string, changed: string[], ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const map = dependentsOf(engine.registry)
  // one statement for the columns of a table that are reached the same way
  const groups = new Map<string, Dependent[]>()
  for (const d of changed.flatMap((c) => map.get(`${table}.${c}`) ?? [])) {
    const key = `${d.column.hops[0]!.table} ${cameBy(d.column, d.hop, (c) => `${c} IN ids`)}`
    if (!groups.get(key)?.some((x) => x.column.column === d.column.column)) groups.set(key, [...(groups.get(key) ?? []), d])
  }
  for (const group of groups.values()) {
    let params: SqlValue[] = []
    const where = cameBy(group[0]!.column, group[0]!.hop, (column) => { const c = engine.db.idsIn(column, ids); params = c.params; return c.sql })
    await engine.db.run(refill(engine.db.dialect, group.map((d) => d.column), where), params)
  }
}

/** What a way may come by of an entity's own columns, and the drafts that changed any of it. */
export async function refillAfter(engine: Engine, def: EntityDef, drafts: Draft[]): Promise<void> {
  const map = dependentsOf(engine.registry)
  const watched = [...walk(def.properties)].filter((p) => p.kind === 'ref' && map.has(`${def.table}.${columnOf(p)}`))
  // of a part of a record it is known what may have changed
  if (!watched.some((p) => drafts.some((d) => !d.held || d.held.changed.includes(p)))) return
  const touched = new Map<string, { columns: string[]; ids: string[] }>()
  for (const d of drafts) {
    const columns = watched.filter((p) => changedPath(d, p.path)).map(columnOf)
    if (columns.length === 0) continue
    const set = touched.get(columns.join()) ?? { columns, ids: [] }
    set.ids.push(d.id)
    touched.set(columns.join(), set)
  }
  for (const { columns, ids } of touched.values()) await refillScopes(engine, def.table, columns, ids)
}
