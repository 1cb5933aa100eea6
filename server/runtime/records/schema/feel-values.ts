import { fromFeel, toFeel } from '#server/runtime/expressions/index.ts'
import type { FeelType, FeelValue } from '#server/runtime/expressions/types.ts'
import type { PropertyDef } from '#server/runtime/definitions/model.ts'

const types = new WeakMap<PropertyDef, FeelType>()
/** The FEEL type of a property. */
export function feelTypeOf(p: PropertyDef): FeelType {
  let type = types.get(p)
  if (!type) types.set(p, (type = makeType(p)))
  return type
}
function makeType(p: PropertyDef): FeelType {
  switch (p.kind) {
    case 'integer': return { kind: 'number', scale: 0 }
    case 'number': return { kind: 'number', ...(p.scale !== undefined ? { scale: p.scale } : {}) }
    case 'ref': return { kind: 'entity', entity: p.ref!.entity }
    case 'file': case 'string': return { kind: 'string' }
    case 'array': return { kind: 'list', of: p.items ? feelTypeOf(p.items) : { kind: 'any' } }
    case 'object': return { kind: 'context', fields: Object.fromEntries(Object.values(p.properties ?? {}).map((c) => [c.name, feelTypeOf(c)])) }
    default: return { kind: p.kind }
  }
}

/** JSON value of a record -> FEEL value, following the property's type all the way down. */
export function propertyToFeel(p: PropertyDef, value: unknown): FeelValue {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string' && (p.kind === 'string' || p.kind === 'file')) return value
  if (p.kind === 'ref') return { $: 'row', entity: p.ref!.entity, id: String(value) }
  if (p.kind === 'array') return Array.isArray(value) ? value.map((v) => (p.items ? propertyToFeel(p.items, v) : toFeel(v, { kind: 'any' }))) : null
  if (p.kind === 'object') {
    const source = value as Record<string, unknown>
    const out: Record<string, FeelValue> = {}
    for (const [k, v] of Object.entries(source)) {
      const child = p.properties?.[k]
      out[k] = child ? propertyToFeel(child, v) : toFeel(v, { kind: 'any' })
    }
    for (const k of Object.keys(p.properties ?? {})) out[k] ??= null
    return out
  }
  return toFeel(value, feelTypeOf(p))
}

/** FEEL value -> JSON value for a property; null becomes undefined (absent). */
export function feelToProperty(p: PropertyDef, value: FeelValue): unknown {
  if (value === null) return undefined
  if (typeof value === 'string' && p.kind !== 'array') return value
  if (p.kind === 'ref') return isRow(value) ? value.id : String(fromFeel(value, { kind: 'any' }))
  if (p.kind === 'array') return (Array.isArray(value) ? value : [value]).map((v) => (p.items ? feelToProperty(p.items, v) : feelToJson(v)))
  if (p.kind === 'object') return feelToJson(value)
  return fromFeel(value, feelTypeOf(p))
}
export const isRow = (v: unknown): v is { $: 'row'; entity: string; id: string } => v !== null && typeof v === 'object' && (v as { $?: string }).$ === 'row'
export const feelToJson = (value: FeelValue): unknown => {
  if (isRow(value)) return value.id
  if (Array.isArray(value)) return value.map(feelToJson)
  return fromFeel(value, { kind: 'any' })
}
