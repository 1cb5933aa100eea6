import { own } from '#server/platform/json.ts'
import { columnName } from '#server/runtime/definitions/index.ts'
import type { Dict, EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'

// definitions do not change once they are resolved, and every record that is saved walks its entity's a dozen times
const walked = new WeakMap<Dict<PropertyDef>, readonly PropertyDef[]>()
/** Every property below `properties`, depth first; items of arrays are not entered. */
export function walk(properties: Dict<PropertyDef>): readonly PropertyDef[] {
  let all = walked.get(properties)
  if (!all) walked.set(properties, (all = Object.values(properties).flatMap((p) => [p, ...(p.kind === 'object' && p.properties ? walk(p.properties) : [])])))
  return all
}

const found = new WeakMap<Dict<PropertyDef>, Map<string, PropertyDef | undefined>>()
/** Leaf or object at a dotted path; `majors[].major` enters the items. */
export function propertyAt(entity: EntityDef, path: string): PropertyDef | undefined {
  let known = found.get(entity.properties)
  if (!known) found.set(entity.properties, (known = new Map()))
  let p = known.get(path)
  // paths come from definitions, but also from what a request names: only those that lead somewhere are kept
  if (p === undefined && (p = lookAt(entity, path)) !== undefined) known.set(path, p)
  return p
}
function lookAt(entity: EntityDef, path: string): PropertyDef | undefined {
  let level: Dict<PropertyDef> | undefined = entity.properties
  let at: PropertyDef | undefined
  for (const raw of path.split('.')) {
    at = level && own(level, raw.replace(/\[\]$/, ''))
    if (!at) return undefined
    level = at.kind === 'array' ? at.items?.properties : at.properties
  }
  return at
}

export const isRefArray = (p: PropertyDef): boolean => p.kind === 'array' && Boolean(p.items?.ref || p.linkTable)
/** Kept encrypted in `<column>_enc`, found by `<column>_bix`. */
export const isSensitive = (p: PropertyDef): boolean => Boolean(p.sensitive)
export const columnOf = (p: PropertyDef): string => p.column?.name ?? columnName(p.path)
/** Computed when read: never stored. */
export const isReadCompute = (p: PropertyDef): boolean => p.compute?.at === 'read'

const member = (value: unknown, key: string): unknown => (value !== null && typeof value === 'object' && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined)

export function getPath(value: unknown, path: string): unknown {
  if (!path.includes('.')) return member(value, path)
  let v: unknown = value
  for (const k of path.split('.')) v = member(v, k)
  return v
}
export function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  if (!path.includes('.')) { target[path] = value; return }
  const keys = path.split('.')
  let at = target
  for (const k of keys.slice(0, -1)) {
    const next = at[k]
    at = (next !== null && typeof next === 'object' && !Array.isArray(next) ? next : (at[k] = {})) as Record<string, unknown>
  }
  at[keys.at(-1)!] = value
}
