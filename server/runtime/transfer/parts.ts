import type { Db } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import type { Log } from '#server/platform/log.ts'
import type { Files } from '#server/runtime/files/index.ts'
import type { Jobs } from '#server/runtime/jobs/index.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Actor, Call, Problem, Result } from '../context.ts'

/** What imports and exports need of the house. */
export interface TransferParts {
  db: Db
  core: { engine: Engine; call(actor: Actor): Call }
  jobs: Jobs
  files: Files
  options: { clock: Clock; log: Log; varDir: string }
}

export type Refused = Extract<Result<object>, { ok: false }>
export const refused = (code: string, problems: Problem[] | string, status = 422): Refused =>
  ({ ok: false, code, status, problems: typeof problems === 'string' ? [{ code, message: problems }] : problems })
export const forbidden = (): Refused => refused('FORBIDDEN', '您没有此项操作的权限', 403)

const DAY = 86_400_000
/** uploaded sheets and failed rows */
export const KEEP_IMPORT_MS = 30 * DAY
export const KEEP_EXPORT_MS = 7 * DAY
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
