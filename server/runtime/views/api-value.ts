import type { EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import { SYSTEM_PROPERTIES } from '#server/runtime/definitions/index.ts'
import { may } from '#server/runtime/access/index.ts'
import { mask as maskText } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { feelToJson, feelToProperty, presentValue, recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import type { ApiRecord } from './api-types.ts'
import { ruleAt } from './cells.ts'
import { notePlain } from './personal-reads.ts'

export const API_MASK = '3:*:4'
const OWN = new Set(['id', 'rev', 'program'])

/** What a record has for the REST resource: its own properties, and the system's that it does not declare itself. */
export const apiProperties = (def: EntityDef): PropertyDef[] =>
  Object.values({ ...SYSTEM_PROPERTIES, ...def.properties }).filter((p) => !OWN.has(p.name))
export const seesPlain = (call: Call, def: EntityDef): boolean => may(call.programme, def, call.actor.role, 'unmask')

interface Place { call: Call; loader: FactLoader; def: EntityDef; row: { $: 'row'; entity: string; id: string }; masked: string[] }
type Value = JsonObject[string] | undefined

const isVisible = ({ loader, row, def }: Place, p: PropertyDef): boolean =>
  p.when?.visible === undefined || loader.context.registry.expression(loader.context.programme.id, p.when.visible, recordScope(def)).evaluate(loader.scope({ record: row, item: row, old: null })) === true

/** One value as the person may see it. `rule` is its path in definitions ("majors[].code"), `at` where it stands ("majors.0.code"). */
function shown(place: Place, p: PropertyDef, rule: string, at: string, value: FeelValue): Value {
  if (value === null) return undefined
  const access = ruleAt(place.call, place.loader, place.def, place.row, rule)
  if (access.hidden || !isVisible(place, p)) return undefined
  if (p.kind === 'object' && p.properties) return objectOf(place, p, rule, at, value)
  if (p.kind === 'array' && Array.isArray(value)) return value.map((v, i) => (p.items?.properties ? objectOf(place, p.items, `${rule}[]`, `${at}.${i}`, v) : p.items ? shown(place, p.items, rule, `${at}.${i}`, v) : plain(feelToJson(v))) ?? null)
  const mask = access.mask ?? (p.sensitive && !seesPlain(place.call, place.def) ? API_MASK : undefined)
  if (!mask) {
    if (p.sensitive) notePlain(place.loader, place.row, rule)
    return plain(feelToProperty(p, value))
  }
  // the name of a masked file or record would tell what the mask hides
  if (p.file) return undefined
  const text = p.ref ? presentValue(place.loader, p, value, place.call.actor.lang).text : String(feelToProperty(p, value))
  place.masked.push(at)
  return maskText(text, mask) ?? undefined
}
const plain = (value: unknown): Value => (value === undefined ? undefined : (value as JsonObject[string]))

function objectOf(place: Place, p: PropertyDef, rule: string, at: string, value: FeelValue): Value {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const source = value as Record<string, FeelValue>
  const out: JsonObject = {}
  if (typeof source['_id'] === 'string') out['_id'] = source['_id']
  for (const c of Object.values(p.properties ?? {})) {
    const v = shown(place, c, `${rule}.${c.name}`, `${at}.${c.name}`, source[c.name] ?? null)
    if (v !== undefined) out[c.name] = v
  }
  return out
}

/** Records as JSON, a set at once: values are settled one by one, so that what all of them lack is fetched together. */
export async function recordsAsJson(call: Call, loader: FactLoader, def: EntityDef, ids: string[], fields?: string[]): Promise<{ record: ApiRecord; masked: string[] }[]> {
  const properties = apiProperties(def).filter((p) => !fields || fields.includes(p.name))
  const asked = ids.flatMap((id) => properties.map((p) => ({ id, p })))
  const made = await loader.settleAll(asked, ({ id, p }) => {
    const place: Place = { call, loader, def, row: { $: 'row', entity: def.id, id }, masked: [] }
    return { value: shown(place, p, p.path, p.path, loader.property(place.row, p.name)), masked: place.masked }
  })
  const revs = await loader.settleAll(ids, (id) => Number(loader.property({ $: 'row', entity: def.id, id }, 'rev') ?? 0))
  return ids.map((id, n) => {
    const mine = made.slice(n * properties.length, (n + 1) * properties.length)
    const values = properties.flatMap((p, k): [string, JsonObject[string]][] => (mine[k]!.value === undefined ? [] : [[p.name, mine[k]!.value]]))
    return { record: { id, rev: revs[n]!, ...Object.fromEntries(values) }, masked: mine.flatMap((m) => m.masked) }
  })
}
