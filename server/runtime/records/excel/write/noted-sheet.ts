import type { Writable } from 'node:stream'
import { cellText, sheetName, widthOf } from './cell-text.ts'
import { addDropDowns } from './drop-downs.ts'
import { addNotes } from './notes.ts'
import type { SheetHead, WriteColumn } from './sheet-spec.ts'
import { HEADER_STYLE, TEXT_STYLE, WorkbookOutput } from './workbook-output.ts'
import type { Worksheet } from './workbook-output.ts'

export interface NotedSheet extends SheetHead {
  /** texts in column order */
  rows: readonly (readonly (string | null)[])[]
  /** lines of a second sheet 填表说明 */
  notes: readonly (readonly string[])[]
  /** rows below the header that get drop-downs */
  dropDownRows: number
}

/** Styles of whole columns, so that what people type below the rows keeps its format too. */
const layOut = (sheet: Worksheet, columns: readonly WriteColumn[]): void => {
  sheet.columns = columns.map((column) => ({ width: Math.min(60, column.width ?? Math.max(12, widthOf(column.title) + 4)), style: column.kind === 'number' ? {} : TEXT_STYLE }))
  const header = sheet.addRow(columns.map((column) => cellText(column.title)))
  header.eachCell((cell) => { cell.style = HEADER_STYLE })
  header.height = 22
  header.commit()
}
const styleOf = (column: WriteColumn): { numFmt: string } => ({ numFmt: column.kind !== 'number' ? '@' : column.scale ? `0.${'0'.repeat(column.scale)}` : '0.######' })

/** Writes a sheet that people fill in, of few rows, with drop-downs and a second sheet of notes. */
export const writeNotedSheet = async (target: string | Writable, spec: NotedSheet): Promise<void> => {
  const output = new WorkbookOutput(target, spec.at)
  try {
    const sheet = output.book.addWorksheet(sheetName(spec.title), { views: [{ state: 'frozen', ySplit: 1 }] })
    layOut(sheet, spec.columns)
    const styles = spec.columns.map(styleOf)
    for (const values of spec.rows) {
      const row = sheet.addRow(spec.columns.map((_, i) => cellText(values[i] ?? '') || null))
      row.eachCell((cell, i) => { cell.style = styles[i - 1] ?? TEXT_STYLE })
      row.commit()
    }
    addDropDowns(output.book, sheet, spec.columns.map((column) => column.values ?? []), spec.dropDownRows)
    sheet.commit()
    addNotes(output.book, spec.notes)
    await output.end()
  } catch (error) {
    output.abort(error)
    throw error
  }
}
