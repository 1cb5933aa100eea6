import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { factsFor } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { waits, type Effect } from './core/index.ts'
import type { ProcessRuntime } from './runtime.ts'
import { stepTo } from './step-to.ts'
import { evaluatorFor } from './store/evaluate.ts'
import { loadInstances, saveInstances } from './store/instances.store.ts'
import { writeEffects } from './store/write-effects.store.ts'

/**
 * Puts a record's process where it stands at a status, without doing what lies on the way (no messages, no operations).
 * For seeds and fixtures: what they show is always a state that the process can be in.
 */
export async function placeAt(runtime: ProcessRuntime, call: Call, def: EntityDef, id: string, status: string): Promise<void> {
  const { db } = runtime.engine
  const [instance] = await loadInstances(runtime.engine, runtime.catalogue, { def, records: [id] })
  if (!instance) throw new Error(`${def.id} ${id} has no process to bring it to ${status}`)
  const current = await db.one<{ status: string | null }>(`SELECT status FROM ${def.table} WHERE id = ?`, [Number(id)])
  if (current?.status === status) return
  const loader = factsFor(runtime.engine, call)
  const { compiled } = instance.process
  const state = await loader.settle(() => stepTo(compiled, instance.state, status, evaluatorFor(loader, def, id)))
  if (!state) throw new Error(`${def.id}: no way of its process leads to ${status}`)
  instance.state = state
  await saveInstances(runtime.engine, call.now, [instance])
  for (const [table, column] of [['tasks', 'completed_at'], ['timers', 'fired_at']]) await db.run(`UPDATE ${table} SET ${column} = ? WHERE instance_id = ? AND ${column} IS NULL`, [call.now, Number(instance.id)])
  const effects = waits(compiled, state).flatMap((w): Effect[] => {
    if (w.kind === 'task') return [{ kind: 'createTask', token: w.token, element: w.element }]
    const timer = compiled.elements[w.element]?.timer
    return w.kind === 'timer' && timer ? [{ kind: 'armTimer', token: w.token, element: w.element, timer: timer.kind, expr: timer.expr }] : []
  })
  await writeEffects(runtime, call, loader, def, [{ instance, effects: [...effects, { kind: 'status', value: status }], renumbered: [] }])
}
