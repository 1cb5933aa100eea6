import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import { updateMany } from '#server/runtime/records/index.ts'
import { waits, type Marking, type State, type Wait } from '../core/index.ts'
import type { ProcessCatalogue, VersionedProcess } from './catalogue.ts'
import { internMarkings, markingsOf } from './intern.store.ts'

/** `state` is never changed, only replaced: instances of a set that stand alike share it. */
export interface Instance { id: string; record: string; entity: string; programme: string; process: VersionedProcess; state: State; rev: number; ended: boolean; fresh: boolean; /** since when it is suspended */ suspended?: number | null }

interface Row { id: number; version: string; program: string | null; entity: string; record_id: number; marking_id: number; vars: string; rev: number; ended: number | null; suspended_at: number | null }
const CHUNK = 2_000

/** Running instances, locked for this transaction where the database can. */
export async function loadInstances(engine: Engine, catalogue: ProcessCatalogue, by: { def: EntityDef; records: string[] } | { ids: string[] }): Promise<Instance[]> {
  const lock = engine.db.dialect.name === 'mysql' && engine.db.inTx() ? ' FOR UPDATE' : ''
  const out: Instance[] = []
  const alike = new Map<string, { process: VersionedProcess; state: State }>()
  const list = 'def' in by ? by.records : by.ids
  for (let i = 0; i < list.length; i += CHUNK) {
    const where = engine.db.idsIn('def' in by ? 'record_id' : 'id', list.slice(i, i + CHUNK))
    const scope = 'def' in by ? { sql: 'entity = ? AND ', params: [by.def.id] } : { sql: '', params: [] }
    const rows = await engine.db.all<Row>(`SELECT id, version, program, entity, record_id, marking_id, vars, rev, ended, suspended_at FROM process_instances WHERE ${scope.sql}${where.sql}${lock}`, [...scope.params, ...where.params])
    const markings = await markingsOf(engine, rows.map((r) => String(r.marking_id)))
    for (const r of rows) {
      const key = `${r.version}|${r.marking_id}|${r.vars}`
      let known = alike.get(key)
      if (!known) alike.set(key, (known = { process: catalogue.known(r.version) ?? await catalogue.version(r.version), state: { marking: markings.get(String(r.marking_id))!, variables: JSON.parse(r.vars) as Record<string, unknown> } }))
      out.push({ id: String(r.id), record: String(r.record_id), entity: r.entity, programme: r.program ?? '', process: known.process, state: known.state, rev: Number(r.rev), ended: r.ended !== null, fresh: false, suspended: r.suspended_at === null ? null : Number(r.suspended_at) })
    }
  }
  return out
}

const waiting = new WeakMap<Marking, Wait[]>()
/** What an instance waits for: follows from its marking alone, and interned ones are kept. */
export function waitsOf(instance: Pick<Instance, 'process' | 'state'>): Wait[] {
  let known = waiting.get(instance.state.marking)
  if (!known) waiting.set(instance.state.marking, (known = waits(instance.process.compiled, instance.state)))
  return known
}

interface Moved { id: string; rev: number; values: [marking: SqlValue, vars: string, ended: SqlValue] }
/** Those that come to stand alike are moved by one statement per set; variables of their own need a statement each. */
async function moveInstances(engine: Engine, moved: Moved[]): Promise<void> {
  if (moved.length === 1) return moveApart(engine, moved)
  const alike = new Map<string, Moved[]>()
  for (const m of moved) {
    const key = `${m.rev}|${m.values.join('|')}`
    const known = alike.get(key)
    if (known) known.push(m)
    else alike.set(key, [m])
  }
  const single: Moved[] = []
  for (const list of alike.values()) {
    if (list.length === 1) { single.push(list[0]!); continue }
    const { rev, values } = list[0]!
    for (let i = 0; i < list.length; i += CHUNK) {
      const where = engine.db.idsIn('id', list.slice(i, i + CHUNK).map((m) => m.id))
      await engine.db.run(`UPDATE process_instances SET marking_id = ?, vars = ?, ended = ?, rev = ? WHERE ${where.sql}`, [...values, rev, ...where.params])
    }
  }
  await moveApart(engine, single)
}
const moveApart = (engine: Engine, moved: Moved[]): Promise<void> =>
  updateMany(engine.db, 'process_instances', ['marking_id', 'vars', 'ended', 'rev'], moved.map((m) => ({ id: m.id, values: [...m.values, m.rev] })))

/** New instances are inserted, others updated in the transaction that has loaded them. */
export async function saveInstances(engine: Engine, now: number, instances: Instance[]): Promise<void> {
  if (instances.length === 0) return
  const ids = await internMarkings(engine, instances.map((i) => ({ version: i.process.version, marking: i.state.marking })))
  const texts = new Map<State, string>()
  const varsOf = (state: State): string => { let text = texts.get(state); if (text === undefined) texts.set(state, (text = JSON.stringify(state.variables))); return text }
  const fresh: SqlValue[][] = []
  const moved: Moved[] = []
  instances.forEach((i, n) => {
    const [marking, vars, ended] = [Number(ids[n]), varsOf(i.state), i.state.marking.ended ? now : null]
    if (i.fresh) fresh.push([Number(i.id), i.process.id, i.process.version, i.programme, i.entity, Number(i.record), marking, vars, 1, now, ended])
    else moved.push({ id: i.id, rev: i.rev + 1, values: [marking, vars, ended] })
  })
  if (fresh.length) await engine.db.insertMany('process_instances', ['id', 'process', 'version', 'program', 'entity', 'record_id', 'marking_id', 'vars', 'rev', 'started_at', 'ended'], fresh)
  if (moved.length) await moveInstances(engine, moved)
  for (const i of instances) { if (!i.fresh) i.rev += 1; i.fresh = false; i.ended = i.state.marking.ended === true }
}
