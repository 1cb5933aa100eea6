import { own } from '#server/platform/json.ts'
import { columnName } from '#server/runtime/definitions/index.ts'
import type { Dict, EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'

/** Every property below `properties`, depth first; items of arrays are not entered. */
export function* walk(properties: Dict<PropertyDef>): Generator<PropertyDef> {
  for (const p of Object.values(properties)) {
    yield p
    if (p.kind === 'object' && p.properties) yield* walk(p.properties)
  }
}

/** Leaf or object at a dotted path; `majors[].major` enters the items. */
export function propertyAt(entity: EntityDef, path: string): PropertyDef | undefined {
  let level: Dict<PropertyDef> | undefined = entity.properties
  let found: PropertyDef | undefined
  for (const raw of path.split('.')) {
    found = level && own(level, raw.replace(/\[\]$/, ''))
    if (!found) return undefined
    level = found.kind === 'array' ? found.items?.properties : found.properties
  }
  return found
}

export const isRefArray = (p: PropertyDef): boolean => p.kind === 'array' && Boolean(p.items?.ref || p.linkTable)
/** Kept encrypted in `<column>_enc`, found by `<column>_bix`. */
export const isSensitive = (p: PropertyDef): boolean => Boolean(p.sensitive)
export const columnOf = (p: PropertyDef): string => p.column?.name ?? columnName(p.path)
/** Computed when read: never stored. */
export const isReadCompute = (p: PropertyDef): boolean => p.compute?.at === 'read'

export function getPath(value: unknown, path: string): unknown {
  let v: unknown = value
  for (const k of path.split('.')) {
    if (v === null || typeof v !== 'object') return undefined
    v = Object.hasOwn(v, k) ? (v as Record<string, unknown>)[k] : undefined
  }
  return v
}
export function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.')
  let at = target
  for (const k of keys.slice(0, -1)) {
    const next = at[k]
    at = (next !== null && typeof next === 'object' && !Array.isArray(next) ? next : (at[k] = {})) as Record<string, unknown>
  }
  at[keys.at(-1)!] = value
}
