import type { JsonObject } from '#server/platform/json.ts'
import type { Dict, ImportColumn } from '#server/runtime/definitions/index.ts'
import type { JobContext } from '#server/runtime/jobs/index.ts'
import type { FailedRow } from '#server/runtime/records/excel/index.ts'
import { counted, type Warned } from '../../context.ts'
import type { TransferParts } from '../parts.ts'
import { importStore, type ImportRecordRow } from './import.store.ts'
import type { ImportTask, RowResult } from './rows.ts'
import { spoolFailed } from './spool.ts'

/** Where an import stands: rows up to `row` are done for good. */
export interface ImportCheckpoint extends JsonObject { row: number; ok: number; failed: number; total: number; now: number; file: string | null; finished: boolean; /** of rows that were taken all the same */ warned: Warned }
export interface BatchOutcome { results: RowResult[]; failedRows: FailedRow[]; last: number }

/** Commits one batch: its records, its failed rows, the counts and the checkpoint together. */
export async function commitBatch({ parts, ctx, task, record }: ImportRun, run: () => Promise<BatchOutcome>): Promise<void> {
  const before = ctx.checkpoint as ImportCheckpoint
  await ctx.commit(async () => {
    const { results, failedRows, last } = await run()
    await spoolFailed(parts, task.call, record.id, failedRows)
    const bad = results.filter((r) => r.errors.length > 0).length
    const checkpoint: ImportCheckpoint = { ...before, row: last, ok: before.ok + results.length - bad, failed: before.failed + bad, warned: counted(results.flatMap((r) => r.warnings), before.warned) }
    await importStore(parts.db, task.engine.sealing).counted(record.id, checkpoint.ok, checkpoint.failed)
    return { checkpoint, done: checkpoint.ok + checkpoint.failed, total: checkpoint.total }
  })
}

/** One import under way: who asked, the definition, and the columns that its rows have. */
export interface ImportRun { parts: TransferParts; ctx: JobContext; record: ImportRecordRow; task: ImportTask; columns: Dict<ImportColumn>; path: string; folder: string }

/** Starts the count once the file as a whole is known to be good. */
export async function beginRows({ parts, ctx, record, task }: ImportRun, total: number): Promise<void> {
  await ctx.commit(async () => {
    await importStore(parts.db, task.engine.sealing).running(record.id, total)
    const checkpoint: ImportCheckpoint = { row: 0, ok: 0, failed: 0, total, now: task.call.now, file: null, finished: false, warned: [] }
    return { checkpoint, done: 0, total }
  })
}

/** Groups a stream; how many go together is asked anew for each batch, and a batch ends early when it weighs too much. */
export async function* batchesOf<T>(rows: AsyncIterable<T>, size: () => number, weigh: (row: T) => number = () => 0, most = Infinity): AsyncGenerator<T[]> {
  let batch: T[] = []
  let weight = 0
  for await (const row of rows) {
    batch.push(row)
    weight += weigh(row)
    if (batch.length < size() && weight < most) continue
    yield batch
    batch = []
    weight = 0
  }
  if (batch.length > 0) yield batch
}

/** The same for rows that come many at a time. */
export async function* regrouped<T>(parts: AsyncIterable<T[]>, size: () => number): AsyncGenerator<T[]> {
  let rest: T[] = []
  for await (const part of parts) {
    rest = rest.length > 0 ? [...rest, ...part] : part
    for (let most = size(); rest.length >= most; most = size()) {
      yield rest.slice(0, most)
      rest = rest.slice(most)
    }
  }
  if (rest.length > 0) yield rest
}

/** The same, with the next one on its way while the last is being used: for what waits for another process. Ends its source when it is ended. */
export async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = (): Promise<IteratorResult<T, unknown>> => {
    const asked = source.next()
    // told to whoever asks for it; nobody may, when what is being used fails
    asked.catch(() => undefined)
    return asked
  }
  let next = ask()
  try {
    for (;;) {
      const found = await next
      if (found.done) return
      next = ask()
      yield found.value
    }
  } finally {
    await next.catch(() => undefined)
    await source.return(undefined)
  }
}
