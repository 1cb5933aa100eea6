import type { EntityDef, JsonObject, PropertyDef } from '../model.ts'
import { isObject } from '../load/cursor.ts'
import { suggest } from '../load/nearest.ts'
import { SYSTEM_PROPERTIES } from '../system-properties.ts'
import { checkChoices, strangeAnswers } from './check-choices.ts'
import type { LintContext, Place } from './context.ts'
import { FILE_NAMES, ownNames, referenceNames, ruleNames } from './names.ts'

/** Walks a property tree with the JSON pointer of each. */
export const eachProperty = (properties: Record<string, PropertyDef>, pointer: string, visit: (p: PropertyDef, pointer: string) => void): void => {
  for (const [name, p] of Object.entries(properties)) {
    const at = `${pointer}/properties/${name}`
    visit(p, at)
    if (p.items) {
      visit(p.items, `${at}/items`)
      eachProperty(p.items.properties ?? {}, `${at}/items`, visit)
    }
    eachProperty(p.properties ?? {}, at, visit)
  }
}

const checkReference = (ctx: LintContext, entity: EntityDef, p: PropertyDef, place: Place): void => {
  if (!p.ref) return
  const at = { ...place, pointer: `${place.pointer}/x-ref` }
  const target = ctx.entity(p.ref.entity)
  if (!target) return ctx.report(at, 'ref-unknown', `"${p.name}" refers to "${p.ref.entity}", which does not exist`, suggest(p.ref.entity, Object.keys(ctx.programme.entities)))
  if (p.ref.label !== 'id') ctx.path(target, p.ref.label, { ...at, pointer: `${at.pointer}/label` })
  ctx.feel(p.ref.where, { ...at, pointer: `${at.pointer}/where`, names: referenceNames(target, entity), sql: true })
  if (p.ref.inverse !== undefined) {
    const taken = target.inverses[p.ref.inverse]
    if (Object.hasOwn(target.properties, p.ref.inverse) || (taken && (taken.entity !== entity.id || taken.path !== p.path.replace(/\[\]$/, '')))) {
      ctx.report({ ...at, pointer: `${at.pointer}/inverse` }, 'inverse-taken', `${target.id} already has "${p.ref.inverse}"${taken ? ` (from ${taken.entity} ${taken.path})` : ''}`, 'choose another name for the way back')
    }
  }
  for (const [object, names] of Object.entries(p.ref.copy ?? {})) {
    const here = { ...at, pointer: `${at.pointer}/copy/${object}` }
    if (entity.properties[object]?.kind !== 'object') ctx.report(here, 'copy-target', `"${object}" is no object property of ${entity.id}`, `declare "${object}" with "type": "object"`)
    for (const name of names) if (name !== '*') ctx.path(target, name, here)
  }
  if (p.ref.companion && !Object.values(entity.unique).some((u) => u.fields.length === 1 && u.fields[0] === p.path)) {
    ctx.report(at, 'companion-unique', `${entity.id} is a companion but several may be made per record`, `add x-unique {"once": {"fields": ["${p.path}"]}}`)
  }
  if (p.ref.companion && entity.home !== 'programme') ctx.report(at, 'companion-home', `${entity.id} is a companion of home "${entity.home}"`, 'companions are programme entities: remove x-home')
}

/** A state-like property is governed by its process, its compute, or effects: one of them. */
const checkGovernor = (ctx: LintContext, entity: EntityDef, p: PropertyDef, place: Place): void => {
  if (p.governor && p.governor !== 'compute' && p.compute) ctx.report(place, 'governor', `"${p.name}" is computed and governed by ${p.governor}`, 'a state has exactly one governor: remove x-compute or x-governor')
  if (p.states && !p.governor) ctx.report(place, 'governor', `nobody governs the state "${p.name}"`, 'add x-compute, or "x-governor": "process" or "effect"')
  if (p.governor === 'process' && p.path !== 'status') ctx.report(place, 'governor', `"${p.name}" cannot be governed by a process, only "status" can`, 'use "x-governor": "effect" and set it in the process')
  if (p.governor === 'process' && entity.form.process === undefined) ctx.report(place, 'governor', `"${p.name}" is governed by a process, but ${entity.id} has none`, 'name it in form.json: "process"')
  if (p.path === 'status' && entity.form.process !== undefined && p.compute) ctx.report(place, 'governor', `the status of ${entity.id} is computed although it has a process`, 'remove x-compute, or the process')
}

/** the property as the schema writes it */
const written = (entity: EntityDef, pointer: string): JsonObject => {
  let at: unknown = entity.schema
  for (const key of pointer.split('/').slice(1)) at = isObject(at) ? at[key] : undefined
  return isObject(at) ? at : {}
}

/** The conditions and answers of a compute that is written as a table. */
const tableRows = (entity: EntityDef, pointer: string): { id: string; key: 'if' | 'then'; text: string }[] => {
  const compute = written(entity, pointer)['x-compute']
  const rows = isObject(compute) && isObject(compute.rows) ? Object.entries(compute.rows) : []
  return rows.flatMap(([id, row]) => (isObject(row) ? (['if', 'then'] as const).flatMap((key) => (typeof row[key] === 'string' ? [{ id, key, text: row[key] }] : [])) : []))
}

const checkTexts = (ctx: LintContext, entity: EntityDef, p: PropertyDef, place: Place): void => {
  const own = { ...place, self: entity.id, names: ownNames(entity) }
  const at = (key: string): Place => ({ ...place, pointer: `${place.pointer}/${key}` })
  if (p.compute) {
    const text = { ...own, ...at('x-compute'), ...(p.compute.at === 'read' ? { sql: true, queryRows: ['record', ''] } : {}) }
    const named = p.compute.at === 'read' ? text : { ...text, names: ruleNames(entity) }
    const rows = tableRows(entity, place.pointer)
    // each row of a table at its own line; the whole only when they are sound
    const sound = rows.map(({ id, key, text: part }) => ctx.feel(part, { ...named, ...at(`x-compute/rows/${id}/${key}`), ...(key === 'if' ? { expect: 'boolean' as const } : {}) }) !== undefined)
    if (sound.every(Boolean)) ctx.feel(p.compute.expr, named)
    for (const answer of strangeAnswers(p)) ctx.report(at('x-compute'), 'status-unknown', `"${p.name}" may become "${answer}", which is none of its x-states`, suggest(answer, Object.keys(p.states ?? {})))
    ctx.feel(p.compute.if, { ...own, ...at('x-compute/if') })
    if (p.compute.at === 'read' && written(entity, place.pointer)['x-column'] !== undefined) ctx.report(at('x-column'), 'compute-column', `"${p.path}" is computed when read and has no column`, 'remove x-column')
  }
  ctx.feel(p.liveDefault, { ...own, ...at('x-default') })
  for (const key of ['visible', 'required', 'readOnly'] as const) ctx.feel(p.when?.[key], { ...own, ...at(`x-when/${key}`) })
  ctx.knowsPolicy(p.policy, at('x-policy'))
  for (const [id, check] of Object.entries(p.file?.check ?? {})) {
    const here = at(`x-file/check/${id}`)
    if (check.by === 'machine') ctx.feel(check.is, { ...own, ...here, names: { ...own.names, ...FILE_NAMES } })
    ctx.knowsPolicy(check.policy, here)
    if (check.policy !== undefined && entity.home !== 'programme') ctx.report(here, 'check-home', `the check "${id}" of a ${entity.home} record depends on a programme`, 'remove the policy, or check it where the file is copied')
  }
  if (p.options && p.options.value !== undefined) {
    const source = ctx.entity(p.options.source)
    if (source) ctx.path(source, p.options.value, at('x-options'))
    else ctx.report(at('x-options'), 'ref-unknown', `choices come from "${p.options.source}", which does not exist`, suggest(p.options.source, Object.keys(ctx.programme.entities)))
  }
}

const TOKEN = /\{([^{}:]+)(?::[^{}]*)?\}/g

const checkNumber = (ctx: LintContext, entity: EntityDef, p: PropertyDef, place: Place): void => {
  for (const text of [p.number?.pattern, p.number?.sequence]) {
    for (const [, token = ''] of (text ?? '').matchAll(TOKEN)) {
      if (!['now', 'unix', 'seq', 'rand', 'program'].includes(token.split('.')[0] ?? '')) ctx.path(entity, token, { ...place, pointer: `${place.pointer}/x-number` })
    }
  }
}

/** References, governors, computes, defaults, file checks and numbers of every property. */
export const checkProperties = (ctx: LintContext, entity: EntityDef): void => {
  const artefact = `schema:${entity.id}` as const
  eachProperty(entity.properties, '', (p, pointer) => {
    const place = { artefact, pointer }
    checkReference(ctx, entity, p, place)
    checkGovernor(ctx, entity, p, place)
    checkTexts(ctx, entity, p, place)
    checkNumber(ctx, entity, p, place)
    checkChoices(ctx, p, place)
    const system = pointer.split('/').length === 3 && p.path !== 'status' ? SYSTEM_PROPERTIES[p.name] : undefined
    if (system && (system.kind !== p.kind || system.ref?.entity !== p.ref?.entity)) ctx.report(place, 'system-name', `"${p.name}" is a system property of another type (${system.kind})`, 'choose another name')
  })
  if (entity.form.process !== undefined && !entity.properties.status) ctx.report({ artefact, pointer: '/properties' }, 'status-missing', `${entity.id} has a process but no "status"`, 'declare "status" with x-states')
  if (entity.label !== 'id') ctx.path(entity, entity.label, { artefact, pointer: '/x-label' })
}
