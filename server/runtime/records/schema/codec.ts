import type { SqlValue } from '#server/data/index.ts'
import { copyOf } from '#server/platform/json.ts'
import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import { columnsOf, type TableColumn } from './tables.ts'
import { columnOf, getPath, isReadCompute, isSensitive, setPath, walk } from './properties.ts'

/** JSON values of a record, as its schema describes them. */
export type RecordData = Record<string, unknown>
export type RawRow = Record<string, unknown>
/** What a sealed value is bound to: it cannot be moved to another row or column. */
export interface Place { table: string; column: string; row: string }
export interface Sealing {
  seal(plain: string, place: Place): string
  open(sealed: string, place: Place): string
  blind(kind: string, value: string): string
}

const scaled = (value: number | string, scale: number): number => Math.round(Number(value) * 10 ** scale)

/** A schema value as its column holds it: instants in ms, decimals scaled, booleans 0/1, references as numbers. */
export function toSql(p: PropertyDef, value: unknown): SqlValue {
  if (value === undefined || value === null || value === '') return null
  switch (p.kind) {
    case 'integer': return Number(value)
    case 'number': return scaled(value as number, p.scale ?? 0)
    case 'boolean': return value === true ? 1 : 0
    case 'date-time': return typeof value === 'number' ? value : Date.parse(String(value))
    case 'ref': case 'file': return Number(value)
    default: return String(value)
  }
}

export function fromSql(p: PropertyDef, value: unknown): unknown {
  if (value === undefined || value === null) return undefined
  switch (p.kind) {
    case 'integer': return Number(value)
    case 'number': return Number(value) / 10 ** (p.scale ?? 0)
    case 'boolean': return Number(value) === 1
    case 'date-time': return new Date(Number(value)).toISOString()
    case 'ref': case 'file': return String(value)
    default: return String(value)
  }
}

/** `columns`: all that the stored properties fill, in the order of `encodeRow`. `own`, `inner`: names and paths that are no part of the JSON rest. */
interface Plan { stored: PropertyDef[]; names: string[]; columns: TableColumn[]; own: Set<string>; inner: string[]; links: { p: PropertyDef; table: string }[] }
/** Which columns this entity's programme form fills, found once per definition. */
const plans = new WeakMap<EntityDef, Plan>()
export function storedProperties(def: EntityDef): Plan {
  let plan = plans.get(def)
  if (!plan) plans.set(def, (plan = planFor(def)))
  return plan
}
function planFor(def: EntityDef): Plan {
  const all = walk(def.properties)
  const stored = all.filter((p) => columnsOf(p).length > 0)
  const gone = all.filter((p) => isReadCompute(p) || p.path === 'status' || columnsOf(p).length > 0).map((p) => p.path)
  return {
    stored, names: stored.map(columnOf), columns: stored.flatMap(columnsOf),
    own: new Set(gone.filter((path) => !path.includes('.'))), inner: gone.filter((path) => path.includes('.')),
    links: all.flatMap((p) => (p.linkTable ? [{ p, table: p.linkTable }] : [])),
  }
}

/** Column values in the order of `storedProperties`, then the JSON rest. */
export function encodeRow(def: EntityDef, id: string, data: RecordData, sealing: Sealing): SqlValue[] {
  const plan = storedProperties(def)
  const out: SqlValue[] = []
  for (let i = 0; i < plan.stored.length; i++) {
    const p = plan.stored[i]!
    const value = getPath(data, p.path)
    if (!isSensitive(p)) { out.push(toSql(p, value)); continue }
    if (value === undefined || value === null || value === '') { out.push(null, null); continue }
    const text = String(value)
    out.push(sealing.seal(text, { table: def.table, column: plan.names[i]!, row: id }), sealing.blind(p.sensitive!, text))
  }
  out.push(JSON.stringify(restOf(plan, data)))
  return out
}

function restOf({ own, inner }: Plan, data: RecordData): RecordData {
  const rest: RecordData = {}
  for (const key of Object.keys(data)) if (!own.has(key)) rest[key] = inner.length > 0 ? copyOf(data[key]) : data[key]
  for (const path of inner) dropPath(rest, path)
  return rest
}

/** Column values and the JSON rest of one record. */
export function encode(def: EntityDef, id: string, data: RecordData, sealing: Sealing): Record<string, SqlValue> {
  const values = encodeRow(def, id, data, sealing)
  const out: Record<string, SqlValue> = {}
  storedProperties(def).columns.forEach((c, i) => { out[c.name] = values[i]! })
  out['data'] = values.at(-1)!
  return out
}

function dropPath(target: RecordData, path: string): void {
  const keys = path.split('.')
  const parent = getPath(target, keys.slice(0, -1).join('.'))
  if (parent !== null && typeof parent === 'object') delete (parent as RecordData)[keys.at(-1)!]
}

/** One value of a raw row without decoding the rest; sensitive values are opened only here. */
export function decodePath(def: EntityDef, raw: RawRow, p: PropertyDef, sealing: Sealing, json: () => RecordData): unknown {
  if (p.path === 'status') return raw['status'] ?? undefined
  if (isReadCompute(p)) return undefined
  if (p.kind === 'object' && p.properties) {
    const out: RecordData = { ...((getPath(json(), p.path) as RecordData | undefined) ?? {}) }
    let any = Object.keys(out).length > 0
    for (const child of Object.values(p.properties)) {
      const v = decodePath(def, raw, child, sealing, json)
      if (v !== undefined) { out[child.name] = v; any = true }
    }
    return any ? out : undefined
  }
  if (columnsOf(p).length === 0) return getPath(json(), p.path)
  const name = columnOf(p)
  if (isSensitive(p)) {
    const sealed = raw[`${name}_enc`]
    return sealed == null ? undefined : sealing.open(String(sealed), { table: def.table, column: name, row: String(raw['id']) })
  }
  return fromSql(p, raw[name])
}

/** The whole record as JSON (read computes are not here: the facts loader adds them). */
export function decode(def: EntityDef, raw: RawRow, sealing: Sealing): RecordData {
  let parsed: RecordData | undefined
  const json = () => (parsed ??= JSON.parse((raw['data'] as string | null) ?? '{}') as RecordData)
  const out: RecordData = { ...json() }
  for (const p of Object.values(def.properties)) {
    const v = decodePath(def, raw, p, sealing, json)
    if (v === undefined) delete out[p.name]
    else setPath(out, p.name, v)
  }
  return out
}

export interface LinkRow { table: string; owner: string; position: number; target: string | null; value: string | null }
/** Arrays of references are mirrored in link tables so that they can be asked in SQL. */
export function linksOf(def: EntityDef, id: string, data: RecordData): LinkRow[] {
  const rows: LinkRow[] = []
  for (const { p, table } of storedProperties(def).links) {
    const list = getPath(data, p.path)
    if (!Array.isArray(list)) continue
    list.forEach((item, position) => rows.push(p.items?.ref
      ? { table, owner: id, position, target: String(item), value: null }
      : { table, owner: id, position, target: null, value: String(item) }))
  }
  return rows
}
