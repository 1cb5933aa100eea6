import type { Tx } from '#server/data/index.ts'
import type { Clock } from '#server/platform/clock.ts'
import type { Json, JsonObject } from '#server/platform/json.ts'
import type { Log } from '#server/platform/log.ts'
import type { Pace } from './pace.ts'

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
/** rate = done per second in this attempt */
export interface Progress { done: number; total?: number; rate?: number; note?: string }
export interface JobError { code: string; message: string; person: string; where?: string; found?: string; fix?: string; attempt?: number; /** times that the database or the disk was away; not counted as attempts */ outages?: number; at: number }

/** A declared job. Cheap to import: `run` loads its heavy handler itself. */
export interface JobType {
  type: string
  /** JSON Schema of the payload, checked at enqueue. Payloads hold ids, never personal numbers. */
  input: JsonObject
  /** attempts without progress before it fails (default 3); first delay in ms, doubled each time up to an hour (default 2 000) */
  retry?: { attempts?: number; delayMs?: number; when?: (error: unknown) => boolean }
  /** of one attempt, real ms (default 15 minutes) */
  timeoutMs?: number
  /** how many of this type run at once in one process (default 1) */
  concurrency?: number
  /** ends within seconds: it also has a place of its own, so that long jobs do not keep it waiting */
  short?: boolean
  /** repeats: one run per period of this many ms */
  everyMs?: number
  run(payload: JsonObject, ctx: JobContext): Promise<Json | undefined>
  /** Its last attempt has failed, or workers died in all of them: tells whoever waits for the job, in the transaction that ends it. */
  failed?(payload: JsonObject, error: JobError): Promise<void>
}

export interface Checkpoint { checkpoint: Json; done?: number; total?: number; note?: string }

export interface JobContext {
  job: { id: string; type: string; attempt: number; createdBy: string | null; org: string | null; createdAt: number }
  clock: Clock
  log: Log
  /** aborted on cancellation, timeout, lost lease and shutdown */
  signal: AbortSignal
  /** what the last committed checkpoint stored, null at first */
  checkpoint: Json
  /** fn's rows, the checkpoint and the progress commit together; after a crash the job goes on from there */
  commit(fn: (t: Tx) => Promise<Checkpoint>): Promise<void>
  /** progress without a checkpoint, written at most twice a second */
  progress(p: Progress): Promise<void>
  /** rows to take per commit so that the write lock is held about 40 ms; learns from each commit */
  pace: Pace
}

export interface JobView {
  id: string; type: string; state: JobState; attempts: number; maxAttempts: number; runAt: number; cancelRequested: boolean
  progress: Progress | null; result: Json; error: JobError | null
  createdBy: string | null; org: string | null; createdAt: number; startedAt: number | null; finishedAt: number | null
}

export interface EnqueueOptions {
  /** two enqueues with one key are one job */
  key?: string
  runAt?: number
  createdBy?: string | null
  org?: string | null
}

/** Types the payload and result of a job; the schema guards at run time what P claims. */
export const defineJob = <P, R extends Json | undefined>(def: Omit<JobType, 'run' | 'failed'> & { run(payload: P, ctx: JobContext): Promise<R>; failed?(payload: P, error: JobError): Promise<void> }): JobType => def as unknown as JobType
