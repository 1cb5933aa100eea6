import type { Dict, EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import { mask as maskText } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { getPath, type FactLoader, type NamesInScope } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { below, schemaNode, uiNode, type Options } from './form-node.ts'
import { isObject } from './parts.ts'
import { notePlain } from './personal-reads.ts'

export type Access = 'edit' | 'read' | 'none'
export interface FormContext {
  call: Call
  loader: FactLoader
  def: EntityDef
  scope: NamesInScope
  names: Record<string, FeelValue>
  /** the values the form shows */
  data: JsonObject
  /** what the person may do with a path such as "window.end" or "majors[].approved", conditions apart */
  access(path: string): Access
  /** masks of the person's role, by path; a masked value is shown, never typed over */
  mask(path: string): string | undefined
  options: Options
  /** the stored record whose values are shown */
  stored?: { entity: string; id: string }
}
export interface Built { schema: JsonObject; ui: JsonObject; value: unknown }

const holds = (ctx: FormContext, text: string | undefined): boolean =>
  text !== undefined && ctx.loader.context.registry.expression(ctx.call.programme.id, text, ctx.scope).evaluate(ctx.loader.scope(ctx.names)) === true

const pathOf = (p: PropertyDef, parent: string): string => (parent === '' ? p.name : `${parent}.${p.name}`)
const typedOver = (p: PropertyDef, ctx: FormContext): boolean => !(p.compute && (!p.compute.if || holds(ctx, p.compute.if)))

/** One property as the person may see and edit it; null = not on the form. Call inside settle. */
export function buildProperty(ctx: FormContext, p: PropertyDef, raw: JsonObject, parent: string, value: unknown): (Built & { required: boolean }) | null {
  const path = pathOf(p, parent)
  const access = ctx.access(path)
  if (access === 'none' || (p.when?.visible !== undefined && !holds(ctx, p.when.visible))) return null
  const item = path.includes('[]')
  const open = access === 'edit' && !(p.when?.readOnly && holds(ctx, p.when.readOnly)) && typedOver(p, ctx)
  const masked = open ? undefined : (ctx.mask(path) ?? (p.sensitive ? '3:*:4' : undefined))
  const shown = masked && typeof value === 'string' ? maskText(value, masked) : value
  if (p.sensitive && !masked && ctx.stored && typeof value === 'string') notePlain(ctx.loader, ctx.stored, path)
  const ui = uiNode(ctx.call, ctx.def, p, path.replaceAll('[]', ''), !open)
  const schema = schemaNode(ctx.call, p, raw, !open, ctx.options)
  const required = open && (p.required || holds(ctx, item ? undefined : p.when?.required))
  if (p.kind === 'object' && p.properties) return objectOf(ctx, p, raw, path, value, { schema, ui, required })
  if (p.kind === 'array' && p.items) arrayOf(ctx, p, raw, path, schema, ui, open, required)
  if (!open && shown === undefined && access !== 'edit' && p.kind !== 'array') return null
  return { schema, ui, value: shown, required }
}

function objectOf(ctx: FormContext, p: PropertyDef, raw: JsonObject, path: string, value: unknown, made: { schema: JsonObject; ui: JsonObject; required: boolean }): (Built & { required: boolean }) | null {
  const inner = buildObject(ctx, p.properties!, raw, path, isObject(value) ? value : {})
  if (Object.keys(inner.schema['properties'] as JsonObject).length === 0) return null
  const { readOnly: _, ...schema } = made.schema
  const window = Boolean(p.properties!['start'] && p.properties!['end']) && Object.keys(p.properties!).length === 2
  const required = [...new Set([...((inner.schema['required'] as string[] | undefined) ?? []), ...(window && made.required ? ['start', 'end'] : [])])]
  return { schema: { ...schema, properties: inner.schema['properties']!, ...(required.length ? { required } : {}) }, ui: { ...made.ui, ...inner.ui }, value: inner.value, required: made.required }
}

function arrayOf(ctx: FormContext, p: PropertyDef, raw: JsonObject, path: string, schema: JsonObject, ui: JsonObject, open: boolean, required: boolean): void {
  const items = p.items!
  const rawItems = isObject(raw['items']) ? raw['items'] : {}
  if (required) schema['minItems'] = Math.max(1, Number(schema['minItems'] ?? 1))
  if (!items.properties) {
    schema['items'] = schemaNode(ctx.call, items, rawItems, false, ctx.options)
    delete (schema['items'] as JsonObject)['title']
    if (items.ref || (schema['items'] as JsonObject)['oneOf']) schema['uniqueItems'] = true
    return
  }
  const properties: JsonObject = { _id: { type: 'string' } }
  const itemUi: JsonObject = {}
  const must: string[] = []
  let some = false
  for (const c of Object.values(items.properties)) {
    const at = `${path}[].${c.name}`
    const access = ctx.access(at)
    if (access === 'none') continue
    const editable = access === 'edit' && !c.compute
    some ||= editable && !open
    properties[c.name] = schemaNode(ctx.call, c, below(rawItems, c.name), !editable, ctx.options)
    itemUi[c.name] = uiNode(ctx.call, ctx.def, c, `${path}.${c.name}`, !editable)
    if (editable && (c.required || holds(ctx, c.when?.required))) must.push(c.name)
  }
  schema['items'] = { type: 'object', properties, ...(must.length ? { required: must } : {}) }
  ui['items'] = itemUi
  // rows stand, single columns of them are open
  if (some) {
    delete schema['readOnly']; delete ui['ui:readonly']
    ui['ui:options'] = { ...(isObject(ui['ui:options']) ? ui['ui:options'] : {}), addable: false, removable: false, orderable: false }
  }
}

/** All properties of an object, with the names of those that must be filled in. */
export function buildObject(ctx: FormContext, properties: Dict<PropertyDef>, raw: JsonObject, parent: string, data: JsonObject): Built {
  const schema: JsonObject = {}
  const ui: JsonObject = {}
  const value: JsonObject = {}
  const required: string[] = []
  for (const p of Object.values(properties)) {
    const built = buildProperty(ctx, p, below(raw, p.name), parent, getPath(data, p.name))
    if (!built) continue
    schema[p.name] = built.schema
    if (Object.keys(built.ui).length) ui[p.name] = built.ui
    if (built.value !== undefined) value[p.name] = built.value as JsonObject[string]
    if (built.required && p.kind !== 'object') required.push(p.name)
  }
  return { schema: { type: 'object', properties: schema, ...(required.length ? { required } : {}) }, ui, value }
}
