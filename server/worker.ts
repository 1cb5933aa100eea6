import { parentPort, workerData } from 'node:worker_threads'
import { auditOf, composeServices } from './compose.ts'
import { NODE_LEASE_MS, openDatabase } from './data/index.ts'
import { openHouse } from './house.ts'
import { houseOptions } from './index.ts'
import { queueOf } from './queue-of.ts'
import { lastGood } from './last-good.store.ts'
import { AppError } from './platform/errors.ts'
import { createLog } from './platform/log.ts'
import { workInBackground } from './platform/thread-priority.ts'
import type { WorkerData } from './worker-thread.ts'

/** The job loop of a thread: everything that takes longer than a page may. Ends when its parent says stop. */
export async function runWorker(): Promise<void> {
  const { config, version } = workerData as WorkerData
  const log = createLog({ level: config.log, name: 'worker' })
  workInBackground(log)
  const db = await openDatabase({ url: config.database.url, synchronous: config.database.synchronous })
  const definitions = await lastGood(db, version).finally(() => db.close())
  if (!definitions) throw new AppError('DEFINITION_NOT_FOUND', { id: version, where: 'definitions_versions' })
  const queue = await queueOf(config, log)
  const house = await openHouse({ ...houseOptions(config, definitions, log, 'worker'), ...(queue ? { onQueued: queue.announce } : {}) })
  const audit = auditOf(house)
  composeServices(house, { audit })
  const sealer = audit.sealer()
  const worker = house.jobs.worker(queue ? { dispatcher: queue } : {})
  const renewal = setInterval(() => { house.lease.renew().catch((e: unknown) => log.error({ err: e }, 'the node lease could not be renewed')) }, NODE_LEASE_MS / 3)
  const stop = async (): Promise<void> => {
    clearInterval(renewal)
    await worker.stop()
    await queue?.close()
    await sealer.stop()
    await house.close()
    parentPort?.close()
  }
  parentPort?.on('message', (message) => {
    if (message === 'wake') worker.wake()
    if (message === 'stop') stop().catch((e: unknown) => { log.error({ err: e }, 'the worker did not end cleanly'); process.exit(1) })
  })
  worker.start()
  sealer.start()
  parentPort?.postMessage('ready')
}
