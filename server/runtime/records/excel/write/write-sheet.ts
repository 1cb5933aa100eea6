import type { Writable } from 'node:stream'
import { addDropDowns } from './drop-downs.ts'
import { addNotes } from './notes.ts'
import { cellText, HEADER_STYLE, sheetName, TEXT_STYLE, widthOf, WorkbookOutput } from './workbook-output.ts'
import type { Worksheet, WriteValue } from './workbook-output.ts'

export type { WriteValue } from './workbook-output.ts'

export interface WriteColumn {
  title: string
  /** default `text`: ids, codes and names stay as they are; `date` takes 2026-03-01 or 2026-03-01T09:30:00 */
  kind?: 'text' | 'number' | 'date'
  /** decimals shown of a number */
  scale?: number
  /** characters; default from the title */
  width?: number
  /** drop-down of allowed labels */
  values?: readonly string[]
}

export interface SheetSpec {
  title: string
  columns: readonly WriteColumn[]
  /** values in column order */
  rows: AsyncIterable<readonly WriteValue[]> | Iterable<readonly WriteValue[]>
  /** lines of a second sheet 填表说明 */
  notes?: readonly (readonly string[])[]
  /** rows below the header that get drop-downs */
  dropDownRows?: number
  /** time stamped into the file, ms UTC */
  at: number
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/

const dateOf = (text: string): Date | string => {
  const parts = ISO.exec(text)
  if (!parts) return cellText(text)
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => (part === undefined ? 0 : Number(part)))
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second))
}

const toCell = (value: WriteValue, column: WriteColumn): string | number | boolean | Date | null => {
  if (value === null || value === undefined || value === '') return null
  if (typeof value !== 'string') return column.kind === 'text' || column.kind === undefined ? String(value) : value
  return column.kind === 'date' ? dateOf(value) : cellText(value)
}

const styleOf = (column: WriteColumn): { numFmt: string } => {
  if (column.kind === 'number') return { numFmt: column.scale ? `0.${'0'.repeat(column.scale)}` : '0.######' }
  return { numFmt: column.kind === 'date' ? 'yyyy-mm-dd' : '@' }
}

/** Styles of whole columns, so that what people type below the rows keeps its format too. */
const layOut = (sheet: Worksheet, columns: readonly WriteColumn[]): void => {
  sheet.columns = columns.map((column) => ({ width: Math.min(60, column.width ?? Math.max(12, widthOf(column.title) + 4)), style: column.kind === 'number' ? {} : column.kind === 'date' ? styleOf(column) : TEXT_STYLE }))
  const header = sheet.addRow(columns.map((column) => cellText(column.title)))
  header.eachCell((cell) => { cell.style = HEADER_STYLE })
  header.height = 22
  header.commit()
}

/**
 * Writes one sheet with a frozen header row; returns the number of rows. Strings are always string cells, whatever
 * they begin with (`= + - @`): a workbook takes a formula for one only if it is written as one.
 * Memory does not grow with the rows. Fails with the error of the rows or the target.
 */
export const writeSheet = async (target: string | Writable, spec: SheetSpec): Promise<number> => {
  const output = new WorkbookOutput(target, spec.at)
  let count = 0
  try {
    const sheet = output.book.addWorksheet(sheetName(spec.title), { views: [{ state: 'frozen', ySplit: 1 }] })
    layOut(sheet, spec.columns)
    const styles = spec.columns.map(styleOf)
    for await (const values of spec.rows) {
      const row = sheet.addRow(spec.columns.map((column, i) => toCell(values[i], column)))
      row.eachCell((cell, i) => { cell.style = styles[i - 1] ?? TEXT_STYLE })
      row.commit()
      count++
      await output.pace(sheet)
    }
    addDropDowns(output.book, sheet, spec.columns.map((column) => column.values ?? []), spec.dropDownRows ?? 0)
    sheet.commit()
    if (spec.notes) addNotes(output.book, spec.notes)
    await output.end()
    return count
  } catch (error) {
    output.abort(error)
    throw error
  }
}
