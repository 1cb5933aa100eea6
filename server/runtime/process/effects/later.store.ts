import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import type { Effect } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { closeCalls, openCalls } from '../store/calls.store.ts'
import { stageRows } from '../store/staged.store.ts'
import type { Instance } from '../store/instances.store.ts'
import { titled } from '../step-title.ts'

export interface LaterPayload { call: string; programme: string; entity: string; /** what people call the step */ title?: string }
/** What the job has to know; rows of an operation's output stand in the staging table, not here. */
export interface LaterDetail { element: string; from: number; made: Record<string, unknown>; names: Record<string, unknown>; staged: Record<string, string>; now: number; actor: { user: string; role: string } }

const LONG = 1000
const STAGE = 10_000
type Apply = Extract<Effect, { kind: 'apply' }>

/** The token waits; a job works through the effects from `from` on, batch by batch. */
export async function startLater(runtime: ProcessRuntime, call: Call, def: EntityDef, instance: Instance, effect: Apply, from: number, made: Record<string, unknown>): Promise<void> {
  const { engine } = runtime
  const { names, long } = withoutLong(effect.names)
  const staged = Object.fromEntries([...long.keys()].map((path, i) => [path, `names${i}`]))
  const detail: LaterDetail = { element: effect.element, from, made, names, staged, now: call.now, actor: { user: call.actor.userId, role: call.actor.role } }
  await closeCalls(engine, [{ instance, token: effect.token, element: effect.element }])
  const [opened] = await openCalls(engine, call.now, [{ instance, token: effect.token, element: effect.element, detail }])
  for (const [path, rows] of long) for (let i = 0; i < rows.length; i += STAGE) await stageRows(engine, opened!.call, staged[path]!, i, rows.slice(i, i + STAGE).map((data) => ({ data })))
  await runtime.enqueue('process.effect', { call: opened!.call, programme: call.programme.id, entity: def.id, ...titled(instance.process.compiled, effect.element) } satisfies LaterPayload, { key: `effect/${opened!.call}`, createdBy: call.actor.userId || null, org: call.actor.orgId })
}

/** Long lists among the names ("output.rows") are taken out. */
function withoutLong(names: Record<string, unknown>): { names: Record<string, unknown>; long: Map<string, unknown[]> } {
  const long = new Map<string, unknown[]>()
  const out = Object.fromEntries(Object.entries(names).map(([name, value]) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return [name, value]
    return [name, Object.fromEntries(Object.entries(value).flatMap(([k, v]) => { if (!Array.isArray(v) || v.length <= LONG) return [[k, v]]; long.set(`${name}.${k}`, v); return [] }))]
  }))
  return { names: out, long }
}
