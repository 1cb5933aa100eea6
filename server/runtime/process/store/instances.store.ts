import { createHash } from 'node:crypto'
import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import { updateMany } from '#server/runtime/records/index.ts'
import type { Marking, State } from '../core/index.ts'
import type { ProcessCatalogue, VersionedProcess } from './catalogue.ts'

export interface Instance { id: string; record: string; entity: string; programme: string; process: VersionedProcess; state: State; rev: number; ended: boolean; fresh: boolean; /** since when it is suspended */ suspended?: number | null }

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const caches = new WeakMap<object, Map<string, { id: string; marking: Marking }>>()
/** Markings never change once interned; ids are of one database. */
const markingsIn = (engine: Engine): Map<string, { id: string; marking: Marking }> => { const known = caches.get(engine.db) ?? new Map<string, { id: string; marking: Marking }>(); caches.set(engine.db, known); return known }

/** Interned markings: one row for all instances that stand alike. */
export async function internMarkings(engine: Engine, wanted: { version: string; marking: Marking }[]): Promise<string[]> {
  const keys = wanted.map((w) => { const tokens = JSON.stringify(w.marking); return { ...w, tokens, hash: hashOf(tokens) } })
  const out = new Map<string, string>()
  for (const k of new Map(keys.map((k) => [`${k.version}|${k.hash}`, k])).values()) {
    const find = () => engine.db.one<{ id: number }>('SELECT id FROM process_markings WHERE process_version = ? AND hash = ?', [k.version, k.hash])
    let row = await find()
    if (!row) {
      await engine.db.insertMany('process_markings', ['id', 'process_version', 'hash', 'tokens'], [[Number(engine.ids.next()), k.version, k.hash, k.tokens]], { onConflict: 'ignore' })
      row = await find()
    }
    out.set(`${k.version}|${k.hash}`, String(row!.id))
  }
  return keys.map((k) => out.get(`${k.version}|${k.hash}`)!)
}

async function markingsOf(engine: Engine, ids: string[]): Promise<void> {
  const markings = markingsIn(engine)
  const missing = [...new Set(ids)].filter((id) => !markings.has(id))
  if (missing.length === 0) return
  const where = engine.db.idsIn('id', missing)
  for (const r of await engine.db.all<{ id: number; tokens: string }>(`SELECT id, tokens FROM process_markings WHERE ${where.sql}`, where.params))
    markings.set(String(r.id), { id: String(r.id), marking: JSON.parse(r.tokens) as Marking })
  if (markings.size > 20_000) markings.clear()
}

interface Row { id: number; version: string; program: string | null; entity: string; record_id: number; marking_id: number; vars: string; rev: number; ended: number | null; suspended_at: number | null }
/** Running instances, locked for this transaction where the database can. */
export async function loadInstances(engine: Engine, catalogue: ProcessCatalogue, by: { def: EntityDef; records: string[] } | { ids: string[] }): Promise<Instance[]> {
  const lock = engine.db.dialect.name === 'mysql' && engine.db.inTx() ? ' FOR UPDATE' : ''
  const out: Instance[] = []
  const markings = markingsIn(engine)
  const list = 'def' in by ? by.records : by.ids
  for (let i = 0; i < list.length; i += 2000) {
    const where = engine.db.idsIn('def' in by ? 'record_id' : 'id', list.slice(i, i + 2000))
    const scope = 'def' in by ? { sql: 'entity = ? AND ', params: [by.def.id] } : { sql: '', params: [] }
    const rows = await engine.db.all<Row>(`SELECT id, version, program, entity, record_id, marking_id, vars, rev, ended, suspended_at FROM process_instances WHERE ${scope.sql}${where.sql}${lock}`, [...scope.params, ...where.params])
    await markingsOf(engine, rows.map((r) => String(r.marking_id)))
    for (const r of rows) {
      let found = markings.get(String(r.marking_id))
      if (!found) { await markingsOf(engine, [String(r.marking_id)]); found = markings.get(String(r.marking_id))! }
      out.push({ id: String(r.id), record: String(r.record_id), entity: r.entity, programme: r.program ?? '', process: await catalogue.version(r.version), state: { marking: found.marking, variables: JSON.parse(r.vars) as Record<string, unknown> }, rev: Number(r.rev), ended: r.ended !== null, fresh: false, suspended: r.suspended_at === null ? null : Number(r.suspended_at) })
    }
  }
  return out
}

const SET = 2_000
/** Those that come to stand alike are moved by one statement per set; variables of their own need a statement each. */
async function moveInstances(engine: Engine, moved: { id: string; rev: number; values: SqlValue[] }[]): Promise<void> {
  const alike = new Map<string, typeof moved>()
  for (const m of moved) {
    const key = JSON.stringify([m.rev, m.values])
    const known = alike.get(key)
    if (known) known.push(m)
    else alike.set(key, [m])
  }
  const single: typeof moved = []
  for (const list of alike.values()) {
    if (list.length === 1) { single.push(list[0]!); continue }
    const { rev, values } = list[0]!
    for (let i = 0; i < list.length; i += SET) {
      const where = engine.db.idsIn('id', list.slice(i, i + SET).map((m) => m.id))
      await engine.db.run(`UPDATE process_instances SET marking_id = ?, vars = ?, ended = ?, rev = ? WHERE ${where.sql}`, [...values, rev, ...where.params])
    }
  }
  await updateMany(engine.db, 'process_instances', ['marking_id', 'vars', 'ended', 'rev'], single.map((m) => ({ id: m.id, values: [...m.values, m.rev] })))
}

/** New instances are inserted, others updated by compare-and-swap on rev; answers those that lost. */
export async function saveInstances(engine: Engine, now: number, instances: Instance[]): Promise<void> {
  if (instances.length === 0) return
  const ids = await internMarkings(engine, instances.map((i) => ({ version: i.process.version, marking: i.state.marking })))
  const row = (i: Instance, n: number) => ({ i, marking: ids[n]!, ended: i.state.marking.ended ? now : null })
  const rows = instances.map(row)
  await engine.db.insertMany('process_instances', ['id', 'process', 'version', 'program', 'entity', 'record_id', 'marking_id', 'vars', 'rev', 'started_at', 'ended'],
    rows.filter((r) => r.i.fresh).map((r) => [Number(r.i.id), r.i.process.id, r.i.process.version, r.i.programme, r.i.entity, Number(r.i.record), Number(r.marking), JSON.stringify(r.i.state.variables), 1, now, r.ended]))
  await moveInstances(engine, rows.filter((r) => !r.i.fresh).map((r) => ({ id: r.i.id, rev: r.i.rev + 1, values: [Number(r.marking), JSON.stringify(r.i.state.variables), r.ended] })))
  for (const i of instances) { if (!i.fresh) i.rev += 1; i.fresh = false; i.ended = i.state.marking.ended === true }
}
