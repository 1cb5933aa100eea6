import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Log } from '#server/platform/log.ts'
import type { Dispatcher } from '#server/runtime/jobs/index.ts'

const NAME = 'jobs'
const PREFIX = 'certflow'
const AGAIN_MS = 5_000
/** what an ending connection gets; a server that is away never answers */
const END_MS = 2_000
/** kept nowhere when done: the table of jobs is the record */
const CALL = { removeOnComplete: true, removeOnFail: true, attempts: 1 }

/** Calls between processes through Redis, by BullMQ. While the server is away nothing is called, which is told once; it comes back by itself. */
export const openQueue = (url: string, log: Log): Dispatcher => {
  let away = false
  const lost = (err: unknown): void => {
    if (!away) log.warn({ err }, 'QUEUE_URL: the queue does not answer; workers look into the table of jobs until it does')
    away = true
  }
  const found = (): void => {
    if (away) log.warn('QUEUE_URL: the queue answers again')
    away = false
  }
  const connect = (offline: boolean): Redis => {
    const redis = new Redis(url, { maxRetriesPerRequest: null, enableOfflineQueue: offline, connectTimeout: AGAIN_MS, retryStrategy: (times) => Math.min(AGAIN_MS, times * 200) })
    redis.on('error', lost)
    redis.on('ready', found)
    return redis
  }
  // nothing is kept for a server that is away: the job stands in the table
  const caller = connect(false)
  // BullMQ asks the server for its version as it begins, and is of no use ever after where it got no answer
  let queue: Queue | undefined
  caller.once('ready', () => {
    queue = new Queue(NAME, { connection: caller, prefix: PREFIX, skipMetasUpdate: true })
    queue.on('error', lost)
  })
  let listener: { worker: Worker; redis: Redis } | undefined
  const connected = (): boolean => caller.status === 'ready'
  return {
    connected,
    announce({ id, delayMs }) {
      if (connected()) queue?.add('job', { id }, { ...CALL, ...(delayMs > 0 ? { delay: delayMs } : {}) }).catch(lost)
    },
    listen(slots, take) {
      const redis = connect(true)
      const worker = new Worker(NAME, async () => { await take() }, { connection: redis, prefix: PREFIX, concurrency: slots })
      worker.on('error', lost)
      listener = { worker, redis }
    },
    async close() {
      const polite = Promise.allSettled([listener?.worker.close(), queue?.close()])
      let late: NodeJS.Timeout | undefined
      await Promise.race([polite, new Promise((resolve) => { late = setTimeout(resolve, END_MS) })])
      clearTimeout(late)
      listener?.redis.disconnect()
      caller.disconnect()
    },
  }
}
