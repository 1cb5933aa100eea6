import { hostname } from 'node:os'
import type { Random } from '#server/platform/random.ts'
import { runJob, type RunDeps } from './run-job.ts'
import type { JobRegistry } from './registry.ts'
import type { JobType } from './types.ts'

export interface JobWorker {
  start(): void
  /** looks for work now instead of at the next poll */
  wake(): void
  /** Finishes the chunk at hand, gives running jobs back to the queue and resolves when all have ended. */
  stop(): Promise<void>
}
export interface WorkerOptions { slots?: number; pollMs?: number; onRun?: (outcome: string, type: string) => void }

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

/** Returns lost jobs to the queue and runs one due job, if there is one. */
export const runNext = async (deps: RunDeps, registry: JobRegistry, owner: string, allowed: (type: JobType) => boolean = () => true, started?: (type: JobType) => void): Promise<{ type: string; outcome: string } | undefined> => {
  const now = deps.clock.now()
  const realNow = deps.realClock.now()
  if (!await deps.store.anythingToDo(now, realNow)) return undefined
  await deps.store.releaseLost(realNow, now, { code: 'JOB_LEASE_LOST', message: 'the worker died in every attempt', person: '任务多次异常中断，请联系管理员', at: now })
  const types = registry.all().filter(allowed)
  const row = await deps.store.claim(types.map((t) => t.type), owner, now, realNow + deps.leaseMs)
  if (!row) return undefined
  const type = registry.get(row.type)
  started?.(type)
  return { type: row.type, outcome: await runJob(deps, type, row, owner) }
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
  const lane = async (first: boolean): Promise<void> => {
    let swept = -Infinity
    while (!stop.signal.aborted) {
      let started: JobType | undefined
      try {
        if (first && performance.now() - swept > 5_000) { swept = performance.now(); await expireDead(deps); await recur() }
        const ran = await runNext(deps, registry, leaseOwner(random), free, (type) => { started = type; count(type.type, 1) })
        if (ran) options.onRun?.(ran.outcome, ran.type)
        else if (!stop.signal.aborted) await pause()
      } catch (e) {
        deps.log.error({ err: e }, 'the job worker could not reach its queue')
        if (!stop.signal.aborted) await pause()
      } finally { if (started) count(started.type, -1) }
    }
  }
  const wake = (): void => { for (const up of [...sleepers]) up() }
  return {
    start() { if (lanes.length === 0) for (let n = 0; n < slots; n++) lanes.push(lane(n === 0)) },
    wake,
    async stop() { stop.abort(); wake(); await Promise.all(lanes) },
  }
}
