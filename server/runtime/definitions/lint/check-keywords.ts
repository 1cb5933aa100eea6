import type { EntityDef } from '../model.ts'
import { suggest } from '../load/nearest.ts'
import type { LintContext } from './context.ts'
import { ownNames, ruleNames } from './names.ts'

const EVENTS = new Set(['save', 'create', 'delete', 'submit'])

/** Actions, outcomes and messages a rule may be bound to. */
const happenings = (ctx: LintContext, entity: EntityDef): Set<string> => {
  const names = new Set([...EVENTS, ...Object.keys(entity.form.actions), ...Object.keys(entity.form.imports).map((i) => `import:${i}`)])
  for (const e of Object.values(ctx.programme.entities)) for (const i of Object.keys(e.form.imports)) names.add(`import:${e.name}.${i}`)
  const process = entity.form.process === undefined ? undefined : ctx.options.process?.(ctx.programme, entity.form.process)
  for (const element of Object.values(process?.elements ?? {})) {
    for (const outcome of element.outcomes) names.add(outcome.id)
    if (element.message !== undefined) names.add(element.message)
    names.add(element.id)
  }
  return names
}

/** x-unique, x-limit and x-rules. */
export const checkKeywords = (ctx: LintContext, entity: EntityDef): void => {
  const artefact = `schema:${entity.id}` as const
  const own = { artefact, self: entity.id, names: ownNames(entity) }
  for (const [id, u] of Object.entries(entity.unique)) {
    const pointer = `/x-unique/${id}`
    for (const field of u.fields) ctx.path(entity, field, { artefact, pointer: `${pointer}/fields` })
    ctx.feel(u.where, { ...own, pointer: `${pointer}/where` })
  }
  for (const [id, l] of Object.entries(entity.limits)) {
    const pointer = `/x-limit/${id}`
    const rows = { artefact, names: { ...ownNames(entity), item: { kind: 'entity', entity: entity.id } as const }, self: entity.id, sql: true, queryRows: ['item'] }
    ctx.feel(l.of, { ...own, pointer: `${pointer}/of` })
    ctx.feel(l.if, { ...rows, pointer: `${pointer}/if` })
    ctx.feel(l.sum, { ...rows, pointer: `${pointer}/sum` })
    ctx.feel(l.min, { ...own, pointer: `${pointer}/min` })
    ctx.feel(l.max, { ...own, pointer: `${pointer}/max` })
    if (!l.count && l.sum === undefined) ctx.report({ artefact, pointer }, 'limit-measure', `limit "${id}" neither counts nor sums`, 'add "count": true or "sum"')
    if (l.min === undefined && l.max === undefined) ctx.report({ artefact, pointer }, 'limit-measure', `limit "${id}" has no bound`, 'add "max" or "min"')
    for (const [path, expr] of Object.entries(l.over ?? {})) {
      ctx.path(entity, path, { artefact, pointer: `${pointer}/over/${path}` })
      ctx.feel(expr, { ...own, pointer: `${pointer}/over/${path}` })
    }
    ctx.knowsPolicy(l.policy, { artefact, pointer: `${pointer}/policy` })
  }
  const known = happenings(ctx, entity)
  for (const [id, r] of Object.entries(entity.rules)) {
    const pointer = `/x-rules/${id}`
    const names = { artefact, self: entity.id, names: ruleNames(entity) }
    ctx.feel(r.if, { ...names, pointer: `${pointer}/if`, expect: 'boolean' })
    ctx.feel(r.must, { ...names, pointer: `${pointer}/must`, expect: 'boolean' })
    if (r.path !== undefined) ctx.path(entity, r.path, { artefact, pointer: `${pointer}/path` })
    ctx.knowsPolicy(r.policy, { artefact, pointer: `${pointer}/policy` })
    const complete = entity.form.process === undefined || ctx.options.process?.(ctx.programme, entity.form.process) !== undefined
    if (!complete) continue
    for (const on of r.on) if (!known.has(on)) ctx.report({ artefact, pointer: `${pointer}/on` }, 'rule-on', `nothing called "${on}" happens to ${entity.id}`, suggest(on, known))
  }
}
