import type { Db, SqlValue } from '#server/data/index.ts'
import { fromColumn, toColumn, type Json } from '#server/platform/json.ts'
import type { JobError, JobState, JobView, Progress } from './types.ts'

export interface JobRow {
  id: number | string; type: string; payload: string; state: JobState; attempts: number; max_attempts: number; run_at: number; cancel_requested: number
  progress: string | null; checkpoint_json: string | null; result: string | null; error: string | null
  created_by: number | null; org: number | null; created_at: number; started_at: number | null; finished_at: number | null
}
const COLUMNS = 'id, type, payload, state, attempts, max_attempts, run_at, cancel_requested, progress, checkpoint_json, result, error, created_by, org, created_at, started_at, finished_at'

const idOf = (v: number | string | null): string | null => (v === null ? null : String(v))

export const toView = (r: JobRow): JobView => ({
  id: String(r.id), type: r.type, state: r.state, attempts: r.attempts, maxAttempts: r.max_attempts, runAt: r.run_at, cancelRequested: r.cancel_requested === 1,
  progress: fromColumn<Progress>(r.progress), result: fromColumn(r.result), error: fromColumn<JobError>(r.error),
  createdBy: idOf(r.created_by), org: idOf(r.org), createdAt: r.created_at, startedAt: r.started_at, finishedAt: r.finished_at,
})

export interface NewJob { id: string; type: string; key: string | null; payload: string; maxAttempts: number; runAt: number; createdBy: string | null; org: string | null; at: number }

export const jobStore = (db: Db) => ({
  /** true when it is new, false when its key exists */
  async insert(j: NewJob): Promise<boolean> {
    const added = await db.insertMany('jobs', ['id', 'type', 'idempotency_key', 'payload', 'state', 'max_attempts', 'run_at', 'created_by', 'org', 'created_at'],
      [[j.id, j.type, j.key, j.payload, 'queued', j.maxAttempts, j.runAt, j.createdBy, j.org, j.at]], { onConflict: 'ignore' })
    return added === 1
  },
  byKey: (key: string) => db.one<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE idempotency_key = ?`, [key]),
  byId: (id: string) => db.one<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`, [id]),

  /** a cheap look from the reader before any write transaction */
  async anythingToDo(now: number, realNow: number): Promise<{ due: boolean; lost: boolean }> {
    const row = await db.one<{ due: number; lost: number }>(
      `SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND run_at <= ?) AS due, EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND lease_until < ?) AS lost`, [now, realNow])
    return { due: row!.due === 1, lost: row!.lost === 1 }
  },
  /** running jobs whose worker is gone, back to the queue: all that may still be tried, and those that were to be stopped */
  async releaseLost(realNow: number, now: number): Promise<void> {
    await db.run(`UPDATE jobs SET state = 'cancelled', finished_at = ?, lease_owner = NULL, lease_until = NULL WHERE state = 'running' AND lease_until < ? AND cancel_requested = 1`, [now, realNow])
    await db.run(`UPDATE jobs SET state = 'queued', lease_owner = NULL WHERE state = 'running' AND lease_until < ? AND attempts < max_attempts`, [realNow])
  },
  /** those whose workers died in every attempt */
  usedUp: (realNow: number) => db.all<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE state = 'running' AND lease_until < ? AND attempts >= max_attempts`, [realNow]),
  /** true for the one who ends it */
  giveUp: async (id: string, realNow: number, now: number, error: JobError): Promise<boolean> =>
    (await db.run(`UPDATE jobs SET state = 'failed', finished_at = ?, lease_owner = NULL, lease_until = NULL, error = ? WHERE id = ? AND state = 'running' AND lease_until < ?`, [now, toColumn(error), id, realNow])).changes === 1,
  runningOwners: () => db.all<{ lease_owner: string }>(`SELECT DISTINCT lease_owner FROM jobs WHERE state = 'running' AND lease_owner IS NOT NULL`),
  expire: (owner: string) => db.run(`UPDATE jobs SET lease_until = 0 WHERE state = 'running' AND lease_owner = ?`, [owner]),

  async claim(types: string[], owner: string, now: number, leaseUntil: number): Promise<JobRow | undefined> {
    if (types.length === 0) return undefined
    return db.tx(async (t) => {
      const row = await t.one<JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE state = 'queued' AND run_at <= ? AND type IN (${types.map(() => '?').join(',')}) ORDER BY run_at, id LIMIT 1${t.dialect.forUpdateSkipLocked}`, [now, ...types])
      if (!row) return undefined
      await t.run(`UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_owner = ?, lease_until = ?, started_at = COALESCE(started_at, ?), error = NULL WHERE id = ?`, [owner, leaseUntil, now, row.id])
      return { ...row, state: 'running', attempts: row.attempts + 1 }
    })
  },
  /** undefined when the lease is lost */
  async heartbeat(id: string, owner: string, leaseUntil: number): Promise<{ cancel: boolean } | undefined> {
    const { changes } = await db.run(`UPDATE jobs SET lease_until = ? WHERE id = ? AND lease_owner = ? AND state = 'running'`, [leaseUntil, id, owner])
    if (changes === 0) return undefined
    const row = await db.one<{ cancel_requested: number }>('SELECT cancel_requested FROM jobs WHERE id = ?', [id])
    return { cancel: row?.cancel_requested === 1 }
  },
  /** Inside the business transaction. Progress was made, so the count of attempts begins anew. */
  saveCheckpoint: async (id: string, owner: string, checkpoint: Json, progress: Progress, leaseUntil: number): Promise<boolean> =>
    (await db.run(`UPDATE jobs SET checkpoint_json = ?, progress = ?, attempts = 1, lease_until = ? WHERE id = ? AND lease_owner = ? AND state = 'running' AND cancel_requested = 0`,
      [JSON.stringify(checkpoint), toColumn(progress), leaseUntil, id, owner])).changes === 1,
  saveProgress: (id: string, owner: string, progress: Progress) => db.run(`UPDATE jobs SET progress = ? WHERE id = ? AND lease_owner = ?`, [toColumn(progress), id, owner]),
  /** false when the lease is lost */
  finish: async (id: string, owner: string, state: 'done' | 'failed' | 'cancelled', now: number, result: Json, error: JobError | null): Promise<boolean> =>
    (await db.run(`UPDATE jobs SET state = ?, finished_at = ?, lease_owner = NULL, lease_until = NULL, result = ?, error = ? WHERE id = ? AND lease_owner = ?`,
      [state, now, toColumn(result), toColumn(error), id, owner])).changes === 1,
  again: (id: string, owner: string, runAt: number, error: JobError | null, countsAsAttempt: boolean) =>
    db.run(`UPDATE jobs SET state = 'queued', run_at = ?, lease_owner = NULL, lease_until = NULL, error = ?${countsAsAttempt ? '' : ', attempts = attempts - 1'} WHERE id = ? AND lease_owner = ?`,
      [runAt, toColumn(error), id, owner]),
  requestCancel: async (id: string, now: number): Promise<void> => {
    await db.run(`UPDATE jobs SET state = 'cancelled', finished_at = ?, cancel_requested = 1 WHERE id = ? AND state = 'queued'`, [now, id])
    await db.run(`UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND state = 'running'`, [id])
  },
  revive: async (id: string, now: number): Promise<boolean> =>
    (await db.run(`UPDATE jobs SET state = 'queued', attempts = 0, run_at = ?, finished_at = NULL, error = NULL, cancel_requested = 0 WHERE id = ? AND state IN ('failed', 'cancelled')`, [now, id])).changes === 1,

  list(where: [string, SqlValue][], before: string | undefined, limit: number): Promise<JobRow[]> {
    const terms = where.map(([column]) => `${column} = ?`)
    const params = where.map(([, value]) => value)
    if (before) { terms.push('id < ?'); params.push(before) }
    return db.all<JobRow>(`SELECT ${COLUMNS} FROM jobs${terms.length ? ` WHERE ${terms.join(' AND ')}` : ''} ORDER BY created_at DESC, id DESC LIMIT ${limit}`, params)
  },
  async counts(now: number): Promise<{ due: number; waiting: number; running: number }> {
    const row = await db.one<{ due: number | null; waiting: number | null; running: number | null }>(
      `SELECT SUM(CASE WHEN state = 'queued' AND run_at <= ? THEN 1 ELSE 0 END) AS due, SUM(CASE WHEN state = 'queued' AND run_at > ? THEN 1 ELSE 0 END) AS waiting, SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS running FROM jobs WHERE state IN ('queued', 'running')`, [now, now])
    return { due: row?.due ?? 0, waiting: row?.waiting ?? 0, running: row?.running ?? 0 }
  },
})
export type JobStore = ReturnType<typeof jobStore>
