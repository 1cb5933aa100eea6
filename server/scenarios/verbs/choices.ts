import type { JsonObject, ScenarioStep } from '../../runtime/definitions/index.ts'
import type { Outcome } from '../expect.ts'
import { entityOf, refOf, resolve, type World } from '../world.ts'
import { named, personOf, refusal, servicesOf } from './ask.ts'

/** What a reference offers in a form, the dialog of a button (`button`) or the parameters of an import (`entity.import`). */
export async function choose(w: World, step: ScenarioStep): Promise<Outcome> {
  const text = String(step.target.choose)
  const ref = text.startsWith('$') ? refOf(w, text) : null
  const whole = ref ? null : w.core.registry.findEntity(w.programme, text)
  const [entity, im] = ref ? [ref.entity, undefined] : whole ? [whole.id, undefined] : named(text)
  const data = (await resolve(w, step.data ?? {})) as JsonObject
  const more = { ...(ref ? { id: ref.id, ids: [ref.id] } : {}), ...(im ? { import: im } : {}), ...(typeof step.raw['button'] === 'string' ? { button: step.raw['button'] } : {}) }
  const r = await servicesOf(w).references(personOf(w), { entity: entityOf(w, entity).id, path: String(step.raw['field']), data, ...more, ...(typeof step.raw['search'] === 'string' ? { search: step.raw['search'] } : {}) })
  return r.ok ? { count: r.options.length, rows: r.options.map((o) => o.label) } : refusal(r)
}

/** Takes records into new ones as the button on a selection does; `errors` by the place of the record in `on`. */
export async function pick(w: World, step: ScenarioStep): Promise<Outcome> {
  const [entity, id] = named(String(step.target.pick))
  const refs = (Array.isArray(step.on) ? step.on : [step.on]).map((x) => refOf(w, String(x)))
  const ids = refs.map((r) => r.id)
  const r = await servicesOf(w).act(personOf(w), entityOf(w, entity).id, { button: `import:${id}`, ids, input: (await resolve(w, step.params ?? {})) as JsonObject })
  if (!r.ok) return refusal(r)
  return { ok: r.done, failed: r.refused.length, made: r.made ?? 0, errors: Object.fromEntries(r.refused.map((x) => [String(ids.indexOf(x.id) + 1), x.problems.map((p) => p.message)])) }
}
