import type { MergedRange, SheetRow } from './cell.ts'
import { readWithExceljs } from './fallback.ts'
import { SHEET_LIMITS } from './limits.ts'
import type { SheetLimits } from './limits.ts'
import { readMerges } from './merges.ts'
import { NotUnderstood } from './not-understood.ts'
import { RowScanner } from './row-scanner.ts'
import { loadSharedStrings } from './shared-strings.ts'
import { StringStore } from './string-store.ts'
import { parseStyles } from './styles.ts'
import { chooseSheet, openWorkbook } from './workbook.ts'

export interface ReadOptions extends Partial<SheetLimits> {
  /** sheet name; without it the first visible sheet */
  sheet?: string
  /** where distinct texts go when they exceed the memory bound; default: the system's folder */
  tempFolder?: string
}

const STYLES_BYTES = 32 * 1024 * 1024

/**
 * Rows of one sheet of an .xlsx file, in file order, without rows and cells that have no content.
 * Memory does not grow with the file. Throws FileRefusal with a text for the person; a refusal may come
 * after rows were given out (checksum, limits), so keep nothing before the iteration has ended.
 */
export async function* readSheet(path: string, options: ReadOptions = {}): AsyncGenerator<SheetRow, void, undefined> {
  for await (const rows of readSheetBatches(path, options)) yield* rows
}

/** The same, as many rows at a time as the file gives at once: an asynchronous step for each row and layer would cost more than reading it. */
export async function* readSheetBatches(path: string, options: ReadOptions = {}): AsyncGenerator<SheetRow[], void, undefined> {
  const limits = { ...SHEET_LIMITS, ...options }
  let given = 0
  let reason: NotUnderstood
  try {
    for await (const rows of readOurselves(path, limits, options)) {
      given += rows.length
      if (rows.length > 0) yield rows
    }
    return
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    reason = error
  }
  for await (const row of readWithExceljs(path, { limits, skip: given, reason, sheet: options.sheet, tempFolder: options.tempFolder })) yield [row]
}

/** Merged ranges of the sheet. A separate pass over the part, about a fifth of the cost of reading it. */
export const readMergedRanges = async (path: string, options: ReadOptions = {}): Promise<MergedRange[]> => {
  const workbook = await openWorkbook(path, { ...SHEET_LIMITS, ...options }).catch((error: unknown) => {
    if (error instanceof NotUnderstood) return undefined
    throw error
  })
  if (!workbook) return []
  try {
    return await readMerges(workbook.zip.stream(chooseSheet(workbook, options.sheet).part))
  } finally {
    await workbook.zip.close()
  }
}

/** Names of the sheets that people see, the first being the one that is read; empty when only exceljs understands the file. */
export const visibleSheets = async (path: string, options: ReadOptions = {}): Promise<string[]> => {
  const workbook = await openWorkbook(path, { ...SHEET_LIMITS, ...options }).catch((error: unknown) => {
    if (error instanceof NotUnderstood) return undefined
    throw error
  })
  await workbook?.zip.close()
  return workbook?.sheets.filter((sheet) => !sheet.hidden).map((sheet) => sheet.name) ?? []
}

async function* readOurselves(path: string, limits: SheetLimits, options: ReadOptions): AsyncGenerator<SheetRow[], void, undefined> {
  const workbook = await openWorkbook(path, limits)
  const strings = new StringStore(limits.stringCacheBytes, options.tempFolder)
  try {
    const sheet = chooseSheet(workbook, options.sheet)
    if (workbook.strings) await loadSharedStrings(workbook.zip.stream(workbook.strings), strings, limits.maxStringLength)
    const styles = workbook.styles ? parseStyles(await workbook.zip.read(workbook.styles, STYLES_BYTES)) : []
    const scanner = new RowScanner({ strings, styles, date1904: workbook.date1904, limits })
    // goes on to the end even when the rows are over: the checksum stands there
    for await (const chunk of workbook.zip.stream(sheet.part)) yield scanner.feed(chunk)
    if (!scanner.done) throw new NotUnderstood('sheet data does not end')
  } finally {
    strings.close()
    await workbook.zip.close()
  }
}
