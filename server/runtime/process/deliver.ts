import { waits } from './core/index.ts'
import { advance } from './advance.ts'
import type { MessagePayload, SignalPayload } from './effects/throw.ts'
import type { ProcessRuntime } from './runtime.ts'
import { loadInstances } from './store/instances.store.ts'
import { holdBack } from './work/suspend.ts'
import { markingsWaitingFor } from './store/markings.store.ts'

/** A thrown message reaches the records' processes; those that do not wait for it let it pass. Runs in the caller's transaction. */
export async function deliverMessage(runtime: ProcessRuntime, payload: MessagePayload, now: number): Promise<{ taken: number; passed: number }> {
  const call = runtime.systemCall(payload.programme, now)
  const def = runtime.engine.registry.entity(payload.programme, payload.entity)
  const instances = await loadInstances(runtime.engine, runtime.catalogue, { def, records: payload.records })
  const listening = instances.flatMap((i) => { const w = i.ended ? undefined : waits(i.process.compiled, i.state).find((x) => x.kind === 'message' && x.name === payload.name); return w ? [{ instance: i, wait: w }] : [] })
  const waiting = await holdBack(runtime, now, 'message', payload.name, listening)
  await advance(runtime, call, def, waiting.map(({ instance, wait }) => ({ instance, event: { kind: 'message', name: payload.name, token: wait.token, input: {} }, note: { kind: 'message', element: wait.element, outcome: payload.name } })))
  return { taken: listening.length, passed: payload.records.length - listening.length }
}

const BATCH = 500
/**
 * The next instances of the programme that listen for a signal hear it, and those begin that wait to be begun by it. Answers
 * the id to go on after, or null at the end. Runs in the caller's transaction.
 */
export async function deliverSignal(runtime: ProcessRuntime, payload: SignalPayload, now: number, after: string): Promise<{ after: string | null; taken: number }> {
  const { db, registry } = runtime.engine
  const call = runtime.systemCall(payload.programme, now)
  const markings = await markingsWaitingFor(runtime.engine, runtime.catalogue, payload.name)
  if (markings.length === 0) return { after: null, taken: 0 }
  const at = db.idsIn('marking_id', markings)
  const last = payload.upTo === undefined ? { sql: '', params: [] } : { sql: ' AND id <= ?', params: [Number(payload.upTo)] }
  const rows = await db.all<{ id: number }>(`SELECT id FROM process_instances WHERE program = ? AND ended IS NULL AND id > ?${last.sql} AND ${at.sql} ORDER BY id LIMIT ${BATCH}`, [payload.programme, Number(after), ...last.params, ...at.params])
  const hearing = (await loadInstances(runtime.engine, runtime.catalogue, { ids: rows.map((r) => String(r.id)) })).filter((i) => !i.ended && waits(i.process.compiled, i.state).some((w) => w.kind === 'signal' && w.name === payload.name))
  const instances = (await holdBack(runtime, now, 'signal', payload.name, hearing.map((instance) => ({ instance })))).map((h) => h.instance)
  for (const entity of new Set(instances.map((i) => i.entity)))
    await advance(runtime, call, registry.entity(payload.programme, entity), instances.filter((i) => i.entity === entity).map((instance) => ({ instance, event: { kind: 'signal', name: payload.name }, note: { kind: 'signal', outcome: payload.name } })))
  return { after: rows.length < BATCH ? null : String(rows.at(-1)!.id), taken: hearing.length }
}
