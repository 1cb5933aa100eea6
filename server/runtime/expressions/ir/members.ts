import type { Span } from '../errors.ts'
import { nearest } from '../errors.ts'
import type { FeelType, ModelEntity, ModelProperty } from '../types.ts'
import { computeUsesClock } from './computes.ts'
import type { Env, Job } from './env.ts'
import { node, problem, quote, read, unknown } from './env.ts'
import type { Ir } from './ir.ts'
import { ANY, listOf, typeText } from './types.ts'

const WHOLE: FeelType = { kind: 'number', scale: 0 }
const CALENDAR = ['year', 'month', 'day', 'weekday']
const CLOCK = ['hour', 'minute', 'second']
/** Accessors of the temporal kinds; they compile to internal functions named `.year` and so on. */
export const ACCESSORS: Record<string, string[]> = {
  date: CALENDAR, time: CLOCK, 'date-time': [...CALENDAR, ...CLOCK], duration: ['years', 'months', 'days', 'hours', 'minutes', 'seconds'],
}

/** `base.name`; on a list the list of `item.name`. */
export const member = (job: Job, env: Env, span: Span, base: Ir, name: string): Ir => {
  const origin = base.origin ? { ...base.origin, path: [...base.origin.path, name] } : undefined
  const withOrigin = origin ? { origin } : {}
  const type = base.type
  read(job, origin)
  switch (type.kind) {
    case 'any': case 'null': return node(job, env, span, { k: 'field', base, name, type: ANY, ...withOrigin })
    case 'entity': return ofEntity(job, env, span, base, type.entity, name)
    case 'context': return ofContext(job, env, span, base, type.fields, name)
    case 'list': {
      const slot = job.slots++
      const item = node(job, env, span, { k: 'local', slot, name: 'item', type: type.of, ...(base.origin ? { origin: base.origin } : {}) })
      const body = member(job, env, span, item, name)
      return node(job, env, span, { k: 'map', list: base, slot, body, type: listOf(body.type), ...withOrigin })
    }
    default: {
      const known = ACCESSORS[type.kind]
      if (known?.includes(name)) return node(job, env, span, { k: 'call', fn: `.${name}`, args: [base], type: WHOLE })
      problem(job, env, span, `${quote(base.src)} is a ${type.kind}, it has no ${quote(name)}.`, known ? `It has: ${known.join(', ')}.` : 'Only records, contexts, dates and times have members.')
      return unknown(job, env, span)
    }
  }
}

/** The property at a path; an object that is declared only by its members (`window.end`) is a context of them. */
export const propertyOf = (entity: ModelEntity, path: string[]): ModelProperty | undefined => {
  const key = path.join('.')
  if (Object.hasOwn(entity.properties, key)) return entity.properties[key]
  const prefix = `${key}.`
  const inside = Object.keys(entity.properties).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split('.')[0]!)
  if (inside.length === 0) return undefined
  const fields = Object.fromEntries(inside.map((name): [string, FeelType] => [name, propertyOf(entity, [...path, name])!.type]))
  return { type: { kind: 'context', fields } }
}

const ofEntity = (job: Job, env: Env, span: Span, base: Ir, name: string, key: string): Ir => {
  const origin = base.origin ? { origin: { ...base.origin, path: [...base.origin.path, key] } } : {}
  const entity = job.options.model.entity(name)
  if (!entity) {
    problem(job, env, span, `There is no entity ${quote(name)}.`, 'Write the name of a folder under forms/.')
    return unknown(job, env, span)
  }
  if (key === 'id') return node(job, env, span, { k: 'id', base, entity: entity.name, type: { kind: 'entity', entity: entity.name }, ...origin })
  const def = propertyOf(entity, [key])
  if (!def) {
    problem(job, env, span, `${entity.name} has no property ${quote(key)}.`, `Near it: ${nearest(key, ['id', ...Object.keys(entity.properties)]).join(', ')}.`)
    return unknown(job, env, span)
  }
  job.usesClock ||= computeUsesClock(job.options, entity, def)
  return node(job, env, span, { k: 'prop', base, entity: entity.name, path: [key], def, type: def.type, ...origin })
}

const ofContext = (job: Job, env: Env, span: Span, base: Ir, fields: Record<string, FeelType>, name: string): Ir => {
  const origin = base.origin ? { origin: { ...base.origin, path: [...base.origin.path, name] } } : {}
  if (base.k === 'prop') {
    const entity = job.options.model.entity(base.entity)
    const path = [...base.path, name]
    const def = entity && propertyOf(entity, path)
    if (entity && def) {
      job.usesClock ||= computeUsesClock(job.options, entity, def)
      return node(job, env, span, { k: 'prop', base: base.base, entity: base.entity, path, def, type: def.type, ...origin })
    }
    if (entity && !Object.hasOwn(fields, name)) {
      const prefix = `${base.path.join('.')}.`
      const known = [...Object.keys(fields), ...Object.keys(entity.properties).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))]
      if (known.length > 0) return unknownField(job, env, span, base, name, known)
    }
  }
  if (Object.hasOwn(fields, name)) return node(job, env, span, { k: 'field', base, name, type: fields[name]!, ...origin })
  if (Object.keys(fields).length > 0) return unknownField(job, env, span, base, name, Object.keys(fields))
  return node(job, env, span, { k: 'field', base, name, type: ANY, ...origin })
}

const unknownField = (job: Job, env: Env, span: Span, base: Ir, name: string, known: string[]): Ir => {
  problem(job, env, span, `${quote(base.src)} (${typeText(base.type)}) has no ${quote(name)}.`, `It has: ${nearest(name, known, 12).join(', ')}.`)
  return unknown(job, env, span)
}
