import type { Writable } from 'node:stream'
import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { REASON_TITLE, ROW_TITLE } from '../match/titles.ts'
import type { Cell } from '../read/cell.ts'
import { starred } from './import-template.ts'
import { cellText, sheetName, widthOf } from './cell-text.ts'
import { HEADER_STYLE, TEXT_STYLE, WorkbookOutput } from './workbook-output.ts'

export interface FailedRow {
  /** row of the uploaded file */
  row: number
  /** by column id, as they were read */
  cells: Dict<Cell>
  reasons: readonly string[]
}

export interface FailedRowsSpec {
  title: string
  columns: Dict<ImportColumn>
  rows: AsyncIterable<FailedRow> | Iterable<FailedRow>
  at: number
}

const REASON_STYLE = { ...TEXT_STYLE, font: { color: { argb: 'FFC00000' } }, alignment: { wrapText: true, vertical: 'top' as const } }

/** The value in its own kind: a number that was refused as an id is shown as the number it was. */
const original = (cell: Cell | undefined): { value: string | number | boolean | null; numFmt: string } => {
  const kind = cell?.kind === 'formula' ? cell.cached : cell?.kind
  if (!cell || kind === 'empty' || kind === undefined) return { value: null, numFmt: '@' }
  if (kind === 'number' && cell.number !== undefined) return { value: cell.number, numFmt: 'General' }
  if (kind === 'boolean') return { value: cell.text === 'TRUE', numFmt: 'General' }
  return { value: cellText(cell.text), numFmt: '@' }
}

const HEADER = (columns: Dict<ImportColumn>): string[] => [...Object.values(columns).map(starred), ROW_TITLE, REASON_TITLE]

/**
 * Writes the rows an import refused: the template's columns with the values as they came, then 原行号 and 失败原因
 * with every reason. It may be corrected and sent in again as it is. Returns the number of rows.
 */
export const writeFailedRows = async (target: string | Writable, spec: FailedRowsSpec): Promise<number> => {
  const output = new WorkbookOutput(target, spec.at)
  const ids = Object.keys(spec.columns)
  let count = 0
  try {
    const sheet = output.book.addWorksheet(sheetName(spec.title), { views: [{ state: 'frozen', ySplit: 1 }] })
    const titles = HEADER(spec.columns)
    sheet.columns = titles.map((title, i) => ({ width: i === titles.length - 1 ? 60 : Math.max(12, widthOf(title) + 4), style: TEXT_STYLE }))
    const header = sheet.addRow(titles)
    header.eachCell((cell) => { cell.style = HEADER_STYLE })
    header.commit()
    for await (const failed of spec.rows) {
      const cells = ids.map((id) => original(failed.cells[id]))
      const row = sheet.addRow([...cells.map((cell) => cell.value), failed.row, cellText(failed.reasons.join('；'))])
      row.eachCell((cell, i) => { cell.style = i === titles.length ? REASON_STYLE : { numFmt: cells[i - 1]?.numFmt ?? 'General' } })
      row.commit()
      count++
      await output.pace(sheet)
    }
    sheet.commit()
    await output.end()
    return count
  } catch (error) {
    output.abort(error)
    throw error
  }
}
