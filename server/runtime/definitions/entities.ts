import type { EntityDef, ProgrammeDef } from './model.ts'

/** Every entity of the programme once, in id order. */
export const entitiesOf = (programme: ProgrammeDef): EntityDef[] =>
  Object.entries(programme.entities).filter(([key, e]) => key === e.id).map(([, e]) => e)

/** By short name or full id; undefined when the programme does not know it. */
export const findEntity = (programme: ProgrammeDef, name: string): EntityDef | undefined =>
  Object.hasOwn(programme.entities, name) ? programme.entities[name] : undefined
