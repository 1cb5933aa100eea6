import { hostname } from 'node:os'
import type { Random } from '#server/platform/random.ts'
import { runJob, type Outcome, type RunDeps } from './run-job.ts'
import type { JobRegistry } from './registry.ts'
import type { JobType } from './types.ts'

export interface JobWorker {
  start(): void
  /** looks for work now instead of at the next poll */
  wake(): void
  /** Finishes the chunk at hand, gives running jobs back to the queue and resolves when all have ended. */
  stop(): Promise<void>
}
export interface WorkerOptions { slots?: number; pollMs?: number; onRun?: (outcome: Outcome, type: string) => void }

/** Who holds a lease: machine, process and a random part. */
export const leaseOwner = (random: Random): string => `${hostname().slice(0, 30)}:${process.pid}:${random.token(6)}`

const isDead = (owner: string): boolean => {
  const [host, pid] = owner.split(':')
  if (host !== hostname().slice(0, 30) || Number(pid) === process.pid) return false
  try { process.kill(Number(pid), 0); return false }
  catch (e) { return (e as NodeJS.ErrnoException).code === 'ESRCH' }
}

/** Jobs of processes of this machine that died need not wait for their lease to run out. */
export const expireDead = async ({ store }: Pick<RunDeps, 'store'>): Promise<void> => {
  for (const { lease_owner } of await store.runningOwners()) if (isDead(lease_owner)) await store.expire(lease_owner)
}

export interface Claim { type: JobType; run(): Promise<Outcome> }

/** Returns lost jobs to the queue and claims one due job, if there is one. */
export const claimNext = async (deps: RunDeps, registry: JobRegistry, owner: string, allowed: (type: JobType) => boolean = () => true): Promise<Claim | undefined> => {
  const now = deps.clock.now()
  const realNow = deps.realClock.now()
  if (!await deps.store.anythingToDo(now, realNow)) return undefined
  await deps.store.releaseLost(realNow, now, { code: 'JOB_LEASE_LOST', message: 'the worker died in every attempt', person: '任务多次异常中断，请联系管理员', at: now })
  const row = await deps.store.claim(registry.all().filter(allowed).map((t) => t.type), owner, now, realNow + deps.leaseMs)
  if (!row) return undefined
  const type = registry.get(row.type)
  return { type, run: () => runJob(deps, type, row, owner) }
}

export const createWorker = (base: Omit<RunDeps, 'stopping'>, registry: JobRegistry, random: Random, recur: () => Promise<void>, options: WorkerOptions = {}): JobWorker => {
  const { slots = 2, pollMs = 500 } = options
  const stop = new AbortController()
  const deps: RunDeps = { ...base, stopping: stop.signal }
  const running = new Map<string, number>()
  const lanes: Promise<void>[] = []
  const sleepers = new Set<() => void>()
  const free = (type: JobType): boolean => (running.get(type.type) ?? 0) < (type.concurrency ?? 1)
  const count = (type: string, by: number): void => { running.set(type, (running.get(type) ?? 0) + by) }

  const pause = (): Promise<void> => new Promise((resolve) => {
    const up = (): void => { clearTimeout(timer); sleepers.delete(up); resolve() }
    const timer = setTimeout(up, pollMs)
    sleepers.add(up)
  })
  // one claim at a time, so that two lanes cannot both take the last free place of a type
  let claiming: Promise<unknown> = Promise.resolve()
  const claim = (): Promise<Claim | undefined> => {
    const turn = claiming.then(async () => {
      if (stop.signal.aborted) return undefined
      const found = await claimNext(deps, registry, leaseOwner(random), free)
      if (found) count(found.type.type, 1)
      return found
    })
    claiming = turn.catch(() => undefined)
    return turn
  }
  const lane = async (first: boolean): Promise<void> => {
    let swept = -Infinity
    while (!stop.signal.aborted) {
      try {
        if (first && performance.now() - swept > 5_000) { swept = performance.now(); await expireDead(deps); await recur() }
        const job = await claim()
        if (!job) { if (!stop.signal.aborted) await pause(); continue }
        try { const outcome = await job.run(); options.onRun?.(outcome, job.type.type) } finally { count(job.type.type, -1) }
      } catch (e) {
        deps.log.error({ err: e }, 'the job worker could not reach its queue')
        if (!stop.signal.aborted) await pause()
      }
    }
  }
  const wake = (): void => { for (const up of [...sleepers]) up() }
  return {
    start() { if (lanes.length === 0) for (let n = 0; n < slots; n++) lanes.push(lane(n === 0)) },
    wake,
    async stop() { stop.abort(); wake(); await Promise.all(lanes) },
  }
}
