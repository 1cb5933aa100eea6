import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { fillMessage, isRow, recordScope, say, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { feelNames } from '../store/evaluate.ts'
import type { Instance } from '../store/instances.store.ts'

/** Send tasks: `to` names users, organisations (all their users) or an address; the text comes from the family's texts. */
export async function sendAll(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, sends: { instance: Instance; element: string; names?: Record<string, unknown> }[]): Promise<void> {
  const { registry, programme } = loader.context
  for (const s of sends) {
    const el = s.instance.process.compiled.elements[s.element]!
    const names: Record<string, FeelValue> = { record: { $: 'row', entity: def.id, id: s.instance.record }, item: null, old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null, ...feelNames(s.names ?? {}) }
    const to = el.to ? await loader.settle(() => registry.expression(programme.id, el.to!, recordScope(def)).evaluate(loader.scope(names))) : null
    const list = (Array.isArray(to) ? to : [to]).filter((v) => v !== null)
    const users = list.filter(isRow).filter((r) => r.entity === 'core/user').map((r) => r.id)
    const roles = list.filter(isRow).filter((r) => r.entity === 'core/organisation').map((r) => ({ role: '', org: r.id }))
    const addresses = list.filter((v): v is string => typeof v === 'string')
    const text = programme.texts[el.text ?? ''] ?? { zh: el.name || el.text || '' }
    const title = say(programme.texts[`${el.text ?? ''}.subject`] ?? { zh: el.name || def.title.zh }, call.actor.lang)
    const body = await loader.settle(() => fillMessage(loader, def, text, names, call.actor.lang))
    await runtime.notify({ call, to: { users, roles, addresses }, channels: el.channel ?? ['portal'], title, body, entity: def.id, record: s.instance.record, key: `${s.instance.id}/${s.element}/${s.instance.rev}${s.names?.['loopCounter'] === undefined ? '' : `/${String(s.names['loopCounter'])}`}` })
  }
}
