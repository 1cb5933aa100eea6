import { columnLetters } from '../read/cell.ts'
import { cellText, isOverlong } from './cell-text.ts'
import { GENERAL, type Formats } from './sheet-parts.ts'
import type { WriteColumn, WriteValue } from './sheet-spec.ts'
import { ascii, type XmlBytes } from './xml-bytes.ts'

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/
const DAY = 86_400_000
const DAYS_BEFORE_1970 = 25_569
/** Days since 1899-12-30 of 2026-03-01 or 2026-03-01T09:30:00; undefined = the text is no date. */
const serialOf = (text: string): number | undefined => {
  const parts = ISO.exec(text)
  if (!parts) return undefined
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => (part === undefined ? 0 : Number(part)))
  return DAYS_BEFORE_1970 + Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) / DAY
}

const ROW = ascii('<row r="')
const ROW_OPEN = ascii('">')
const ROW_END = ascii('</row>')
const TEXT_END = ascii('</t></is></c>')
const VALUE_END = ascii('</v></c>')

/** Writes the cells of one column; `row` is the row's number in digits. */
export type CellWriter = (out: XmlBytes, row: Uint8Array, value: WriteValue) => void

/** How the values of a column are written: decided once, as texts, numbers or dates. Strings are always string cells. */
export function cellWriter(column: WriteColumn, index: number, formats: Formats): CellWriter {
  const style = formats.of(column)
  const onlyText = column.kind === undefined || column.kind === 'text' || column.kind === 'remark'
  const own = column.kind === 'given' ? GENERAL : style
  const open = ascii(`<c r="${columnLetters(index + 1)}`)
  const asText = ascii(`" s="${style}" t="inlineStr"><is><t>`)
  const asSpaced = ascii(`" s="${style}" t="inlineStr"><is><t xml:space="preserve">`)
  const asNumber = ascii(`" s="${own}"><v>`)
  const asBoolean = ascii(`" s="${own}" t="b"><v>`)
  const put = (out: XmlBytes, row: Uint8Array, kind: Uint8Array, value: string | number): void => {
    out.cell(open, row, kind, String(value), VALUE_END)
  }
  const putText = (out: XmlBytes, row: Uint8Array, value: string): void => {
    const text = isOverlong(value) ? cellText(value) : value
    // without the attribute, white space at the ends is no part of the text
    const kind = text.charCodeAt(0) <= 32 || text.charCodeAt(text.length - 1) <= 32 ? asSpaced : asText
    out.cell(open, row, kind, text, TEXT_END)
  }
  return (out, row, value) => {
    if (value === null || value === undefined || value === '') return
    if (typeof value === 'string') {
      const serial = column.kind === 'date' ? serialOf(value) : undefined
      if (serial === undefined) putText(out, row, value)
      else put(out, row, asNumber, serial)
    } else if (onlyText || (typeof value === 'number' && !Number.isFinite(value))) putText(out, row, String(value))
    else if (typeof value === 'number') put(out, row, asNumber, value)
    else put(out, row, asBoolean, value ? 1 : 0)
  }
}

const digitsOf = (n: number): Uint8Array => {
  const digits = new Uint8Array(n < 10 ? 1 : Math.floor(Math.log10(n)) + 1)
  for (let i = digits.length - 1, rest = n; i >= 0; i--, rest = Math.floor(rest / 10)) digits[i] = 48 + rest % 10
  return digits
}

export const writeRow = (out: XmlBytes, cells: readonly CellWriter[], row: number, values: readonly WriteValue[]): void => {
  const digits = digitsOf(row)
  out.raw(ROW)
  out.raw(digits)
  out.raw(ROW_OPEN)
  for (let i = 0; i < cells.length; i++) cells[i]!(out, digits, values[i])
  out.raw(ROW_END)
}
