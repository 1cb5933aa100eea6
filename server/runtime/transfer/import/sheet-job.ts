import { readImportRows, type ImportRowsOptions } from '#server/runtime/records/excel/index.ts'
import { batchesOf, beginRows, commitBatch, type ImportCheckpoint, type ImportRun } from './batches.ts'
import { toSourceRow, type SourceRow } from './read-rows.ts'
import { prepareRows, storeRows } from './rows.ts'

/** below it the look-ups of each batch cost more than its rows */
const MIN_BATCH = 100

/**
 * A sheet in batches. The whole file is read once before the first row is stored: what is wrong with it as a whole may stand at its end.
 * Rows up to the checkpoint are passed over, so that a killed import goes on where it stood.
 */
export async function importSheet(run: ImportRun): Promise<void> {
  const { ctx, task, columns, path, folder } = run
  const options: ImportRowsOptions = { maxRows: task.spec.maxRows, tempFolder: folder }
  if (ctx.checkpoint === null) {
    let total = 0
    for await (const row of readImportRows(path, columns, options)) {
      if (++total % 1000 === 0) { ctx.signal.throwIfAborted(); await ctx.progress({ done: 0, note: `第 ${row.row} 行` }) }
    }
    await beginRows(run, total)
  }
  const rest = async function* (): AsyncGenerator<SourceRow> {
    const { row: done } = ctx.checkpoint as ImportCheckpoint
    for await (const read of readImportRows(path, columns, options)) if (read.row > done) yield toSourceRow(read, columns, task.call.zone)
  }
  for await (const rows of batchesOf(rest(), () => Math.max(MIN_BATCH, ctx.pace.size))) {
    const prepared = await prepareRows(task, rows)
    await commitBatch(run, async () => {
      const results = await storeRows(task, prepared)
      const failedRows = results.flatMap((r, i) => (r.errors.length ? [{ row: r.row, cells: rows[i]!.cells, reasons: r.errors }] : []))
      return { results, failedRows, last: rows.at(-1)!.row }
    })
  }
}
