import type { FeelType } from '../../expressions/types.ts'
import { findEntity } from '../entities.ts'
import type { Dict, ParamDef, ProgrammeDef, PropertyDef } from '../model.ts'

export const ANY: FeelType = { kind: 'any' }
export const STRING: FeelType = { kind: 'string' }
export const listOf = (of: FeelType): FeelType => ({ kind: 'list', of })

/** A record of the entity; anything when the programme has no such entity (lint reports the reference itself). */
export const entityType = (programme: ProgrammeDef, name: string): FeelType => {
  const entity = findEntity(programme, name)
  return entity ? { kind: 'entity', entity: entity.id } : ANY
}

export const contextOf = (programme: ProgrammeDef, properties: Dict<PropertyDef>): FeelType =>
  ({ kind: 'context', fields: Object.fromEntries(Object.entries(properties).map(([k, p]) => [k, propertyType(programme, p)])) })

/** The FEEL type of a property's value. Files are their ids, personal numbers plain strings. */
export const propertyType = (programme: ProgrammeDef, p: PropertyDef): FeelType => {
  switch (p.kind) {
    case 'ref': return p.ref ? entityType(programme, p.ref.entity) : STRING
    case 'file': case 'string': return STRING
    case 'integer': return { kind: 'number', scale: 0 }
    case 'number': return p.scale === undefined ? { kind: 'number' } : { kind: 'number', scale: p.scale }
    case 'array': return listOf(p.items ? propertyType(programme, p.items) : ANY)
    case 'object': return contextOf(programme, p.properties ?? {})
    default: return { kind: p.kind }
  }
}

const PARAM_KINDS: Record<string, FeelType> = {
  string: STRING, number: { kind: 'number' }, integer: { kind: 'number', scale: 0 }, boolean: { kind: 'boolean' }, date: { kind: 'date' }, time: { kind: 'time' }, 'date-time': { kind: 'date-time' }, duration: { kind: 'duration' },
}
export const paramType = (p: ParamDef): FeelType => PARAM_KINDS[p.type] ?? ANY

/** `program`: its id and title, the values of its params, the force of its policies today, and what it lists. */
export const programType = (programme: ProgrammeDef): FeelType => ({
  kind: 'context',
  fields: {
    id: STRING, title: STRING,
    params: { kind: 'context', fields: Object.fromEntries(Object.entries(programme.params).map(([k, p]) => [k, paramType(p)])) },
    policies: { kind: 'context', fields: Object.fromEntries(Object.keys(programme.policies).map((k) => [k, STRING])) },
    checklists: ANY, parties: ANY, references: ANY, runSheet: ANY, timeline: ANY,
  },
})
