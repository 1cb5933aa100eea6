import { hasEnded, processMark } from '#server/platform/process-mark.ts'
import type { Random } from '#server/platform/random.ts'
import { Slots } from '#server/platform/slots.ts'
import { createAlarm } from './alarm.ts'
import type { Dispatcher } from './dispatcher.ts'
import { failJob } from './fail-job.ts'
import { createOutage } from './outage.ts'
import { runJob, type Outcome, type RunDeps } from './run-job.ts'
import type { JobRegistry } from './registry.ts'
import type { JobError, JobType } from './types.ts'

export interface JobWorker {
  start(): void
  /** looks for work now instead of at the next poll */
  wake(): void
  /** Finishes the chunk at hand, gives running jobs back to the queue and resolves when all have ended. */
  stop(): Promise<void>
}
export interface WorkerOptions { slots?: number; pollMs?: number; dispatcher?: Dispatcher; onRun?: (outcome: Outcome, type: string) => void }

/** Who holds a lease: the process and a random part. */
export const leaseOwner = (random: Random): string => `${processMark()}:${random.token(6)}`

/** Jobs of processes of this machine that died need not wait for their lease to run out. */
export const expireDead = async ({ store }: Pick<RunDeps, 'store'>): Promise<void> => {
  for (const { lease_owner } of await store.runningOwners()) if (hasEnded(lease_owner.split(':')[0]!)) await store.expire(lease_owner)
}

/** Jobs of workers that are gone go back to the queue; those whose workers died in every attempt end. */
const takeBack = async (deps: RunDeps, registry: JobRegistry, now: number, realNow: number): Promise<void> => {
  const { store } = deps
  await store.releaseLost(realNow, now)
  for (const row of await store.usedUp(realNow)) {
    const error: JobError = { code: 'JOB_LEASE_LOST', message: 'the worker died in every attempt', person: '任务多次异常中断，请联系管理员', attempt: row.attempts, at: now }
    await failJob(deps, registry.find(row.type), row, error, () => store.giveUp(String(row.id), realNow, now, error))
  }
}

export interface Claim { type: JobType; run(): Promise<Outcome> }

/** Returns lost jobs to the queue and claims one due job, if there is one. */
export const claimNext = async (deps: RunDeps, registry: JobRegistry, owner: string, allowed: (type: JobType) => boolean = () => true): Promise<Claim | undefined> => {
  const now = deps.clock.now()
  const realNow = deps.realClock.now()
  const { due, lost } = await deps.store.anythingToDo(now, realNow)
  if (lost) await takeBack(deps, registry, now, realNow)
  else if (!due) return undefined
  const row = await deps.store.claim(registry.all().filter(allowed).map((t) => t.type), owner, now, realNow + deps.leaseMs)
  if (!row) return undefined
  const type = registry.get(row.type)
  return { type, run: () => runJob(deps, type, row, owner) }
}

const SWEEP_MS = 5_000
/** with calls coming in, the table is looked at for what got lost and for clocks that are set forward */
const CALLED_POLL_MS = 1_000

export const createWorker = (base: Omit<RunDeps, 'stopping'>, registry: JobRegistry, random: Random, recur: () => Promise<void>, options: WorkerOptions = {}): JobWorker => {
  const { slots = 2, pollMs = 500, dispatcher } = options
  const stop = new AbortController()
  const deps: RunDeps = { ...base, stopping: stop.signal }
  const running = new Map<string, number>()
  const loops: Promise<void>[] = []
  const places = new Slots(slots)
  const shortPlace = new Slots(1)
  const alarm = createAlarm()
  // what recurs is not looked at again for each job that is queued
  const ending = createAlarm()
  const outage = createOutage(base.log, 'the job worker cannot reach its queue', 'the job worker reaches its queue again')
  const free = (type: JobType): boolean => (running.get(type.type) ?? 0) < (type.concurrency ?? 1)
  const count = (type: string, by: number): void => { running.set(type, (running.get(type) ?? 0) + by) }

  // one claim at a time, so that two lanes cannot both take the last free place of a type
  let claiming: Promise<unknown> = Promise.resolve()
  const claim = (allowed: (type: JobType) => boolean): Promise<Claim | undefined> => {
    const turn = claiming.then(async () => {
      if (stop.signal.aborted) return undefined
      const found = await claimNext(deps, registry, leaseOwner(random), (type) => allowed(type) && free(type))
      if (found) count(found.type.type, 1)
      return found
    })
    claiming = turn.catch(() => undefined)
    return turn
  }
  const runOne = (where: Slots, allowed: (type: JobType) => boolean): Promise<boolean> => where.use(async () => {
    const job = await claim(allowed)
    if (!job) return false
    try { const outcome = await job.run(); options.onRun?.(outcome, job.type.type) } finally { count(job.type.type, -1) }
    return true
  })
  const loop = async (work: () => Promise<boolean>, everyMs: () => number, bell = alarm): Promise<void> => {
    while (!stop.signal.aborted) {
      const heard = bell.heard()
      let again = false
      const attempt = outage.attempt()
      try { again = await work(); attempt.worked() }
      catch (e) { attempt.failed(e) }
      if (!again && !stop.signal.aborted) await bell.wait(outage.pauseMs() ?? everyMs(), heard)
    }
  }
  const poll = (): number => (dispatcher?.connected() ? Math.max(pollMs, CALLED_POLL_MS) : pollMs)
  const any = (): boolean => true
  return {
    start() {
      if (loops.length > 0) return
      // beside the lanes: while all of them are busy for long, timers and other recurring work must not stand still
      loops.push(loop(async () => { await expireDead(deps); await recur(); return false }, () => SWEEP_MS, ending))
      loops.push(loop(() => runOne(shortPlace, (type) => type.short === true), poll))
      for (let n = 0; n < slots; n++) loops.push(loop(() => runOne(places, any), poll))
      dispatcher?.listen(slots, async () => { if (!stop.signal.aborted) await runOne(places, any) })
    },
    wake: alarm.ring,
    async stop() { stop.abort(); alarm.ring(); ending.ring(); await Promise.all(loops); await places.idle() },
  }
}
