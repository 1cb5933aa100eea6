import { findEntity } from './entities.ts'
import type { EntityDef, ProgrammeDef, PropertyDef } from './model.ts'
import { SYSTEM_PROPERTIES } from './system-properties.ts'

export interface PathTarget { entity: EntityDef; property: PropertyDef; /** more than one value: an array, a link table or an inverse was crossed */ many: boolean }
export interface PathProblem { missing: string; within: string; known: string[] }

export const isTarget = (found: PathTarget | PathProblem): found is PathTarget => 'property' in found

const own = <T>(dict: Record<string, T> | undefined, key: string): T | undefined => (dict && Object.hasOwn(dict, key) ? dict[key] : undefined)

/** Follows "plan.org.name", "majors[].approved", "entry.registrations.status" from an entity; references and inverses are crossed. */
export const findPath = (programme: ProgrammeDef, start: EntityDef, path: string): PathTarget | PathProblem => {
  let entity = start
  let nested: Record<string, PropertyDef> | undefined
  let found: PropertyDef | undefined
  let many = false
  const crossing = (target: string): PathProblem | undefined => {
    const next = findEntity(programme, target)
    if (!next) return { missing: target, within: entity.id, known: [] }
    entity = next
    nested = undefined
    found = undefined
    return undefined
  }
  const segments = path.split('.').map((s) => s.replace(/\[\]$/, ''))
  for (const segment of segments) {
    if (found?.ref) {
      const problem = crossing(found.ref.entity)
      if (problem) return problem
    } else if (found?.items?.ref) {
      const problem = crossing(found.items.ref.entity)
      if (problem) return problem
    } else if (found?.items?.properties) nested = found.items.properties
    else if (found?.properties) nested = found.properties
    else if (found) return { missing: segment, within: found.path, known: [] }
    const inverse = nested ? undefined : own(entity.inverses, segment)
    const property = nested ? own(nested, segment) : (own(entity.properties, segment) ?? own(SYSTEM_PROPERTIES, segment))
    if (inverse && !property) {
      many = true
      found = { name: segment, path: segment, kind: 'array', title: { zh: segment }, required: false, items: { name: `${segment}[]`, path: `${segment}[]`, kind: 'ref', title: { zh: segment }, required: false, ref: { entity: inverse.entity, label: '', owner: false, companion: false } } }
      continue
    }
    if (!property) return { missing: segment, within: nested ? `${entity.id} ${path}` : entity.id, known: nested ? Object.keys(nested) : [...Object.keys(entity.properties), ...Object.keys(entity.inverses), ...Object.keys(SYSTEM_PROPERTIES)] }
    if (property.kind === 'array') many = true
    found = property
  }
  return found ? { entity, property: found, many } : { missing: path, within: start.id, known: Object.keys(start.properties) }
}
