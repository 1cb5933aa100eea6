import { isOutage } from '#server/platform/errors.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { factsFor } from '#server/runtime/records/index.ts'
import type { OperationOutcome } from '../contracts.ts'
import type { Call } from '../context.ts'
import { advance, type Move } from './advance.ts'
import { namesOfToken, waits } from './core/index.ts'
import type { ProcessRuntime } from './runtime.ts'
import { closeCalls, openCalls, stillOpen, type OpenCall } from './store/calls.store.ts'
import { evaluatorFor } from './store/evaluate.ts'
import { loadInstances, type Instance } from './store/instances.store.ts'

export interface OperationPayload { operation: string; element: string; /** what people call the step */ title?: string; entity: string; programme: string; actor: string | null; items: { instance: string; token: number; call: string }[] }
export type RunOperation = (id: string, inputs: { key: string; input: Record<string, unknown> }[], call: Call) => Promise<OperationOutcome[]>
interface Waiting { instance: Instance; open: OpenCall }

/**
 * One job: the inputs of a set of waiting tokens, the operation itself outside any transaction, then the results as steps.
 * Repeating it is harmless: tokens that no longer wait for this very call are left out, and the operation is idempotent by key.
 * `last` = there is no further attempt: what throws becomes an incident instead of a job that failed unseen.
 */
export async function runOperation(runtime: ProcessRuntime, payload: OperationPayload, run: RunOperation, now: number, last = false): Promise<{ done: number; failed: number }> {
  const call = runtime.systemCall(payload.programme, now)
  const def = runtime.engine.registry.entity(payload.programme, payload.entity)
  const waiting = await stillWaiting(runtime, payload)
  if (waiting.length === 0) return { done: 0, failed: 0 }
  const outcomes = await outcomesOf(runtime, call, def, payload, waiting, run, last)
  return runtime.engine.db.tx(async () => {
    const again = await stillWaiting(runtime, payload)
    const moves: Move[] = []
    const answered: Waiting[] = []
    const failed: Waiting[] = []
    for (const w of again) {
      const o = outcomes[waiting.findIndex((x) => x.open.call === w.open.call)]
      if (!o) continue
      ;(o.ok ? answered : failed).push(w)
      moves.push({ instance: w.instance, event: { kind: 'operationResult', token: w.open.token, ...(o.ok ? { output: o.output } : { error: o.error }) }, note: { kind: 'operation', element: payload.element, outcome: o.ok ? 'done' : 'failed', ...(o.ok ? {} : { comment: o.error.message }) } })
    }
    // before the step: the way on may lead to the same element again
    const held = (w: Waiting) => ({ instance: w.instance, token: w.open.token, element: payload.element })
    await closeCalls(runtime.engine, answered.map(held))
    // this call is over, the work and its key are not: a retry is a new call of the same work
    await openCalls(runtime.engine, now, failed.map(held))
    await advance(runtime, call, def, moves)
    return { done: outcomes.filter((o) => o.ok).length, failed: outcomes.filter((o) => !o.ok).length }
  })
}

async function outcomesOf(runtime: ProcessRuntime, call: Call, def: EntityDef, payload: OperationPayload, waiting: Waiting[], run: RunOperation, last: boolean): Promise<OperationOutcome[]> {
  try {
    return await run(payload.operation, await inputsOf(runtime, call, def, payload, waiting), call)
  } catch (error) {
    if (!last || isOutage(error)) throw error
    return waiting.map(() => ({ ok: false, error: { code: 'OPERATION_FAILED', message: error instanceof Error ? error.message : String(error) } }))
  }
}

async function stillWaiting(runtime: ProcessRuntime, payload: OperationPayload): Promise<Waiting[]> {
  const instances = new Map((await loadInstances(runtime.engine, runtime.catalogue, { ids: payload.items.map((i) => i.instance) })).map((i) => [i.id, i]))
  const open = await stillOpen(runtime.engine, payload.items.map((i) => i.call))
  return payload.items.flatMap((item): Waiting[] => {
    const instance = instances.get(item.instance)
    const call = open.get(item.call)
    if (!instance || instance.ended || !call) return []
    return waits(instance.process.compiled, instance.state).some((w) => w.kind === 'operation' && w.token === call.token && w.element === payload.element) ? [{ instance, open: call }] : []
  })
}

async function inputsOf(runtime: ProcessRuntime, call: Call, def: EntityDef, payload: OperationPayload, waiting: Waiting[]) {
  const loader = factsFor(runtime.engine, call)
  return loader.settleAll(waiting, ({ instance, open }) => {
    const evaluate = evaluatorFor(loader, def, instance.record)
    const el = instance.process.compiled.elements[payload.element]!
    return { key: open.key, input: Object.fromEntries(el.inputs.map((i) => [i.name, evaluate(i.expr, namesOfToken(instance.state, open.token))])) }
  })
}
