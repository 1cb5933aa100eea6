import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { encodeRow, linksOf, storedProperties } from '../schema/codec.ts'
import { getPath, isSensitive, walk } from '../schema/properties.ts'
import { good, type Draft, type Via } from './draft.ts'
import { auditChanges } from './audit-changes.ts'
import { attachFiles } from './files.store.ts'
import { ancestors } from './owner.ts'
import { scopeNames, scopeValues } from './scope-columns.store.ts'
import { update } from './update.store.ts'
import { writeUnique } from './unique.store.ts'
import { changedPath } from './values.ts'
import type { UniqueKeys } from './prepare.ts'

export interface WriteNote { kind: string; element?: string; outcome?: string; comment?: string; instance?: string; changes?: unknown }

/** Field-level changes without personal numbers: those are named, never quoted. */
export function changesOf(d: Draft): Record<string, [unknown, unknown]> {
  const out: Record<string, [unknown, unknown]> = {}
  for (const p of d.held?.changed ?? walk(d.def.properties)) {
    // a column of the record, not of its data
    if (p.path === 'status') {
      if (d.status !== d.oldStatus) out[p.path] = [d.oldStatus, d.status]
      continue
    }
    if (p.kind === 'object' || !changedPath(d, p.path)) continue
    const before = d.old ? getPath(d.old, p.path) : undefined
    const after = getPath(d.data, p.path)
    out[p.path] = isSensitive(p) ? [before === undefined ? null : '***', after === undefined ? null : '***'] : [before ?? null, after ?? null]
  }
  return out
}

async function insert(engine: Engine, call: Call, loader: FactLoader, def: EntityDef, drafts: Draft[]): Promise<void> {
  const { columns } = storedProperties(def)
  const names = ['id', 'program', 'org', 'org_l1', 'org_l2', 'org_l3', 'status', 'rev', 'created_by', 'created_at', 'updated_at', ...scopeNames(def), ...columns.map((c) => c.name), 'data']
  const chains = await ancestors(loader, drafts)
  const scopes = await scopeValues(loader, def, drafts)
  const number = (v: string | null | undefined) => (v ? Number(v) : null)
  await engine.db.insertMany(def.table, names, drafts.map((d, i) => {
    const chain = chains[i]!
    const up = chain.slice(1).reverse()
    return [Number(d.id), d.program, number(chain[0]), number(up[0]), number(up[1]), number(up[2]), d.status, 1, number(d.createdBy), d.createdAt, call.now,
      ...scopes[i]!, ...encodeRow(def, d.id, d.data, engine.sealing)]
  }))
}

async function links(engine: Engine, drafts: Draft[]): Promise<void> {
  const def = drafts[0]!.def
  for (const { table, p: { path } } of storedProperties(def).links) {
    const touched = drafts.filter((d) => d.create || changedPath(d, path))
    const stale = touched.filter((d) => !d.create).map((d) => d.id)
    if (stale.length) {
      const where = engine.db.idsIn('owner_id', stale)
      await engine.db.run(`DELETE FROM ${table} WHERE ${where.sql}`, where.params)
    }
    const rows = touched.flatMap((d) => linksOf(def, d.id, d.data).filter((l) => l.table === table))
    await engine.db.insertMany(table, ['owner_id', 'position', 'target_id', 'value'], rows.map((l) => [Number(l.owner), l.position, l.target === null ? null : Number(l.target), l.value]))
  }
}

// fewer rows of one kind are kept as rows of their own: a trail reads them with one look-up
const SET_FROM = 20
const CHUNK = 1000
const EVENT = ['entity', 'instance_id', 'kind', 'element', 'outcome', 'actor_id', 'actor_role', 'actor_org', 'comment', 'changes', 'at']
const HISTORY = ['id', 'record_id', ...EVENT]

/** `instance` where it is not the note's: a note may be shared by all records to whom the same happened. */
export interface Noted { def: EntityDef; id: string; note: WriteNote; instance?: string }

/** What happened to a set of records. Those to whom the same happened share one event; `trailOf` gives a record both kinds back. */
export async function writeHistory(engine: Engine, call: Call, rows: Noted[]): Promise<void> {
  if (rows.length === 0) return
  const { actor, now } = call
  const number = (v: string | null | undefined) => (v ? Number(v) : null)
  const texts = new Map<WriteNote, string | null>()
  const changesText = (note: WriteNote): string | null => {
    let text = texts.get(note)
    if (text === undefined) texts.set(note, (text = note.changes === undefined ? null : JSON.stringify(note.changes)))
    return text
  }
  const [by, of] = [number(actor.userId), number(actor.orgId)]
  const event = (id: number, record: number | null, { def, note }: Noted, instance: string | undefined): SqlValue[] =>
    [id, record, def.id, number(instance), note.kind, note.element ?? null, note.outcome ?? null, by, actor.role, of, note.comment ?? null, changesText(note), now]
  const single: SqlValue[][] = []
  for (const list of alikeIn(rows, changesText)) {
    if (list.length < SET_FROM) { for (const r of list) single.push(event(Number(engine.ids.next()), Number(r.id), r, r.instance ?? r.note.instance)); continue }
    const set = Number(engine.ids.next())
    await engine.db.insertMany('history_sets', ['id', ...EVENT, 'members'], [[...event(set, null, list[0]!, undefined).filter((_, i) => i !== 1), list.length]])
    const members = [...new Set(list.map((r) => r.id))]
    await engine.db.insertMany('history_set_members', ['record_id', 'set_id', 'chunk'], members.map((id, i) => [Number(id), set, Math.floor(i / CHUNK)]))
  }
  if (single.length) await engine.db.insertMany('history', HISTORY, single)
  await engine.audit?.(auditChanges(call, rows))
}

/** Records to whom the same happened; a note that is shared is looked at once. */
function alikeIn(rows: Noted[], changesText: (note: WriteNote) => string | null): Noted[][] {
  const all: Noted[][] = []
  let last = rows[0]!
  let [byChanges, group] = [new Map<string | null, Noted[]>(), undefined as Noted[] | undefined]
  const kinds = new Map([[kindOf(last), byChanges]])
  for (const r of rows) {
    if (!group || r.note !== last.note || r.def !== last.def) {
      if (!sameKind(r, last)) {
        const key = kindOf(r)
        const known = kinds.get(key)
        if (known) byChanges = known; else kinds.set(key, (byChanges = new Map()))
      }
      const changes = changesText(r.note)
      group = byChanges.get(changes)
      if (!group) { byChanges.set(changes, (group = [])); all.push(group) }
      last = r
    }
    group.push(r)
  }
  return all
}
const kindOf = ({ def, note: { kind, element, outcome, comment } }: Noted): string => [def.id, kind, element, outcome, comment].join('\0')
const sameKind = (a: Noted, b: Noted): boolean => a.def === b.def && a.note.kind === b.note.kind && a.note.element === b.note.element && a.note.outcome === b.note.outcome && a.note.comment === b.note.comment

/** Writes what prepare left good: rows, links, keys, history; then the records' processes hear of it. All in the caller's transaction. */
export async function write(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], keys: UniqueKeys, via: Via, note: Partial<WriteNote> = {}): Promise<Draft[]> {
  const changes = new Map(good(drafts).map((d) => [d, d.create ? {} : changesOf(d)]))
  const ready = [...changes].filter(([d, c]) => d.create || note.kind || Object.keys(c).length > 0 || d.status !== d.oldStatus).map(([d]) => d)
  const byDef = new Map<EntityDef, Draft[]>()
  for (const d of ready) { const set = byDef.get(d.def); if (set) set.push(d); else byDef.set(d.def, [d]) }
  for (const [def, set] of byDef) {
    const fresh = set.filter((d) => d.create)
    const stale = set.filter((d) => !d.create)
    if (fresh.length) await insert(engine, call, loader, def, fresh)
    if (stale.length) await update(engine, call, def, stale)
    await links(engine, set)
    await attachFiles(engine, set)
  }
  await writeUnique(engine, ready, keys)
  const kind = via.kind === 'import' ? `import:${via.id}` : via.kind === 'action' ? `action:${via.id}` : via.kind
  // shared by all that are new: what is one object is looked at once
  const fresh: WriteNote = { kind: 'create', outcome: kind, ...note }
  await writeHistory(engine, call, ready.map((d) => ({ def: d.def, id: d.id, note: d.create ? fresh : { kind: 'edit', outcome: kind, ...note, changes: changes.get(d)! } })))
  for (const [def, set] of byDef) {
    if (set.some((d) => d.create)) await engine.hooks.created(call, loader, def, set.filter((d) => d.create))
    const stale = set.filter((d) => !d.create)
    if (stale.length) await engine.hooks.changed(call, loader, def, stale)
  }
  return ready
}
