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

/** Which columns this entity's programme form fills, computed once per definition. */
const plans = new WeakMap<EntityDef, { stored: PropertyDef[]; columns: TableColumn[] }>()
export function storedProperties(def: EntityDef): { stored: PropertyDef[]; columns: TableColumn[] } {
  let plan = plans.get(def)
  if (!plan) {
    const stored = [...walk(def.properties)].filter((p) => columnsOf(p).length > 0)
    plans.set(def, (plan = { stored, columns: stored.flatMap(columnsOf) }))
  }
  return plan
}

/** Column values and the JSON rest of one record. */
export function encode(def: EntityDef, id: string, data: RecordData, sealing: Sealing): Record<string, SqlValue> {
  const rest = copyOf(data)
  const out: Record<string, SqlValue> = {}
  for (const p of walk(def.properties)) {
    if (isReadCompute(p) || p.path === 'status') { dropPath(rest, p.path); continue }
    if (columnsOf(p).length === 0) continue
    const value = getPath(data, p.path)
    dropPath(rest, p.path)
    const name = columnOf(p)
    if (isSensitive(p)) {
      const text = value === undefined || value === null || value === '' ? null : String(value)
      out[`${name}_enc`] = text === null ? null : sealing.seal(text, { table: def.table, column: name, row: id })
      out[`${name}_bix`] = text === null ? null : sealing.blind(p.sensitive!, text)
    } else out[name] = toSql(p, value)
  }
  out['data'] = JSON.stringify(rest)
  return out
}

function dropPath(target: RecordData, path: string): void {
  const keys = path.split('.')
  const parent = keys.length > 1 ? getPath(target, keys.slice(0, -1).join('.')) : target
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
  for (const p of walk(def.properties)) {
    if (!p.linkTable) continue
    const list = getPath(data, p.path)
    if (!Array.isArray(list)) continue
    list.forEach((item, position) => rows.push(p.items?.ref
      ? { table: p.linkTable!, owner: id, position, target: String(item), value: null }
      : { table: p.linkTable!, owner: id, position, target: null, value: String(item) }))
  }
  return rows
}
