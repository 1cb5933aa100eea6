import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { factsFor, feelToJson } from '#server/runtime/records/index.ts'
import type { OperationOutcome } from '../contracts.ts'
import type { Call } from '../context.ts'
import { advance, type Move } from './advance.ts'
import { waits } from './core/index.ts'
import type { ProcessRuntime } from './runtime.ts'
import { evaluatorFor } from './store/evaluate.ts'
import { loadInstances } from './store/instances.store.ts'

export interface OperationPayload { operation: string; element: string; entity: string; programme: string; actor: string | null; items: { instance: string; token: number }[] }
export type RunOperation = (id: string, inputs: { key: string; input: Record<string, unknown> }[], call: Call) => Promise<OperationOutcome[]>

/**
 * One job: the inputs of a set of waiting tokens, the operation itself outside any transaction, then the results as steps.
 * Repeating it is harmless: tokens that no longer wait are left out, and the operation is idempotent by key.
 */
export async function runOperation(runtime: ProcessRuntime, payload: OperationPayload, run: RunOperation, now: number): Promise<{ done: number; failed: number }> {
  const call = runtime.systemCall(payload.programme, now)
  const def = runtime.engine.registry.entity(payload.programme, payload.entity)
  const waiting = await stillWaiting(runtime, payload)
  if (waiting.length === 0) return { done: 0, failed: 0 }
  const inputs = await inputsOf(runtime, call, def, payload, waiting)
  const outcomes = await run(payload.operation, inputs, call)
  return runtime.engine.db.tx(async () => {
    const again = await stillWaiting(runtime, payload)
    const moves = again.flatMap((w): Move[] => {
      const at = waiting.findIndex((x) => x.instance.id === w.instance.id && x.token === w.token)
      const o = outcomes[at]
      if (!o) return []
      return [{ instance: w.instance, event: { kind: 'operationResult', token: w.token, ...(o.ok ? { output: o.output } : { error: o.error }) }, note: { kind: 'operation', element: payload.element, outcome: o.ok ? 'done' : 'failed', ...(o.ok ? {} : { comment: o.error.message }) } }]
    })
    await advance(runtime, call, def, moves)
    return { done: outcomes.filter((o) => o.ok).length, failed: outcomes.filter((o) => !o.ok).length }
  })
}

async function stillWaiting(runtime: ProcessRuntime, payload: OperationPayload) {
  const instances = await loadInstances(runtime.engine, runtime.catalogue, { ids: payload.items.map((i) => i.instance) })
  return payload.items.flatMap((item) => {
    const instance = instances.find((i) => i.id === item.instance)
    const open = instance && !instance.ended && waits(instance.process.compiled, instance.state).some((w) => w.kind === 'operation' && w.token === item.token && w.element === payload.element)
    return open ? [{ instance, token: item.token }] : []
  })
}

async function inputsOf(runtime: ProcessRuntime, call: Call, def: EntityDef, payload: OperationPayload, waiting: Awaited<ReturnType<typeof stillWaiting>>) {
  const loader = factsFor(runtime.engine, call)
  return loader.settleAll(waiting, ({ instance, token }) => {
    const evaluate = evaluatorFor(loader, def, instance.record)
    const el = instance.process.compiled.elements[payload.element]!
    const input = Object.fromEntries(el.inputs.map((i) => [i.name, evaluate(i.expr, instance.state.variables)]))
    return { key: `${instance.id}/${token}/${payload.element}/${instance.rev}`, input }
  })
}
export { feelToJson }
