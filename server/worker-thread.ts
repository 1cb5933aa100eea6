import { Worker } from 'node:worker_threads'
import type { Config } from './platform/config.ts'
import type { Log } from './platform/log.ts'

export interface WorkerThread { wake(): void; alive(): boolean; stop(): Promise<void> }
export interface WorkerData { config: Config; version: string }
/** what is awaited while jobs give themselves back to the queue */
const STOP_MS = 20_000
const AGAIN_MS = 2_000

/** Jobs, timers and the audit seal in a thread with connections of its own; begun anew when it dies. */
export async function startWorkerThread(config: Config, version: string, log: Log): Promise<WorkerThread> {
  let stopping = false
  let current: Worker | null = null
  const begin = (): Promise<void> => new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./worker-entry.mjs', import.meta.url), { workerData: { config, version } satisfies WorkerData })
    current = thread
    thread.once('message', () => resolve())
    thread.once('error', (error) => { log.error({ err: error }, 'the worker thread failed'); reject(error) })
    thread.once('exit', (code) => {
      if (current === thread) current = null
      if (!stopping && code !== 0) setTimeout(() => { if (!stopping) begin().catch(() => undefined) }, AGAIN_MS).unref()
    })
  })
  await begin()
  return {
    wake: () => current?.postMessage('wake'),
    alive: () => current !== null,
    async stop() {
      stopping = true
      const thread = current
      if (!thread) return
      const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
      thread.postMessage('stop')
      const force = setTimeout(() => { void thread.terminate() }, STOP_MS)
      await ended
      clearTimeout(force)
    },
  }
}
