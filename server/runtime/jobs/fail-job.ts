import { isOutage } from '#server/platform/errors.ts'
import { fromColumn, type JsonObject } from '#server/platform/json.ts'
import type { JobRow } from './job.store.ts'
import type { RunDeps } from './run-job.ts'
import type { JobError, JobType } from './types.ts'

/** Ends a job as failed and tells whoever waits for it, both or neither; where telling fails for another reason than an outage the job ends all the same. */
export const failJob = async ({ db, log }: Pick<RunDeps, 'db' | 'log'>, type: JobType | undefined, row: JobRow, error: JobError, mark: () => Promise<boolean>): Promise<void> => {
  log.error({ job: String(row.id), type: row.type, code: error.code, attempt: error.attempt }, `job failed: ${error.message}`)
  try {
    await db.tx(async () => { if (await mark()) await type?.failed?.(fromColumn<JsonObject>(row.payload) ?? {}, error) })
  } catch (e) {
    if (isOutage(e)) throw e
    log.error({ err: e, job: String(row.id), type: row.type }, 'nobody could be told that the job failed')
    await mark()
  }
}
