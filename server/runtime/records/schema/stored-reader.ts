import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import { fromSql, type RawRow, type RecordData, type Sealing } from './codec.ts'
import { columnOf, getPath, isReadCompute, isSensitive } from './properties.ts'

/** How one stored value is taken from raw rows, and the column that holds it. */
export interface StoredReader { column: string; read(raw: RawRow): unknown }

/** The JSON rest of a row, parsed once for all that is asked of the row in one go. */
export function restReader(): (raw: RawRow) => RecordData {
  let last: RawRow | undefined
  let rest: RecordData = {}
  return (raw) => {
    if (raw !== last) [last, rest] = [raw, JSON.parse((raw['data'] as string | null) ?? '{}') as RecordData]
    return rest
  }
}

/** As `decodePath` answers for every row, save that instants stay in ms, with all that the definition decides decided once; null for what is computed or made of several values. */
export function storedReader(def: EntityDef, p: PropertyDef, sealing: Sealing, rest: (raw: RawRow) => RecordData): StoredReader | null {
  if (isReadCompute(p) || p.kind === 'object' || p.path.includes('[')) return null
  if (p.path === 'status') return { column: 'status', read: (raw) => raw['status'] ?? undefined }
  const name = columnOf(p)
  if (isSensitive(p)) {
    const [table, column] = [def.table, `${name}_enc`]
    return { column, read: (raw) => (raw[column] == null ? undefined : sealing.open(String(raw[column]), { table, column: name, row: String(raw['id']) })) }
  }
  if (!p.column || p.kind === 'array') return { column: 'data', read: (raw) => getPath(rest(raw), p.path) }
  if (p.kind === 'date-time') return { column: name, read: (raw) => (raw[name] == null ? undefined : Number(raw[name])) }
  return { column: name, read: (raw) => fromSql(p, raw[name]) }
}
