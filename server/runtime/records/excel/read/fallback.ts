import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CellValue, Row } from 'exceljs'
import { FileRefusal } from '../../archive/file-refusal.ts'
import type { Cell, SheetRow } from './cell.ts'
import { serialToText } from './dates.ts'
import type { SheetLimits } from './limits.ts'
import type { NotUnderstood } from './not-understood.ts'
import { refuseLongText } from './shared-strings.ts'
import { refuseCorrupt } from './small-xml.ts'
import { copyChecked } from './checked-copy.ts'
import { withProgress } from './progress.ts'

export interface FallbackOptions {
  limits: SheetLimits
  sheet: string | undefined
  /** rows the own reader gave out before it stopped */
  skip: number
  /** default: the system's folder */
  tempFolder: string | undefined
  reason: NotUnderstood
}

const DAY = 86_400_000
/** no next row in this time: exceljs waits for something that does not come */
const STALLED_MS = 60_000
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
  const folder = await mkdtemp(join(options.tempFolder ?? tmpdir(), 'sheet-'))
  try {
    const copy = join(folder, 'copy.xlsx')
    await copyChecked(path, copy, options.limits)
    yield* readCopy(copy, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* readCopy(path: string, options: FallbackOptions): AsyncGenerator<SheetRow, void, undefined> {
  const { limits, reason } = options
  // a heavy module that few files need
  const { default: ExcelJS } = await import('exceljs')
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(path, { sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore', worksheets: 'emit', entries: 'ignore' })
  let rows = 0
  try {
    for await (const sheet of withProgress(reader, STALLED_MS)) {
      const info = sheet as unknown as { name: string; state?: string }
      if (options.sheet === undefined ? (info.state ?? 'visible') !== 'visible' : info.name !== options.sheet) continue
      for await (const source of withProgress(sheet, STALLED_MS)) {
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
