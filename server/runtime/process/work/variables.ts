import { writeHistory } from '#server/runtime/records/index.ts'
import type { Json } from '#server/platform/json.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { saveInstances, type Instance } from '../store/instances.store.ts'
import type { IncidentResult } from './incidents.ts'
import { openIncidentOf, refused } from './open-incident.ts'

/** Names that a process maps to variables with certflow:output; nothing else may be set by hand. */
export const variableNames = (instance: Instance): string[] => [...new Set(Object.values(instance.process.compiled.elements).flatMap((e) => e.outputs.map((o) => o.name)))]
/** What they hold now; null where nothing was put there yet. */
export const variablesOf = (instance: Instance): Record<string, Json> => Object.fromEntries(variableNames(instance).map((name) => [name, (instance.state.variables[name] ?? null) as Json]))

/** Corrects variables of the instance that an incident stopped; old and new values and the reason stay in the history. */
export async function editVariables(runtime: ProcessRuntime, call: Call, id: string, values: Record<string, Json>, reason: string): Promise<IncidentResult> {
  if (!reason.trim()) return refused('REASON_REQUIRED', '请填写修改的原因')
  const { engine } = runtime
  return engine.db.tx(async () => {
    const open = await openIncidentOf(runtime, call, id)
    if (!open.ok) return open
    const { incident, instance } = open
    if (!instance || instance.ended) return refused('NOT_FOUND', '流程已不存在或已结束')
    const known = variableNames(instance)
    const odd = Object.keys(values).find((name) => !known.includes(name))
    if (odd !== undefined) return refused('UNKNOWN_VARIABLE', `流程没有变量“${odd}”，可修改的变量：${known.join('、') || '无'}`)
    const before = variablesOf(instance)
    const changes = Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)).map(([name, value]) => [`$${name}`, [before[name] ?? null, value] as [Json, Json]]))
    if (Object.keys(changes).length === 0) return refused('NOTHING_CHANGED', '没有修改任何变量')
    instance.state = { ...instance.state, variables: { ...instance.state.variables, ...values } }
    await saveInstances(engine, call.now, [instance])
    const def = engine.registry.entity(call.programme.id, instance.entity)
    await writeHistory(engine, call, [{ def, id: instance.record, note: { kind: 'variables', instance: instance.id, comment: reason.trim(), changes, ...(incident.element ? { element: incident.element } : {}) } }])
    return { ok: true }
  })
}
