import type { FormTarget, FormView } from '#server/services.ts'
import { own } from '#server/platform/json.ts'
import type { EntityDef, JsonObject } from '#server/runtime/definitions/index.ts'
import { asksChoice, candidatesFor, offersFor } from '#server/runtime/process/index.ts'
import { factsFor, visibleIds } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { isId, word, type ViewParts } from './parts.ts'

/** The dialog of a move that asks whom or where to; null when the button is another. */
export async function moveForm(parts: ViewParts, call: Call, def: EntityDef, target: FormTarget): Promise<FormView | null> {
  const button = target.button ?? ''
  const [id] = (target.ids ?? (target.id ? [target.id] : [])).filter(isId)
  if (id === undefined || own(def.form.actions, button)) return null
  const loader = factsFor(parts.core.engine, call)
  if (!(await visibleIds(call, loader, def, [id])).has(id)) return null
  const offer = (await offersFor(parts.core.processes, call, loader, def, [id])).get(id)?.find((o) => o.id === button)
  if (!offer || !asksChoice(offer)) return null
  const { lang } = call.actor
  const choices = offer.choices ?? (await candidatesFor(parts.core.processes, call, loader, def, offer)).map((p) => ({ id: p.id, title: p.name }))
  const options = choices.map((c) => ({ const: c.id, title: c.title }))
  const many = offer.verb === 'sign-before' || offer.verb === 'sign-after'
  const name = offer.choices ? 'to' : many ? 'people' : 'person'
  const title = offer.choices ? word(lang, '目标步骤', 'Step') : many ? word(lang, '加签人', 'Who signs') : word(lang, '办理人', 'Who')
  const one: JsonObject = options.length > 0 ? { type: 'string', oneOf: options } : { type: 'string', enum: [] }
  const property: JsonObject = many ? { type: 'array', title, items: one, uniqueItems: true, minItems: 1 } : { ...one, title }
  return {
    entity: def.id, id, title: offer.title, schema: { type: 'object', properties: { [name]: property }, required: [name] }, uiSchema: {}, data: {}, labels: {}, live: [], buttons: [],
    ...(choices.length === 0 ? { notes: word(lang, '没有可选的人员', 'There is nobody to choose') } : {}),
  }
}
