import type { Dict, EntityDef, JsonObject, PropertyDef } from '../model.ts'
import { compact, Cursor, isObject } from '../load/cursor.ts'
import type { Doc } from '../load/doc.ts'
import { linkTableName, tableName } from '../naming.ts'
import { SYSTEM_PROPERTIES } from '../system-properties.ts'
import { readForm } from './form.ts'
import { readInputs } from './imports.ts'
import { readLimit, readRule, readUnique } from './keywords.ts'
import { readProperties } from './property.ts'

export interface EntityDocs { layer: string; name: string; schema: Doc; form: Doc; inputs: Dict<Doc> }

const HOMES = ['platform', 'family', 'programme'] as const

/** Lists of references, and lists of values marked as columns, are kept in link tables. */
const withLinkTables = (properties: Dict<PropertyDef>, layer: string, entity: string, schema: Cursor): Dict<PropertyDef> =>
  Object.fromEntries(Object.entries(properties).map(([name, p]) => {
    const at = schema.at('properties').at(name)
    if (p.kind === 'object' && p.properties) return [name, { ...p, properties: withLinkTables(p.properties, layer, entity, at) }]
    const linked = p.kind === 'array' && (p.items?.kind === 'ref' || (at.at('x-column').exists && p.items?.kind !== 'object'))
    return [name, linked ? { ...p, linkTable: linkTableName(layer, entity, p.path) } : p]
  }))

const withStatus = (properties: Dict<PropertyDef>, process: boolean): Dict<PropertyDef> => {
  const status = properties.status
  if (!status || status.compute?.at === 'read') return properties
  const governor = status.governor ?? (process ? 'process' : undefined)
  return { ...properties, status: compact({ ...status, governor, column: SYSTEM_PROPERTIES.status?.column }) }
}

/** x-enum-add is written into enum, so that validators see one schema. */
const addEnums = (schema: JsonObject): JsonObject => {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    if (!isObject(value)) return value
    const { 'x-enum-add': added, ...rest } = value
    const mapped = Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, visit(v)])) as JsonObject
    if (added === undefined) return mapped
    const codes = Array.isArray(added) ? added : isObject(added) ? Object.keys(added) : typeof added === 'string' ? added.split(/\s+/) : []
    return { ...mapped, enum: [...new Set([...(Array.isArray(mapped.enum) ? mapped.enum : []), ...codes])] }
  }
  return visit(schema) as JsonObject
}

/** One entity out of its merged documents; what depends on other entities is filled in by linkEntities. */
export const resolveEntity = ({ layer, name, schema: doc, form: formDoc, inputs }: EntityDocs): EntityDef => {
  const schema = new Cursor(doc)
  const title = schema.at('title').text() ?? { zh: name }
  const own = withLinkTables(readProperties(schema), layer, name, schema)
  const ownerProperty = Object.values(own).find((p) => p.ref?.owner)
  const form = readForm(new Cursor(formDoc), { name, title, properties: own, owned: ownerProperty !== undefined })
  const home = HOMES.find((h) => h === schema.at('x-home').string()) ?? 'programme'
  const label = schema.at('x-label').string() ?? ['name', 'title', 'number'].find((n) => n in own) ?? 'id'
  return compact<EntityDef>({
    id: `${layer}/${name}`, name, family: layer, home, title, label, pin: schema.at('x-pin').boolean() ?? false, table: tableName(layer, name),
    schema: addEnums(schema.object() ?? {}), properties: withStatus(own, form.process !== undefined),
    unique: schema.at('x-unique').map(readUnique), limits: schema.at('x-limit').map(readLimit), rules: schema.at('x-rules').map(readRule), inverses: {},
    owner: ownerProperty?.ref ? { path: ownerProperty.path, entity: ownerProperty.ref.entity } : undefined, form,
    inputForms: Object.fromEntries(Object.entries(inputs).map(([k, d]) => [k, isObject(d.value) ? d.value : {}])),
    inputProperties: Object.fromEntries(Object.entries(inputs).map(([k, d]) => [k, readInputs(new Cursor(d))])),
  })
}
