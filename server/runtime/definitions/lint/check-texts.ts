import type { EntityDef, Text } from '../model.ts'
import type { FeelPlace, LintContext } from './context.ts'
import { importNames, ownNames, ruleNames } from './names.ts'

const SLOT = /\{([^{}]+)\}/g

/** `{path}` of a message is an expression of its place: an unknown one would fail when the message is needed most. */
export const checkMessage = (ctx: LintContext, text: Text | undefined, place: FeelPlace, known: string[] = []): void => {
  for (const words of new Set([text?.zh, text?.en])) {
    for (const [, slot = ''] of (words ?? '').matchAll(SLOT)) if (!known.includes(slot)) ctx.feel(slot, place)
  }
}

/** Messages of rules, keys, quotas and imports name values that exist. */
export const checkMessages = (ctx: LintContext, entity: EntityDef): void => {
  const artefact = `schema:${entity.id}` as const
  const own = { artefact, self: entity.id, names: ownNames(entity) }
  for (const [id, r] of Object.entries(entity.rules)) checkMessage(ctx, r.message, { ...own, names: ruleNames(entity), pointer: `/x-rules/${id}/message` })
  for (const [id, u] of Object.entries(entity.unique)) checkMessage(ctx, u.message, { ...own, pointer: `/x-unique/${id}/message` })
  for (const [id, l] of Object.entries(entity.limits)) checkMessage(ctx, l.message, { ...own, pointer: `/x-limit/${id}/message` }, ['max', 'min', 'used'])
  for (const [id, def] of Object.entries(entity.form.imports)) {
    const place = { artefact: `form:${entity.id}` as const, names: importNames(ctx.programme, entity, def) }
    for (const [name, r] of Object.entries(def.rules)) checkMessage(ctx, r.message, { ...place, pointer: `/imports/${id}/rules/${name}/message` })
    for (const [name, l] of Object.entries(def.lookup)) checkMessage(ctx, l.message, { ...place, pointer: `/imports/${id}/lookup/${name}/message` })
  }
}
