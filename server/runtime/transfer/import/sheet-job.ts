import { findImportRows, readImportBatches, type ImportRowsOptions } from '#server/runtime/records/excel/index.ts'
import { ahead, beginRows, commitBatch, regrouped, type ImportCheckpoint, type ImportRun } from './batches.ts'
import { sourceRows, type SourceRow } from './read-rows.ts'
import { prepareRows, storeRows, type PreparedRows } from './rows.ts'

/**
 * A sheet in batches. The whole file is read once before the first row is stored: what is wrong with it as a whole may stand at its end.
 * Rows up to the checkpoint are passed over, so that a killed import goes on where it stood.
 */
export async function importSheet(run: ImportRun): Promise<void> {
  const { ctx, task, columns, path, folder } = run
  const options: ImportRowsOptions = { maxRows: task.spec.maxRows, tempFolder: folder }
  if (ctx.checkpoint === null) {
    let total = 0
    for await (const found of findImportRows(path, columns, options)) {
      total += found.length
      ctx.signal.throwIfAborted()
      await ctx.progress({ done: 0, note: `第 ${found.at(-1)!} 行` })
    }
    await beginRows(run, total)
  }
  const toRow = sourceRows(columns, task.call.zone)
  const rest = async function* (): AsyncGenerator<SourceRow[]> {
    const { row: done } = ctx.checkpoint as ImportCheckpoint
    for await (const part of readImportBatches(path, columns, options)) {
      const open = part.filter((read) => read.row > done).map(toRow)
      if (open.length > 0) yield open
    }
  }
  const worked = async function* (): AsyncGenerator<{ rows: SourceRow[]; prepared: PreparedRows }> {
    for await (const rows of regrouped(rest(), () => ctx.pace.size)) yield { rows, prepared: await prepareRows(task, rows) }
  }
  // a database that is another process stores one batch while this one works out the next
  const elsewhere = task.engine.db.dialect.skipLocked
  for await (const { rows, prepared } of elsewhere ? ahead(worked()) : worked()) {
    await commitBatch(run, async () => {
      const results = await storeRows(task, prepared)
      const failedRows = results.flatMap((r, i) => (r.errors.length ? [{ row: r.row, cells: rows[i]!.cells, reasons: r.errors }] : []))
      return { results, failedRows, last: rows.at(-1)!.row }
    })
  }
}
