import { giveWay, type Db } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import { AppError } from '#server/platform/errors.ts'
import { fromColumn, type Json, type JsonObject } from '#server/platform/json.ts'
import type { Log } from '#server/platform/log.ts'
import type { JobRow, JobStore } from './job.store.ts'
import type { Queued } from './dispatcher.ts'
import { failJob } from './fail-job.ts'
import { backoff, mayRetry, outageOf, toJobError } from './job-error.ts'
import { considerate, createPace } from './pace.ts'
import type { JobContext, JobError, JobType, Progress } from './types.ts'

const PROGRESS_MS = 500
const GRACE_MS = 5_000
const DEFAULT_TIMEOUT = 15 * 60_000

export interface RunDeps { db: Db; store: JobStore; clock: Clock; realClock: Clock; log: Log; leaseMs: number; /** aborted when the worker stops */ stopping: AbortSignal; onQueued: (job: Queued) => void }

export type Outcome = 'done' | 'failed' | 'cancelled' | 'again'

/** One attempt of one claimed job, from heartbeat to its final state. Never throws for the job's own errors. */
export const runJob = async (deps: RunDeps, type: JobType, row: JobRow, owner: string): Promise<Outcome> => {
  const { store, clock, realClock, log } = deps
  const id = String(row.id)
  const abort = new AbortController()
  const lease = (): number => realClock.now() + deps.leaseMs
  const heartbeat = setInterval(() => {
    store.heartbeat(id, owner, lease()).then(
      (alive) => { if (!alive) abort.abort(new AppError('JOB_LEASE_LOST', { id })); else if (alive.cancel) abort.abort(new AppError('JOB_CANCELLED', { id })) },
      (e: unknown) => { log.warn({ err: e, job: id }, 'heartbeat failed') })
  }, deps.leaseMs / 3)
  const timeoutMs = type.timeoutMs ?? DEFAULT_TIMEOUT
  const timer = setTimeout(() => abort.abort(new AppError('JOB_TIMEOUT', { id, type: type.type, seconds: timeoutMs / 1000 })), timeoutMs)
  const onStop = (): void => abort.abort(new AppError('JOB_LEASE_LOST', { id }))
  deps.stopping.addEventListener('abort', onStop, { once: true })
  if (deps.stopping.aborted) onStop()
  try {
    const payload = fromColumn<JsonObject>(row.payload) ?? {}
    const result = await untilAborted(type.run(payload, context(deps, row, owner, abort.signal, lease)), abort.signal)
    await store.finish(id, owner, 'done', clock.now(), result ?? null, null)
    return 'done'
  } catch (e) {
    return await settle(deps, type, row, owner, e)
  } finally {
    clearInterval(heartbeat)
    clearTimeout(timer)
    deps.stopping.removeEventListener('abort', onStop)
  }
}

const settle = async ({ db, store, clock, log, stopping, onQueued }: RunDeps, type: JobType, row: JobRow, owner: string, e: unknown): Promise<Outcome> => {
  const id = String(row.id)
  const now = clock.now()
  const current = await store.byId(id)
  const attempt = current?.attempts ?? row.attempts
  const error = toJobError(e, attempt, now)
  if (error.code === 'JOB_CANCELLED' || current?.cancel_requested === 1) { await store.finish(id, owner, 'cancelled', now, null, null); return 'cancelled' }
  if (stopping.aborted) { await store.again(id, owner, now, null, false); onQueued({ id, delayMs: 0 }); return 'again' }
  const outages = outageOf(e, fromColumn<JobError>(row.error))
  if (outages !== null) {
    log.warn({ err: e, job: id, type: type.type, outages }, 'job goes on when the outage is over')
    await store.again(id, owner, now + backoff(type, outages), { ...error, outages }, false)
    onQueued({ id, delayMs: backoff(type, outages) })
    return 'again'
  }
  if (mayRetry(type, e) && attempt < row.max_attempts) {
    log.warn({ err: e, job: id, type: type.type, attempt }, 'job attempt failed and will be repeated')
    await store.again(id, owner, now + backoff(type, attempt), error, true)
    onQueued({ id, delayMs: backoff(type, attempt) })
    return 'again'
  }
  log.error({ err: e, job: id, type: type.type, attempt }, 'the last attempt of a job failed')
  await failJob({ db, log }, type, row, error, () => store.finish(id, owner, 'failed', now, null, error))
  return 'failed'
}

/** A handler sees the abort at its next commit; one that never looks is left behind after the grace, fenced off from its rows. */
const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => new Promise((resolve, reject) => {
  let grace: NodeJS.Timeout | undefined
  const onAbort = (): void => { grace = setTimeout(() => reject(signal.reason as Error), GRACE_MS) }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const settled = (): void => { clearTimeout(grace); signal.removeEventListener('abort', onAbort) }
  work.then((value) => { settled(); resolve(value) }, (e: unknown) => { settled(); reject(signal.aborted ? signal.reason as Error : e as Error) })
})

const context = ({ db, store, clock, log }: RunDeps, row: JobRow, owner: string, signal: AbortSignal, lease: () => number): JobContext => {
  const id = String(row.id)
  const began = performance.now()
  const before = fromColumn<Progress>(row.progress)
  const startedWith = before?.done ?? 0
  let latest: Progress = before ?? { done: 0 }
  let written = -Infinity
  const withRate = (p: Progress): Progress => ({ ...p, rate: Math.round((p.done - startedWith) / Math.max(0.001, (performance.now() - began) / 1000)) })
  const ctx: JobContext = {
    job: { id, type: row.type, attempt: row.attempts, createdBy: row.created_by === null ? null : String(row.created_by), org: row.org === null ? null : String(row.org), createdAt: row.created_at },
    clock, log: log.child({ job: id, type: row.type }), signal, checkpoint: fromColumn<Json>(row.checkpoint_json), pace: createPace({ min: 100, max: 500, targetMs: considerate(db) }),
    async commit(fn) {
      signal.throwIfAborted()
      let held = 0
      const saved = await db.tx(async (t) => {
        const step = await fn(t)
        const progress = withRate({ ...latest, done: step.done ?? latest.done, total: step.total ?? latest.total, note: step.note ?? latest.note })
        // the fence: a worker that lost its lease, or whose job was cancelled, loses these rows too
        if (!await store.saveCheckpoint(id, owner, step.checkpoint, progress, lease())) {
          const now = await store.byId(id)
          throw new AppError(now?.cancel_requested === 1 ? 'JOB_CANCELLED' : 'JOB_LEASE_LOST', { id })
        }
        held = t.age()
        return { checkpoint: step.checkpoint, progress }
      })
      ctx.checkpoint = saved.checkpoint
      latest = saved.progress
      ctx.pace.learn(held)
      // other threads and processes get their turn at the single writer
      if (!db.dialect.skipLocked) await giveWay(held)
    },
    async progress(p) {
      latest = withRate(p)
      if (performance.now() - written < PROGRESS_MS) return
      written = performance.now()
      await store.saveProgress(id, owner, latest)
    },
  }
  return ctx
}
