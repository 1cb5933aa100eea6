import type { Dict, ImportColumn } from '#server/runtime/definitions/index.ts'
import { toFeel } from '#server/runtime/expressions/index.ts'
import type { FeelType, FeelValue } from '#server/runtime/expressions/types.ts'
import { HeaderRefusal, mapHeader, readCell, type Cell, type ImportRow as SheetImportRow, type ImportValue } from '#server/runtime/records/excel/index.ts'
import type { ImportRow } from './rows.ts'

/** A row with its cells as they came, for the file of failed rows. */
export interface SourceRow extends ImportRow { cells: Dict<Cell> }

const ANY: FeelType = { kind: 'any' }
/** The value of a cell in FEEL: typed columns become dates, instants (wall clock of the zone) and numbers, all others text. */
const feelOf = (value: ImportValue, column: ImportColumn, zone: string): FeelValue => {
  if (value === null) return null
  if (typeof value === 'string' && (column.kind === 'date' || column.kind === 'time' || column.kind === 'date-time')) return toFeel(value, { kind: column.kind }, zone)
  return typeof value === 'string' ? value : toFeel(value, ANY)
}

/** Rows of a sheet as the import takes them. */
export function sourceRows(columns: Dict<ImportColumn>, zone: string): (read: SheetImportRow) => SourceRow {
  const all = Object.entries(columns)
  return (read) => {
    const values: Record<string, FeelValue> = {}
    for (const [id, column] of all) values[id] = feelOf(read.values[id] ?? null, column, zone)
    return { row: read.row, cells: read.cells, errors: read.errors.map((e) => e.person), values }
  }
}

const cellOf = (value: unknown): Cell | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number') return { kind: 'number', text: String(value), number: value }
  if (typeof value === 'boolean') return { kind: 'boolean', text: value ? 'TRUE' : 'FALSE' }
  return { kind: 'string', text: String(value) }
}

/** Rows given by column title, as a sheet with a header in row 1 would hold them. Throws HeaderRefusal as for a file. */
export function rowsOfObjects(rows: readonly Record<string, unknown>[], columns: Dict<ImportColumn>, zone: string): SourceRow[] {
  const titles = [...new Set(rows.flatMap((r) => Object.keys(r)))]
  const header = mapHeader([{ row: 1, cells: Object.fromEntries(titles.map((text, i) => [i + 1, { kind: 'string' as const, text }])) }], columns)
  if (!header.ok) throw new HeaderRefusal(header.problems)
  const titleOf = Object.fromEntries(Object.entries(header.columns).map(([id, place]) => [id, titles[place - 1]!]))
  const toRow = sourceRows(columns, zone)
  return rows.map((given, i) => {
    const read: SheetImportRow = { row: i + 2, values: {}, errors: [], cells: {} }
    for (const [id, column] of Object.entries(columns)) {
      const cell = titleOf[id] === undefined ? undefined : cellOf(given[titleOf[id]])
      if (cell) read.cells[id] = cell
      const value = readCell(cell, column)
      if (value.ok) read.values[id] = value.value
      else read.errors.push({ column: id, code: value.code, person: value.person })
    }
    return toRow(read)
  })
}
