import type { Writable } from 'node:stream'
import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { REASON_TITLE, ROW_TITLE } from '../match/titles.ts'
import type { Cell } from '../read/cell.ts'
import { starred } from './import-template.ts'
import type { WriteValue } from './sheet-spec.ts'
import { writeSheet } from './write-sheet.ts'

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

/** The value in its own kind: a number that was refused as an id is shown as the number it was. */
const original = (cell: Cell | undefined): WriteValue => {
  const kind = cell?.kind === 'formula' ? cell.cached : cell?.kind
  if (!cell || kind === 'empty' || kind === undefined) return null
  if (kind === 'number' && cell.number !== undefined) return cell.number
  return kind === 'boolean' ? cell.text === 'TRUE' : cell.text
}

async function* valuesOf(rows: FailedRowsSpec['rows'], ids: readonly string[]): AsyncGenerator<WriteValue[]> {
  for await (const { row, cells, reasons } of rows) yield [...ids.map((id) => original(cells[id])), row, reasons.join('；')]
}

/**
 * Writes the rows an import refused: the template's columns with the values as they came, then 原行号 and 失败原因
 * with every reason. It may be corrected and sent in again as it is. Returns the number of rows.
 */
export const writeFailedRows = (target: string | Writable, { title, columns, rows, at }: FailedRowsSpec): Promise<number> =>
  writeSheet(target, {
    title, at,
    columns: [...Object.values(columns).map((c) => ({ title: starred(c), kind: 'given' as const })), { title: ROW_TITLE, kind: 'given' }, { title: REASON_TITLE, kind: 'remark', width: 60 }],
    rows: valuesOf(rows, Object.keys(columns)),
  })
