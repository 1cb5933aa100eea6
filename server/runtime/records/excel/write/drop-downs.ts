import type ExcelJS from 'exceljs'
import { columnLetters } from '../read/cell.ts'
import { cellText } from './cell-text.ts'
import type { Worksheet } from './workbook-output.ts'

/** Excel's bound for a list written into the cell itself, with room for the quotes */
const MAX_INLINE = 250
export const OPTIONS_SHEET = '选项'

const isInline = (values: readonly string[]): boolean => values.join(',').length <= MAX_INLINE && values.every((value) => !/[",]/.test(value))

/** Drop-downs below the header, from row 2 on. Long lists stand in a hidden sheet and are referred to. Before `sheet.commit()`. */
export const addDropDowns = (book: ExcelJS.stream.xlsx.WorkbookWriter, sheet: Worksheet, lists: readonly (readonly string[])[], rows: number): void => {
  if (rows < 1) return
  const long = lists.filter((values) => values.length > 0 && !isInline(values))
  lists.forEach((values, i) => {
    if (values.length === 0) return
    const letter = columnLetters(i + 1)
    const source = columnLetters(long.indexOf(values) + 1)
    const formula = isInline(values) ? `"${values.map(cellText).join(',')}"` : `'${OPTIONS_SHEET}'!$${source}$1:$${source}$${values.length}`
    const validations = (sheet as unknown as { dataValidations: { add(range: string, rule: ExcelJS.DataValidation): void } }).dataValidations
    validations.add(`${letter}2:${letter}${rows + 1}`, {
      type: 'list', allowBlank: true, formulae: [formula], showErrorMessage: true, errorStyle: 'stop', errorTitle: '内容不在可选范围内', error: '请从下拉列表中选择。',
    })
  })
  if (long.length === 0) return
  const options = book.addWorksheet(OPTIONS_SHEET, { state: 'hidden' })
  const height = Math.max(...long.map((values) => values.length))
  for (let row = 0; row < height; row++) options.addRow(long.map((values) => cellText(values[row] ?? ''))).commit()
  options.commit()
}
