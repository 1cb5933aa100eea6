import type { Writable } from 'node:stream'
import { writePlainSheet } from './plain-sheet.ts'
import type { Rows, SheetHead, WriteValue } from './sheet-spec.ts'

export interface SheetSpec extends SheetHead { rows: Rows }

const BATCH = 256
/** Rows that come one by one, for the writer. */
async function* inBatches(rows: Rows): AsyncGenerator<(readonly WriteValue[])[]> {
  let batch: (readonly WriteValue[])[] = []
  for await (const row of rows) {
    if (batch.push(row) < BATCH) continue
    yield batch
    batch = []
  }
  yield batch
}

/**
 * Writes one sheet with a frozen header row; returns the number of rows. Strings are always string cells, whatever
 * they begin with (`= + - @`): a workbook takes a formula for one only if it is written as one.
 * Memory does not grow with the rows. Fails with the error of the rows or the target.
 */
export const writeSheet = (target: string | Writable, spec: SheetSpec): Promise<number> => writePlainSheet(target, spec, inBatches(spec.rows))
