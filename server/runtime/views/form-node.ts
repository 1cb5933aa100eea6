import { WIDGETS, type EntityDef, type JsonObject, type PropertyDef } from '#server/runtime/definitions/index.ts'
import type { Choice } from '#server/services.ts'
import type { Call } from '../context.ts'
import { choicesOf } from './list-columns.ts'
import { isObject, textOf } from './parts.ts'

const KEEP = new Set(['type', 'minLength', 'maxLength', 'pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'contentMediaType'])
/** formats that only the server knows */
const OWN_FORMATS = new Set(['cn-id-number', 'cn-mobile', 'password'])

const TYPES: Partial<Record<PropertyDef['kind'], string>> = { integer: 'integer', number: 'number', boolean: 'boolean', object: 'object', array: 'array' }

/** JSON Schema of one value without what lies below it. `shown`: read only, so its limits do not matter. */
export function schemaNode(call: Call, p: PropertyDef, raw: JsonObject, shown: boolean, options?: Options): JsonObject {
  const node: JsonObject = { type: TYPES[p.kind] ?? 'string', title: textOf(call, p.title) }
  if (p.help) node['description'] = textOf(call, p.help)
  if (shown) node['readOnly'] = true
  else for (const [k, v] of Object.entries(raw)) if (KEEP.has(k) && k !== 'type' && !(k === 'format' && OWN_FORMATS.has(String(v)))) node[k] = v
  if (p.kind === 'date' || p.kind === 'date-time' || p.kind === 'time') node['format'] = p.kind
  const choices = p.options && options ? (options.get(optionKey(p)) ?? []) : choicesOf(call, p)
  if (choices.length) node['oneOf'] = choices.map((c) => ({ const: typeof raw['type'] === 'string' && /integer|number/.test(raw['type']) ? Number(c.value) : c.value, title: c.label }))
  return node
}

/** Choices of properties with x-options, by source. */
export type Options = Map<string, Choice[]>
export const optionKey = (p: PropertyDef): string => `${p.options?.source ?? ''}/${p.options?.value ?? ''}`

/** How one value is edited: the widget the layout chose, else what its kind asks for. */
export function uiNode(call: Call, def: EntityDef, p: PropertyDef, path: string, readOnly: boolean): JsonObject {
  const chosen = def.form.layout.widgets[path]
  const options = { ...chosen?.options }
  const one = p.kind === 'array' && p.items ? p.items : p
  const ui: JsonObject = {}
  const widget = widgetOf(p, one, chosen?.widget)
  if (widget) ui['ui:widget'] = widget
  if (readOnly) ui['ui:readonly'] = true
  if (options['title'] !== undefined) { ui['ui:title'] = textOf(call, options['title'] as { zh: string; en: string }); delete options['title'] }
  if (typeof options['placeholder'] === 'string') { ui['ui:placeholder'] = options['placeholder']; delete options['placeholder'] }
  if (one.file) Object.assign(options, { accept: one.file.accept, maxBytes: one.file.maxBytes, ...(one.file.pixels ? { pixels: `${one.file.pixels.w}x${one.file.pixels.h}` } : {}) })
  if (p.kind === 'array' && (one.ref || one.file)) options['multiple'] = true
  delete options['columns']
  if (Object.keys(options).length) ui['ui:options'] = options
  return ui
}

function widgetOf(p: PropertyDef, one: PropertyDef, chosen: string | undefined): string | undefined {
  const known = (chosen && WIDGETS[chosen]) || undefined
  if (one.file) return known === 'image' || one.file.kind === 'image' || one.file.kind === 'signature' ? 'image' : 'file'
  if (one.ref) return known === 'region' && p.kind !== 'array' ? 'region' : 'ref'
  if (p.kind === 'array') return one.properties ? 'editableTable' : undefined
  if (p.media === 'text/html') return 'rich'
  if (p.states) return 'states'
  return known === 'ref' || known === 'editableTable' || known === 'region' ? undefined : known
}

/** The raw schema of a property below a node, {} when it is not there. */
export const below = (raw: JsonObject, name: string): JsonObject => {
  const properties = isObject(raw['properties']) ? raw['properties'] : {}
  return isObject(properties[name]) ? (properties[name] as JsonObject) : {}
}
