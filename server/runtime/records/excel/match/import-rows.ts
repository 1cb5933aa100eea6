import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { FileRefusal } from '../../archive/file-refusal.ts'
import type { Cell, MergedRange, SheetRow } from '../read/cell.ts'
import { SHEET_LIMITS } from '../read/limits.ts'
import { readMergedRanges, readSheet } from '../read/read-sheet.ts'
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

type Judge = (row: SheetRow) => ImportRow | undefined

const judgeWith = (columns: Dict<ImportColumn>, places: Dict<number>, merges: readonly MergedRange[], options: ReadCellOptions): Judge => {
  const mapped = Object.entries(columns).flatMap(([id, column]) => (places[id] === undefined ? [] : [{ id, column, place: places[id] }]))
  const covered = (row: number, place: number): boolean =>
    merges.some((m) => row >= m.top && row <= m.bottom && place >= m.left && place <= m.right && !(row === m.top && place === m.left))
  return (source) => {
    const result: ImportRow = { row: source.row, values: {}, errors: [], cells: {} }
    let blank = true
    for (const { id, column, place } of mapped) {
      const cell = source.cells[place]
      if (cell) result.cells[id] = cell
      blank &&= cell === undefined || (cell.kind !== 'formula' && cell.text.trim() === '')
      const read = readCell(cell, column, options)
      if (read.ok) result.values[id] = read.value
      else if (read.code === 'required' && covered(source.row, place)) result.errors.push({ column: id, code: 'merged', person: `“${column.title}”的单元格被合并，请取消合并后逐行填写。` })
      else result.errors.push({ column: id, code: read.code, person: read.person })
    }
    return blank ? undefined : result
  }
}

/** Waits for the header, then lets each row below it through. */
const placeHeader = (head: SheetRow[], columns: Dict<ImportColumn>, merges: readonly MergedRange[], options: ReadCellOptions): { judge: Judge; below: SheetRow[] } => {
  const header = mapHeader(head, columns, merges)
  if (!header.ok) throw new HeaderRefusal(header.problems)
  return { judge: judgeWith(columns, header.columns, merges, options), below: head.filter((row) => row.row > header.row) }
}

const tooManyRows = (maxRows: number): FileRefusal => new FileRefusal('too-many-rows', `more than ${maxRows}`, `数据超过上限 ${maxRows} 行，请拆分后分批上传。`)

/**
 * Data rows of an import sheet with values and all errors per cell; blank rows are passed over.
 * `maxRows` counts data rows. Throws HeaderRefusal or FileRefusal (also `no-rows`) for the file as a whole,
 * possibly after rows: store none before the iteration has ended.
 */
export async function* readImportRows(path: string, columns: Dict<ImportColumn>, options: ImportRowsOptions = {}): AsyncGenerator<ImportRow, void, undefined> {
  const maxRows = options.maxRows ?? SHEET_LIMITS.maxRows
  const reading = { ...options, maxRows: maxRows + HEADER_ROWS }
  const elsewhere = options.sheet === undefined ? await dataOnOtherSheets(path, columns, reading) : null
  if (elsewhere) throw new HeaderRefusal([elsewhere])
  const merges = await readMergedRanges(path, reading)
  let head: SheetRow[] | undefined = []
  let judge: Judge = () => undefined
  let count = 0
  const judged = function* (rows: readonly SheetRow[]): Generator<ImportRow> {
    for (const source of rows) {
      const row = judge(source)
      if (!row) continue
      if (++count > maxRows) throw tooManyRows(maxRows)
      yield row
    }
  }
  const start = (): SheetRow[] => {
    const placed = placeHeader(head ?? [], columns, merges, options)
    head = undefined
    judge = placed.judge
    return placed.below
  }
  try {
    for await (const row of readSheet(path, reading)) {
      if (head) {
        head.push(row)
        if (head.length >= HEADER_ROWS || row.row >= HEADER_ROWS) yield* judged(start())
      } else yield* judged([row])
    }
  } catch (error) {
    // the reader counts the rows above the data too: people are told the number of theirs
    throw error instanceof FileRefusal && error.code === 'too-many-rows' ? tooManyRows(maxRows) : error
  }
  if (head) yield* judged(start())
  if (count === 0) throw new FileRefusal('no-rows', 'header only', '文件里没有数据，请在表头下面逐行填写后再上传。')
}
