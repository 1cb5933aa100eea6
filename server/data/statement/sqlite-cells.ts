import type { Row } from '../types.ts'
import type { Params } from './driver.ts'

const isPlain = (v: unknown): boolean => typeof v !== 'boolean' && v !== undefined
const bindable = (v: unknown): unknown => (typeof v === 'boolean' ? Number(v) : v === undefined ? null : v)
/** Values as SQLite takes them. */
export const bound = (params: Params): readonly unknown[] => (params.every(isPlain) ? params : params.map(bindable))

const value = (v: unknown): unknown => {
  if (typeof v === 'bigint') { const n = Number(v); return Number.isSafeInteger(n) ? n : String(v) }
  return v instanceof Uint8Array && !Buffer.isBuffer(v) ? Buffer.from(v.buffer, v.byteOffset, v.byteLength) : v
}
/** A row that came as an array: half the time of objects. */
export const rowOf = (names: readonly string[], cells: readonly unknown[]): Row => {
  const row: Row = {}
  for (let i = 0; i < cells.length; i++) { const v = cells[i]; row[names[i]!] = typeof v === 'object' || typeof v === 'bigint' ? value(v) : v }
  return row
}
