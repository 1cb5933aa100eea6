import { auditEvent, type AuditEntry } from '#server/runtime/audit/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import type { WriteNote } from './write.store.ts'

/** One entry per kind of change of a set: whose, which records, which fields by path. What they held is in the history alone. */
export function auditChanges(call: Call, rows: readonly { def: EntityDef; id: string; note: WriteNote }[]): AuditEntry[] {
  const sets = new Map<string, { entity: string; kind: string; outcome?: string; element?: string; records: Set<string>; paths: Set<string> }>()
  let [last, set]: [typeof rows[number] | undefined, ReturnType<typeof sets.get>] = [undefined, undefined]
  for (const row of rows) {
    const { def, id, note } = row
    // a note that is shared by a set is looked at once
    if (set && last?.note === note && last.def === def) { set.records.add(id); continue }
    last = row
    const key = `${def.id}\0${note.kind}\0${note.outcome}\0${note.element}`
    set = sets.get(key)
    if (!set) sets.set(key, (set = { entity: def.id, kind: note.kind, ...(note.outcome ? { outcome: note.outcome } : {}), ...(note.element ? { element: note.element } : {}), records: new Set(), paths: new Set() }))
    set.records.add(id)
    for (const path of note.changes ? Object.keys(note.changes) : []) set.paths.add(path)
  }
  return [...sets.values()].map((s) => auditEvent.changed(call.actor, { ...s, records: [...s.records], paths: [...s.paths] }))
}
