import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { writeHistory } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import { advance, type Move } from '../advance.ts'
import { waits } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { loadInstances, type Instance } from '../store/instances.store.ts'

export const SUSPENDED = '流程已暂停，恢复后才能办理'

/** People, timers, messages and signals wait; what already runs in the background comes to rest. False when it was suspended already. */
export async function suspend(runtime: ProcessRuntime, call: Call, def: EntityDef, instance: Instance, comment: string | undefined): Promise<boolean> {
  const done = await runtime.engine.db.run('UPDATE process_instances SET suspended_at = ? WHERE id = ? AND suspended_at IS NULL AND ended IS NULL', [call.now, Number(instance.id)])
  if (done.changes === 0) return false
  instance.suspended = call.now
  await writeHistory(runtime.engine, call, [{ def, id: instance.record, note: { kind: 'move', instance: instance.id, outcome: 'suspend', ...(comment ? { comment } : {}) } }])
  return true
}

interface HeldRow { id: number; kind: 'message' | 'signal'; name: string }
/** Goes on: what came meanwhile is taken up in its order; timers that fell due fire with the next round of timers. */
export async function resume(runtime: ProcessRuntime, call: Call, def: EntityDef, instance: Instance, comment: string | undefined): Promise<boolean> {
  const { db } = runtime.engine
  const done = await db.run('UPDATE process_instances SET suspended_at = NULL WHERE id = ? AND suspended_at IS NOT NULL', [Number(instance.id)])
  if (done.changes === 0) return false
  await writeHistory(runtime.engine, call, [{ def, id: instance.record, note: { kind: 'move', instance: instance.id, outcome: 'resume', ...(comment ? { comment } : {}) } }])
  const held = await db.all<HeldRow>('SELECT id, kind, name FROM process_held WHERE instance_id = ? ORDER BY id', [Number(instance.id)])
  const system = runtime.systemCall(call.programme.id, call.now)
  for (const row of held) await deliverHeld(runtime, system, def, instance.id, row)
  await db.run('DELETE FROM process_held WHERE instance_id = ?', [Number(instance.id)])
  const [fresh] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [instance.id] })
  if (fresh && !fresh.ended && waits(fresh.process.compiled, fresh.state).some((w) => w.kind === 'conditional')) await advance(runtime, system, def, [{ instance: fresh, event: { kind: 'changed' } }])
  return true
}

async function deliverHeld(runtime: ProcessRuntime, call: Call, def: EntityDef, id: string, row: HeldRow): Promise<void> {
  const [instance] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [id] })
  const wait = instance && !instance.ended ? waits(instance.process.compiled, instance.state).find((w) => w.kind === row.kind && w.name === row.name) : undefined
  if (!instance || !wait) return
  const event: Move['event'] = row.kind === 'message' ? { kind: 'message', name: row.name, token: wait.token, input: {} } : { kind: 'signal', name: row.name }
  await advance(runtime, call, def, [{ instance, event, note: { kind: row.kind, element: wait.element, outcome: row.name } }])
}

/** Splits off what is meant for suspended instances: it is kept until they go on. */
export async function holdBack<T extends { instance: Instance }>(runtime: ProcessRuntime, now: number, kind: 'message' | 'signal', name: string, meant: T[]): Promise<T[]> {
  const held = meant.filter((m) => m.instance.suspended)
  if (held.length === 0) return meant
  await runtime.engine.db.insertMany('process_held', ['id', 'instance_id', 'kind', 'name', 'at'], held.map((m) => [Number(runtime.engine.ids.next()), Number(m.instance.id), kind, name, now]))
  return meant.filter((m) => !m.instance.suspended)
}
