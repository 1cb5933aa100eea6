import { accessOf } from '#server/runtime/access/index.ts'
import type { EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import { ruleFor } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { API_MASK, apiProperties, seesPlain } from './api-value.ts'
import { choicesOf } from './list-columns.ts'
import { isObject, textOf } from './parts.ts'

const LIMITS = new Set(['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems'])
const TYPES: Partial<Record<PropertyDef['kind'], string>> = { integer: 'integer', number: 'number', boolean: 'boolean', object: 'object', array: 'array' }
const FORMATS = new Set(['email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname', 'regex'])
const TIMES = new Set(['date', 'date-time', 'time', 'duration'])

const child = (raw: JsonObject, name: string): JsonObject => {
  const properties = raw['properties']
  return isObject(properties) && isObject(properties[name]) ? properties[name] : {}
}
const itemsOf = (raw: JsonObject): JsonObject => (isObject(raw['items']) ? raw['items'] : {})

function typed(call: Call, p: PropertyDef): JsonObject {
  const node: JsonObject = { type: TYPES[p.kind] ?? 'string' }
  const title = textOf(call, p.title)
  if (title) node['title'] = title
  const about = [p.help ? textOf(call, p.help) : '', p.ref ? `id: ${p.ref.entity}` : '', p.file ? `id: file (${p.file.accept.join(' ')})` : ''].filter(Boolean).join('; ')
  if (about) node['description'] = about
  if (TIMES.has(p.kind)) node['format'] = p.kind
  if (p.media) node['contentMediaType'] = p.media
  return node
}
function withChoices(call: Call, p: PropertyDef, node: JsonObject): JsonObject {
  const choices = choicesOf(call, p)
  const numeric = node['type'] === 'integer' || node['type'] === 'number'
  return choices.length ? { ...node, oneOf: choices.map((c) => ({ const: numeric ? Number(c.value) : c.value, title: c.label })) } : node
}

/** Rights on a path that hold for every record of the role; what depends on the record is seen when it is read. */
function always(call: Call, def: EntityDef, path: string): { hidden: boolean; readOnly: boolean; mask?: string } {
  const fields = Object.entries(accessOf(call.programme, def, call.actor.role)?.fields ?? {}).map(([at, f]) => ({ path: at, hidden: f.hidden === true, readOnly: f.readOnly === true, ...(f.mask ? { mask: f.mask } : {}) }))
  return ruleFor(fields, path) ?? { hidden: false, readOnly: false }
}

function readNode(call: Call, def: EntityDef, p: PropertyDef, path: string): JsonObject | null {
  const rule = always(call, def, path)
  if (rule.hidden) return null
  if (p.kind === 'object' && p.properties) return { ...typed(call, p), properties: readProperties(call, def, Object.values(p.properties), path) }
  if (p.kind === 'array') return { ...typed(call, p), items: p.items?.properties ? { type: 'object', properties: { _id: { type: 'string' }, ...readProperties(call, def, Object.values(p.items.properties), `${path}[]`) } } : ((p.items && readNode(call, def, p.items, path)) ?? {}) }
  const mask = rule.mask ?? (p.sensitive && !seesPlain(call, def) ? API_MASK : undefined)
  const node = mask ? { type: 'string', title: textOf(call, p.title), description: `masked ${mask}` } : withChoices(call, p, typed(call, p))
  return p.compute || p.number || p.governor ? { ...node, readOnly: true } : node
}
const readProperties = (call: Call, def: EntityDef, properties: PropertyDef[], parent: string): JsonObject =>
  Object.fromEntries(properties.flatMap((p) => { const node = readNode(call, def, p, parent ? `${parent}.${p.name}` : p.name); return node ? [[p.name, node]] : [] }))

/** A record as the role reads it. Empty values are absent, so nothing but id and rev is required. */
export const recordSchema = (call: Call, def: EntityDef): JsonObject => ({
  type: 'object', title: textOf(call, def.title), required: ['id', 'rev'],
  properties: { id: { type: 'string', readOnly: true }, rev: { type: 'integer', minimum: 1, readOnly: true }, ...readProperties(call, def, apiProperties(def), '') },
})

const typedByNobody = (p: PropertyDef): boolean =>
  Boolean(p.number) || (p.compute !== undefined && !p.compute.if) || p.compute?.at === 'read' || p.governor === 'effect' || p.governor === 'process' || p.path === 'status'

function writeNode(call: Call, def: EntityDef, p: PropertyDef, raw: JsonObject, path: string, must: boolean): JsonObject | null {
  const rule = always(call, def, path)
  if (rule.hidden || rule.readOnly || typedByNobody(p)) return null
  const node = withChoices(call, p, typed(call, p))
  for (const [k, v] of Object.entries(raw)) if (LIMITS.has(k)) node[k] = v
  if (typeof raw['format'] === 'string' && FORMATS.has(raw['format'])) node['format'] = raw['format']
  if (p.kind === 'object' && p.properties) return { ...node, ...writeObject(call, def, Object.values(p.properties), raw, path, must) }
  if (p.kind === 'array' && p.items) node['items'] = p.items.properties ? writeObject(call, def, Object.values(p.items.properties), itemsOf(raw), `${path}[]`, must, { _id: { type: 'string' } }) : (writeNode(call, def, p.items, itemsOf(raw), path, must) ?? {})
  return node
}
function writeObject(call: Call, def: EntityDef, properties: PropertyDef[], raw: JsonObject, parent: string, must: boolean, more: JsonObject = {}): JsonObject {
  const made: JsonObject = { ...more }
  const required: string[] = []
  for (const p of properties) {
    const node = writeNode(call, def, p, child(raw, p.name), parent ? `${parent}.${p.name}` : p.name, must)
    if (!node) continue
    made[p.name] = node
    if (must && p.required && !p.when && p.liveDefault === undefined && p.default === undefined && !p.compute) required.push(p.name)
  }
  return { type: 'object', properties: made, additionalProperties: false, ...(required.length ? { required } : {}) }
}

/** A new record as the role may send it. `draft`: required values may still be missing when it is saved. */
export const createSchema = (call: Call, def: EntityDef, draft: boolean): JsonObject =>
  ({ title: textOf(call, def.title), ...writeObject(call, def, Object.values(def.properties), def.schema, '', !draft) })

/** A change by RFC 7396: null empties a value. */
export function patchSchema(call: Call, def: EntityDef): JsonObject {
  const nullable = (schema: JsonObject): JsonObject => ({
    ...schema, properties: Object.fromEntries(Object.entries(schema['properties'] as JsonObject).map(([name, node]) => [name, { anyOf: [isObject(node) && node['type'] === 'object' && isObject(node['properties']) ? nullable(node) : node, { type: 'null' }] }])),
  })
  return nullable({ title: textOf(call, def.title), ...writeObject(call, def, Object.values(def.properties), def.schema, '', false) })
}

/** A written schema, or a dictionary of properties, as plain JSON Schema: without x- keywords and formats that only the server knows. */
export function plainInput(schema: JsonObject): JsonObject {
  const strip = (node: JsonObject[string]): JsonObject[string] => {
    if (Array.isArray(node)) return node.map(strip)
    if (!isObject(node)) return node
    return Object.fromEntries(Object.entries(node).filter(([k, v]) => !/^x-|^\$(id|schema)$/.test(k) && !(k === 'format' && !FORMATS.has(String(v)) && !TIMES.has(String(v)))).map(([k, v]) => [k, k === 'title' || k === 'description' ? wordOf(v) : strip(v)]))
  }
  const plain = strip(schema) as JsonObject
  const whole: JsonObject = 'properties' in plain || plain['type'] === 'object' ? plain : { properties: plain }
  return { ...whole, type: 'object' }
}
/** titles may be written per language */
const wordOf = (v: JsonObject[string]): JsonObject[string] => (isObject(v) && typeof v['zh'] === 'string' ? v['zh'] : v)
