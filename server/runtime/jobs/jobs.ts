import type { Db, SqlValue } from '#server/data/index.ts'
import { systemClock, type Clock } from '#server/platform/clock.ts'
import { AppError } from '#server/platform/errors.ts'
import type { Ids } from '#server/platform/ids.ts'
import type { JsonObject } from '#server/platform/json.ts'
import type { Log } from '#server/platform/log.ts'
import { cryptoRandom, type Random } from '#server/platform/random.ts'
import type { Queued } from './dispatcher.ts'
import { jobStore, toView } from './job.store.ts'
import { createRegistry } from './registry.ts'
import type { RunDeps } from './run-job.ts'
import type { EnqueueOptions, JobState, JobType, JobView } from './types.ts'
import { claimNext, createWorker, expireDead, leaseOwner, type JobWorker, type WorkerOptions } from './worker.ts'

export interface JobsDeps {
  db: Db; ids: Ids; log: Log
  /** decides what is due; may be virtual */
  clock: Clock
  /** measures leases; real time */
  realClock?: Clock
  random?: Random
  types: readonly JobType[]
  leaseMs?: number
  /** after a commit that queued a job: wake workers elsewhere; those made here know */
  onQueued?: (job: Queued) => void
}
export interface JobFilter { createdBy?: string; org?: string; state?: JobState; type?: string; before?: string; limit?: number }
export interface DrainResult { done: number; failed: number; cancelled: number; repeated: number; /** queued for later */ waiting: number }

export interface Jobs {
  declare(type: JobType): void
  /** Joins the running transaction: the job exists when that commits. Returns the job's id, or that of the job with the same key. */
  enqueue(type: string, payload: JsonObject, options?: EnqueueOptions): Promise<string>
  get(id: string): Promise<JobView>
  find(key: string): Promise<JobView | undefined>
  /** newest first */
  list(filter: JobFilter): Promise<JobView[]>
  cancel(id: string): Promise<void>
  /** a failed or cancelled job once more, from its checkpoint */
  retry(id: string): Promise<void>
  /** queues the run of this period for every job type with everyMs */
  recur(): Promise<void>
  worker(options?: WorkerOptions): JobWorker
  /** Runs in this process until nothing is due on the clock. Retries wait for their delay: advance the clock and drain again. */
  drain(options?: { limit?: number }): Promise<DrainResult>
}

export const createJobs = (deps: JobsDeps): Jobs => {
  const registry = createRegistry(deps.types)
  const store = jobStore(deps.db)
  const random = deps.random ?? cryptoRandom
  const workers: JobWorker[] = []
  const queued = (job: Queued): void => {
    for (const w of workers) w.wake()
    deps.onQueued?.(job)
  }
  const base: Omit<RunDeps, 'stopping'> = { db: deps.db, store, clock: deps.clock, realClock: deps.realClock ?? systemClock, log: deps.log, leaseMs: deps.leaseMs ?? 30_000, onQueued: queued }

  const enqueue: Jobs['enqueue'] = async (type, payload, options = {}) => {
    registry.check(type, payload)
    const now = deps.clock.now()
    const id = deps.ids.next()
    const isNew = await store.insert({
      id, type, key: options.key ?? null, payload: JSON.stringify(payload), maxAttempts: registry.get(type).retry?.attempts ?? 3,
      runAt: options.runAt ?? now, createdBy: options.createdBy ?? null, org: options.org ?? null, at: now,
    })
    if (!isNew) return String((await store.byKey(options.key!))!.id)
    deps.db.onCommit(() => queued({ id, delayMs: Math.max(0, (options.runAt ?? now) - now) }))
    return id
  }
  const recur = async (): Promise<void> => {
    const now = deps.clock.now()
    for (const { type, everyMs } of registry.all()) {
      if (everyMs) await enqueue(type, {}, { key: `${type}@${Math.floor(now / everyMs)}` })
    }
  }
  const found = async (id: string): Promise<JobView> => {
    const row = await store.byId(id)
    if (!row) throw new AppError('NOT_FOUND', { what: '任务', id })
    return toView(row)
  }
  return {
    declare: (type) => registry.add(type),
    enqueue, recur, get: found,
    find: async (key) => { const row = await store.byKey(key); return row && toView(row) },
    async list({ before, limit = 50, createdBy, org, state, type }) {
      const terms: [string, SqlValue | undefined][] = [['created_by', createdBy], ['org', org], ['state', state], ['type', type]]
      return (await store.list(terms.filter((t): t is [string, SqlValue] => t[1] !== undefined), before, Math.min(500, Math.max(1, Math.trunc(limit))))).map(toView)
    },
    cancel: async (id) => { await found(id); await store.requestCancel(id, deps.clock.now()) },
    async retry(id) {
      const job = await found(id)
      if (!await store.revive(id, deps.clock.now())) throw new AppError('CONFLICT', { what: 'job', id }, { found: job.state, fix: 'only failed or cancelled jobs are repeated' })
      queued({ id, delayMs: 0 })
    },
    worker(options) {
      const made = createWorker(base, registry, random, recur, options)
      workers.push(made)
      return made
    },
    async drain({ limit = Infinity } = {}) {
      const counted = { done: 0, failed: 0, cancelled: 0, again: 0 }
      await expireDead({ store })
      const never = new AbortController().signal
      for (let n = 0; n < limit; n++) {
        const job = await claimNext({ ...base, stopping: never }, registry, leaseOwner(random))
        if (!job) break
        counted[await job.run()] += 1
      }
      const { waiting } = await store.counts(deps.clock.now())
      return { done: counted.done, failed: counted.failed, cancelled: counted.cancelled, repeated: counted.again, waiting }
    },
  }
}
