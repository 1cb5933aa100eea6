import type { Dict, EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { Expression, Scope } from '#server/runtime/expressions/types.ts'
import { draftOf, feelToProperty, loadRows, newDraft, propertyAt, setPath, type Draft, type FactLoader, type NamesInScope, type RecordData } from '#server/runtime/records/index.ts'
import type { ImportTask, Unit } from './task.ts'

/** A field and what is written into it; computed fields are left to their expression. */
interface Written { path: string; p: PropertyDef; value: Expression }
export function writtenBy({ context: { registry, programme } }: FactLoader, def: EntityDef, values: Dict<string>, place: NamesInScope): Written[] {
  return Object.entries(values).flatMap(([path, text]) => {
    const p = propertyAt(def, path)
    return p && (!p.compute || p.compute.if) ? [{ path, p, value: registry.expression(programme.id, text, place) }] : []
  })
}
/** `update`: what is nothing empties the field of the stored record. */
export function patchOf(written: Written[], scope: Scope, update: boolean): RecordData {
  const patch: RecordData = {}
  for (const { path, p, value } of written) {
    const v = feelToProperty(p, value.evaluate(scope))
    setPath(patch, path, v === undefined && update ? null : v)
  }
  return patch
}

const matchedBy = (u: Unit): string | null => (u.scope.names['record'] as { id: string } | null)?.id ?? null

/** The record of each row: the stored one that it names with what the row changes, or a new one. */
export async function recordDrafts(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<Draft[]> {
  const { engine, call, spec, def } = task
  const set = spec.set ?? Object.fromEntries(Object.entries(spec.columns).flatMap(([id, c]) => (propertyAt(def, c.path ?? id) ? [[c.path ?? id, `row.${id}`]] : [])))
  // a record that was found by its key keeps it as it is written there
  const [changed, made] = [writtenBy(loader, def, set, scope), writtenBy(loader, def, { ...spec.key, ...set }, scope)]
  const patches = await loader.settleAll(units, (u) => { const known = matchedBy(u) !== null; return patchOf(known ? changed : made, u.scope, known) })
  const rows = await loadRows(engine, loader, def, units.flatMap((u) => matchedBy(u) ?? []))
  return units.map((u, i) => {
    const id = matchedBy(u)
    return id === null ? newDraft(engine, call, def, patches[i]!) : draftOf(engine, def, rows.get(id)!, patches[i]!)
  })
}
