import type { CellValue, Row } from 'exceljs'
import { FileRefusal } from '../../archive/file-refusal.ts'
import type { Cell, SheetRow } from './cell.ts'
import { serialToText } from './dates.ts'
import type { SheetLimits } from './limits.ts'
import type { NotUnderstood } from './not-understood.ts'
import { refuseLongText } from './shared-strings.ts'
import { refuseCorrupt } from './small-xml.ts'
import { ZipFile } from '../../archive/zip-file.ts'

export interface FallbackOptions {
  limits: SheetLimits
  sheet?: string
  /** rows the own reader gave out before it stopped */
  skip: number
  reason: NotUnderstood
}

const DAY = 86_400_000
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const dateCell = (date: Date): Cell => {
  const number = date.getTime() / DAY + 25_569
  return { kind: 'date', text: serialToText(number, false) ?? '', number }
}

/** Our cell from a value as exceljs gives it; undefined = no content. */
export const cellOfExceljs = (value: CellValue | undefined): Cell | undefined => {
  if (value === null || value === undefined || value === '') return undefined
  if (typeof value === 'number') return { kind: 'number', text: String(value), number: value }
  if (typeof value === 'boolean') return { kind: 'boolean', text: value ? 'TRUE' : 'FALSE' }
  if (typeof value === 'string') return { kind: 'string', text: value }
  if (value instanceof Date) return dateCell(value)
  if ('formula' in value || 'sharedFormula' in value) {
    const result = cellOfExceljs(value.result as CellValue)
    return result ? { ...result, kind: 'formula', cached: result.kind as Exclude<Cell['kind'], 'formula'> } : { kind: 'formula', text: '', cached: 'empty' }
  }
  if ('error' in value) return { kind: 'error', text: value.error }
  if ('richText' in value) return cellOfExceljs(value.richText.map((run) => run.text).join(''))
  return 'text' in value && isObject(value) ? cellOfExceljs(value.text as CellValue) : undefined
}

/** exceljs holds all texts of a workbook in memory, at several times their size */
const MAX_INFLATED = 100 * 1024 * 1024

/** exceljs knows no limits: every part is inflated against ours first. */
const assertHarmless = async (path: string, limits: SheetLimits): Promise<void> => {
  const zip = await ZipFile.open(path, { ...limits, subject: 'Excel 文件', maxTotalBytes: Math.min(MAX_INFLATED, limits.maxInflatedBytes) })
  try {
    for (const entry of zip.entries) {
      for await (const chunk of zip.stream(entry)) {
        if (chunk.includes('<!DOCTYPE')) throw new FileRefusal('dtd', 'document type declaration', 'Excel 文件里含有不允许的内容（DTD 声明），不能导入。')
      }
    }
  } finally {
    await zip.close()
  }
}

const rowOf = (row: Row, limits: SheetLimits): SheetRow | undefined => {
  const cells: SheetRow['cells'] = {}
  row.eachCell((source, column) => {
    const cell = cellOfExceljs(source.value)
    if (!cell) return
    if (cell.text.length > limits.maxStringLength) throw refuseLongText(cell.text.length, limits.maxStringLength)
    cells[column] = cell
  })
  return Object.keys(cells).length === 0 ? undefined : { row: row.number, cells }
}

/** Slow reading through exceljs, for files the own reader does not understand. What exceljs cannot read either is refused as corrupt. */
export async function* readWithExceljs(path: string, options: FallbackOptions): AsyncGenerator<SheetRow, void, undefined> {
  const { limits, reason } = options
  await assertHarmless(path, limits)
  // a heavy module that few files need
  const { default: ExcelJS } = await import('exceljs')
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(path, { sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore', worksheets: 'emit', entries: 'ignore' })
  let rows = 0
  try {
    for await (const sheet of reader) {
      const info = sheet as unknown as { name: string; state?: string }
      if (options.sheet === undefined ? (info.state ?? 'visible') !== 'visible' : info.name !== options.sheet) continue
      for await (const source of sheet) {
        const row = rowOf(source, limits)
        if (!row) continue
        if (++rows > limits.maxRows) throw new FileRefusal('too-many-rows', `more than ${limits.maxRows}`, `Excel 文件的内容超过上限 ${limits.maxRows} 行，请拆分后分批上传。`)
        if (rows > options.skip) yield row
      }
      return
    }
  } catch (error) {
    if (error instanceof FileRefusal) throw error
    throw refuseCorrupt(`${reason.message}; exceljs: ${(error as Error).message}`)
  }
  throw refuseCorrupt(`${reason.message}; exceljs found no sheet`)
}
