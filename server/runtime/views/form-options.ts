import type { Choice } from '#server/services.ts'
import type { Dict, EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { columnOf, propertyAt, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { optionKey, type Options } from './form-node.ts'
import { isObject, textOf } from './parts.ts'

const MOST = 300

function* withOptions(properties: Dict<PropertyDef>): Generator<PropertyDef> {
  for (const p of Object.values(properties)) {
    if (p.options) yield p
    if (p.items) { if (p.items.options) yield p.items; if (p.items.properties) yield* withOptions(p.items.properties) }
    if (p.properties) yield* withOptions(p.properties)
  }
}

/** x-options: roles that the person may give, a parameter of the programme, or the values of an entity's property. */
export async function optionsOf(call: Call, loader: FactLoader, properties: Dict<PropertyDef>): Promise<Options> {
  const out: Options = new Map()
  for (const p of withOptions(properties)) {
    const key = optionKey(p)
    if (!out.has(key)) out.set(key, await choicesFrom(call, loader, p.options!))
  }
  return out
}

/** Titles of the codes of a source that is not an entity: the programme's roles, or a parameter of it. */
export function titlesOf(call: Call, source: string): Record<string, string> {
  if (source === 'roles') return Object.fromEntries(Object.entries(call.programme.roles).map(([id, r]) => [id, textOf(call, r.title)]))
  return Object.fromEntries((paramChoices(call, source) ?? []).map((c) => [c.value, c.label]))
}

function paramChoices(call: Call, source: string): Choice[] | null {
  const { programme, actor } = call
  const param = programme.params[source]?.value
  if (Array.isArray(param)) return param.map((v) => (isObject(v) ? { value: String(v['code'] ?? v['value'] ?? ''), label: String(v['title'] ?? v['label'] ?? v['name'] ?? v['code'] ?? '') } : { value: String(v), label: String(v) }))
  return isObject(param) ? Object.entries(param).map(([k, v]) => ({ value: k, label: isObject(v) ? String(v[actor.lang] ?? v['zh'] ?? k) : String(v) })) : null
}

async function choicesFrom(call: Call, loader: FactLoader, { source, value }: NonNullable<PropertyDef['options']>): Promise<Choice[]> {
  const { programme, actor } = call
  if (source === 'roles') return (programme.roles[actor.role]?.assignable ?? []).flatMap((id) => (programme.roles[id] ? [{ value: id, label: textOf(call, programme.roles[id].title) }] : []))
  const fixed = paramChoices(call, source)
  if (fixed) return fixed
  const def = loader.context.registry.findEntity(programme.id, source)
  const p = def ? propertyAt(def, value ?? def.label) : undefined
  if (!def || !p?.column) return []
  const where = def.home === 'programme' ? { sql: 'WHERE program = ?', params: [programme.id] } : { sql: '', params: [] }
  const order = orderOf(def)
  const rows = await loader.context.db.all<{ v: string | null }>(`SELECT ${columnOf(p)} AS v FROM ${def.table} ${where.sql} GROUP BY ${columnOf(p)} ORDER BY ${order ? `MIN(${columnOf(order)}), ` : ''}v LIMIT ${MOST}`, where.params)
  return rows.flatMap((r) => (r.v == null ? [] : [{ value: String(r.v), label: String(r.v) }]))
}

/** What the entity's own list sorts by, from small to great: a dictionary is chosen from in the order it is kept in. */
function orderOf(def: EntityDef): PropertyDef | undefined {
  const [first] = Object.values(def.form.lists).flatMap((list) => list.sort?.trim().split(/[\s,]+/)[0] ?? [])
  const p = first && !first.startsWith('-') ? propertyAt(def, first.replace(/^\+/, '')) : undefined
  return p?.column && !p.sensitive ? p : undefined
}
