import type { Call } from '../../context.ts'
import { advance } from '../advance.ts'
import { incidents as stuckTokens, type CoreEvent } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { closeCalls } from '../store/calls.store.ts'
import { findIncidents, resolveIncident, type Incident } from '../store/incidents.store.ts'
import type { Instance } from '../store/instances.store.ts'
import { openIncidentOf, refused, type IncidentRefusal } from './open-incident.ts'

export type { Incident } from '../store/incidents.store.ts'
export type IncidentResult = { ok: true } | IncidentRefusal

/** Incidents of the caller's programme; whether the caller may see them is the caller's business. */
export const listIncidents = (runtime: ProcessRuntime, call: Call, options: { resolved?: boolean; record?: string; before?: string; limit?: number; offset?: number } = {}): Promise<Incident[]> =>
  findIncidents(runtime.engine, call.programme.id, options)

/** Does again what failed, in one transaction. The caller has the right to. */
export const retryIncident = (runtime: ProcessRuntime, call: Call, id: string): Promise<IncidentResult> => settle(runtime, call, id, 'retry')

/** Goes on as if it had succeeded with nothing to show; only where one way leads on. A reason is required and stays in the history. */
export async function skipIncident(runtime: ProcessRuntime, call: Call, id: string, reason: string): Promise<IncidentResult> {
  if (!reason.trim()) return refused('REASON_REQUIRED', '请填写跳过的原因')
  return settle(runtime, call, id, 'skip', reason.trim())
}

/** Whether one way leads on from where it stopped, so that it may be skipped. */
export function isSkippable(instance: Instance, incident: Incident): boolean {
  const stuck = stuckTokens(instance.state).find((t) => t.token === incident.token)
  return stuck !== undefined && passing(stuck) !== null
}

async function settle(runtime: ProcessRuntime, call: Call, id: string, how: 'retry' | 'skip', comment?: string): Promise<IncidentResult> {
  const { engine } = runtime
  return engine.db.tx(async () => {
    const open = await openIncidentOf(runtime, call, id)
    if (!open.ok) return open
    const { incident, instance } = open
    if (!instance) return refused('NOT_FOUND', '流程已不存在')
    const def = engine.registry.entity(call.programme.id, instance.entity)
    const stuck = stuckTokens(instance.state).find((t) => t.token === incident.token)
    if (!stuck) {
      if (how === 'skip' && incident.code === 'timerFailed') return refused('NOT_AVAILABLE', '此步骤不能跳过，请排除原因后重试')
      // a timer: it is due again at once; anything else has been left behind by now
      await engine.db.run('UPDATE timers SET lease_until = NULL WHERE instance_id = ? AND element = ? AND fired_at IS NULL', [Number(incident.instance), incident.element ?? ''])
      await resolveIncident(engine, id, call.now, call.actor.userId)
      return { ok: true }
    }
    const event = how === 'retry' ? { kind: 'retry', token: stuck.token } as const : passing(stuck)
    if (!event) return refused('NOT_AVAILABLE', '此步骤没有唯一的后续，不能跳过，请排除原因后重试')
    await resolveIncident(engine, id, call.now, call.actor.userId)
    if (how === 'skip') await closeCalls(engine, [{ instance, token: stuck.token, element: incident.element ?? stuck.at }])
    const [moved] = await advance(runtime, call, def, [{ instance, event, note: { kind: 'incident', outcome: how, ...(incident.element ? { element: incident.element } : {}), ...(comment ? { comment } : {}) } }])
    if (moved?.refusal) throw new Error(`incident ${id}: ${moved.refusal.message}`)
    return { ok: true }
  })
}

function passing(stuck: { token: number; phase: string }): CoreEvent | null {
  if (stuck.phase === 'failed') return { kind: 'operationResult', token: stuck.token, output: {} }
  if (stuck.phase === 'done' || stuck.phase === 'flow') return { kind: 'effectDone', token: stuck.token, result: {} }
  return null
}
