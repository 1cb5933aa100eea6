import type ExcelJS from 'exceljs'
import { cellText } from './cell-text.ts'
import { HEADER_STYLE, TEXT_STYLE } from './workbook-output.ts'

export const NOTES_SHEET = '填表说明'

/** A second sheet of lines; a line of several parts is a table row, the first such line its header. */
export const addNotes = (book: ExcelJS.stream.xlsx.WorkbookWriter, lines: readonly (readonly string[])[]): void => {
  const sheet = book.addWorksheet(NOTES_SHEET)
  sheet.columns = [{ width: 24 }, { width: 12 }, { width: 24 }, { width: 60 }, { width: 24 }]
  let inTable = false
  for (const line of lines) {
    const row = sheet.addRow(line.map(cellText))
    const head = line.length > 1 && !inTable
    inTable = line.length > 1
    row.eachCell((cell) => { cell.style = head ? HEADER_STYLE : { ...TEXT_STYLE, alignment: { vertical: 'top', wrapText: line.length > 1 } } })
    row.commit()
  }
  sheet.commit()
}
