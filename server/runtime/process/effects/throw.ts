import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { isRow, recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'
import type { Instance } from '../store/instances.store.ts'

interface Thrown { instance: Instance; element: string; name: string }
export interface MessagePayload { programme: string; name: string; entity: string; records: string[] }
/** `upTo`: the youngest instance there was when the signal was thrown; who comes after it does not hear it */
export interface SignalPayload { programme: string; name: string; upTo?: string }
const BATCH = 200

/** Messages go to the own record's process or to the records that `certflow:to` names, signals to everybody who listens; both as jobs that commit with this step. */
export async function throwAll(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, messages: Thrown[], signals: Thrown[]): Promise<void> {
  const sets = new Map<string, { name: string; entity: string; records: string[] }>()
  const targets = await loader.settleAll(messages, (m) => targetsOf(loader, def, m))
  messages.forEach((m, i) => {
    for (const t of targets[i]!) {
      const key = `${m.name}|${t.entity}`
      const set = sets.get(key) ?? { name: m.name, entity: t.entity, records: [] }
      sets.set(key, set)
      set.records.push(t.id)
    }
  })
  const by = { createdBy: call.actor.userId || null, org: call.actor.orgId }
  for (const { name, entity, records } of sets.values()) {
    for (let i = 0; i < records.length; i += BATCH)
      await runtime.enqueue('process.message', { programme: call.programme.id, name, entity, records: records.slice(i, i + BATCH) } satisfies MessagePayload, { key: `message/${runtime.engine.ids.next()}`, ...by })
  }
  if (signals.length === 0) return
  const upTo = String((await runtime.engine.db.one<{ id: number | null }>('SELECT MAX(id) AS id FROM process_instances', []))?.id ?? 0)
  for (const name of new Set(signals.map((s) => s.name))) await runtime.enqueue('process.signal', { programme: call.programme.id, name, upTo } satisfies SignalPayload, { key: `signal/${runtime.engine.ids.next()}`, ...by })
}

function targetsOf(loader: FactLoader, def: EntityDef, m: Thrown): { entity: string; id: string }[] {
  const to = m.instance.process.compiled.elements[m.element]?.to
  const record: FeelValue = { $: 'row', entity: def.id, id: m.instance.record }
  if (!to) return [{ entity: def.id, id: m.instance.record }]
  const names = { record, item: null, old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null }
  const value = loader.context.registry.expression(loader.context.programme.id, to, recordScope(def)).evaluate(loader.scope(names))
  return (Array.isArray(value) ? value : [value]).flatMap((v) => (isRow(v) ? [{ entity: v.entity, id: v.id }] : []))
}
