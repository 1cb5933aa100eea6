import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { FileRefusal } from '../../archive/file-refusal.ts'
import type { Cell, MergedRange, SheetRow } from '../read/cell.ts'
import { SHEET_LIMITS } from '../read/limits.ts'
import { readMergedRanges, readSheetBatches } from '../read/read-sheet.ts'
import type { ReadOptions } from '../read/read-sheet.ts'
import { HEADER_ROWS, mapHeader } from './map-header.ts'
import type { HeaderProblem } from './map-header.ts'
import { dataOnOtherSheets } from './other-sheets.ts'
import { readCell } from './read-cell.ts'
import type { CellCode, ImportValue, ReadCellOptions } from './read-cell.ts'

export interface ImportRow {
  /** as Excel shows it */
  row: number
  /** by column id; a column with an error has no entry */
  values: Dict<ImportValue>
  errors: { column: string; code: CellCode; person: string }[]
  /** the cells as they were, for the file of failed rows */
  cells: Dict<Cell>
}

/** The header is not the template's: `problems` lists everything at once. */
export class HeaderRefusal extends FileRefusal {
  constructor(readonly problems: readonly HeaderProblem[]) {
    super('header', problems.map((p) => p.code).join(', '), problems.map((p) => p.person).join('\n'))
  }
}

export interface ImportRowsOptions extends ReadOptions, ReadCellOptions {}

type Places = { id: string; column: ImportColumn; place: number }[]
/** What a row of the sheet is taken for; undefined for a blank one. */
type Look<T> = (row: SheetRow) => T | undefined

const isBlank = (cell: Cell | undefined): boolean => cell === undefined || (cell.kind !== 'formula' && cell.text.trim() === '')

const judgeWith = (mapped: Places, merges: readonly MergedRange[], options: ReadCellOptions): Look<ImportRow> => {
  const covered = (row: number, place: number): boolean =>
    merges.some((m) => row >= m.top && row <= m.bottom && place >= m.left && place <= m.right && !(row === m.top && place === m.left))
  return (source) => {
    const result: ImportRow = { row: source.row, values: {}, errors: [], cells: {} }
    let blank = true
    for (const { id, column, place } of mapped) {
      const cell = source.cells[place]
      if (cell) result.cells[id] = cell
      blank &&= isBlank(cell)
      const read = readCell(cell, column, options)
      if (read.ok) result.values[id] = read.value
      else if (read.code === 'required' && covered(source.row, place)) result.errors.push({ column: id, code: 'merged', person: `“${column.title}”的单元格被合并，请取消合并后逐行填写。` })
      else result.errors.push({ column: id, code: read.code, person: read.person })
    }
    return blank ? undefined : result
  }
}

const tooManyRows = (maxRows: number): FileRefusal => new FileRefusal('too-many-rows', `more than ${maxRows}`, `数据超过上限 ${maxRows} 行，请拆分后分批上传。`)

/** Waits for the header, then looks at each row below it. */
async function* dataRows<T>(path: string, columns: Dict<ImportColumn>, options: ImportRowsOptions, lookWith: (mapped: Places, merges: readonly MergedRange[]) => Look<T>): AsyncGenerator<T[], void, undefined> {
  const maxRows = options.maxRows ?? SHEET_LIMITS.maxRows
  const reading = { ...options, maxRows: maxRows + HEADER_ROWS }
  const elsewhere = options.sheet === undefined ? await dataOnOtherSheets(path, columns, reading) : null
  if (elsewhere) throw new HeaderRefusal([elsewhere])
  const merges = await readMergedRanges(path, reading)
  const head: SheetRow[] = []
  let look: Look<T> | undefined
  let count = 0
  const start = (): SheetRow[] => {
    const header = mapHeader(head, columns, merges)
    if (!header.ok) throw new HeaderRefusal(header.problems)
    look = lookWith(Object.entries(columns).flatMap(([id, column]) => (header.columns[id] === undefined ? [] : [{ id, column, place: header.columns[id] }])), merges)
    return head.filter((row) => row.row > header.row)
  }
  const take = (rows: readonly SheetRow[]): T[] => {
    const found: T[] = []
    for (const source of rows) {
      const seen = look!(source)
      if (seen === undefined) continue
      if (++count > maxRows) throw tooManyRows(maxRows)
      found.push(seen)
    }
    return found
  }
  /** Rows of the file that the header is not waiting for. */
  const next = (rows: readonly SheetRow[]): readonly SheetRow[] => {
    for (const [i, row] of rows.entries()) {
      head.push(row)
      if (head.length >= HEADER_ROWS || row.row >= HEADER_ROWS) return [...start(), ...rows.slice(i + 1)]
    }
    return []
  }
  try {
    for await (const rows of readSheetBatches(path, reading)) {
      const found = take(look ? rows : next(rows))
      if (found.length > 0) yield found
    }
  } catch (error) {
    // the reader counts the rows above the data too: people are told the number of theirs
    throw error instanceof FileRefusal && error.code === 'too-many-rows' ? tooManyRows(maxRows) : error
  }
  if (!look) { const found = take(start()); if (found.length > 0) yield found }
  if (count === 0) throw new FileRefusal('no-rows', 'header only', '文件里没有数据，请在表头下面逐行填写后再上传。')
}

/**
 * Data rows of an import sheet with values and all errors per cell, as many at a time as the file gives at once; blank rows are passed over.
 * `maxRows` counts data rows. Throws HeaderRefusal or FileRefusal (also `no-rows`) for the file as a whole,
 * possibly after rows: store none before the iteration has ended.
 */
export const readImportBatches = (path: string, columns: Dict<ImportColumn>, options: ImportRowsOptions = {}): AsyncGenerator<ImportRow[], void, undefined> =>
  dataRows(path, columns, options, (mapped, merges) => judgeWith(mapped, merges, options))

/** The same, row by row. */
export async function* readImportRows(path: string, columns: Dict<ImportColumn>, options: ImportRowsOptions = {}): AsyncGenerator<ImportRow, void, undefined> {
  for await (const rows of readImportBatches(path, columns, options)) yield* rows
}

/** Rows (as Excel shows them) that hold data, without what their cells say; throws what reading them would throw for the file as a whole. */
export const findImportRows = (path: string, columns: Dict<ImportColumn>, options: ImportRowsOptions = {}): AsyncGenerator<number[], void, undefined> =>
  dataRows(path, columns, options, (mapped) => (row) => (mapped.every(({ place }) => isBlank(row.cells[place])) ? undefined : row.row))
