import { join } from 'node:path'
import { leaseNode, migrate, openDatabase, type Db, type NodeLease } from './data/index.ts'
import type { Clock } from './platform/clock.ts'
import { createKeyring, type Keyring, type Secrets } from './platform/crypto.ts'
import type { Log } from './platform/log.ts'
import { cryptoRandom, type Random } from './platform/random.ts'
import { composeCore, type Core } from './compose-core.ts'
import { createFiles, localBlobs, purgeJob, type Files } from './runtime/files/index.ts'
import type { Definitions } from './runtime/definitions/index.ts'
import { createJobs, type Jobs, type Queued } from './runtime/jobs/index.ts'
import { processJobs } from './process-jobs.ts'
import { createDocuments, type Documents } from './runtime/documents/index.ts'
import { createAdapters, type Adapters } from './adapters/index.ts'
import { composeOperations } from './compose-operations.ts'
import type { Operations } from './runtime/operations/index.ts'
import { notifyJob } from './runtime/notify/index.ts'
import { purgeAnswersJob } from './runtime/repeats/index.ts'
import { printJobs } from './runtime/print/index.ts'
import { transferJobs } from './runtime/transfer/index.ts'

export interface HouseOptions {
  databaseUrl: string
  varDir: string
  secrets: Secrets
  clock: Clock
  log: Log
  definitions: Definitions
  zone: string
  /** unique to this process or thread */
  owner: string
  random?: Random
  chromium?: string
  synchronous?: 'NORMAL' | 'FULL'
  poolSize?: number
  /** settings of outside adapters, by name */
  adapters?: Record<string, unknown>
  publicUrl?: string
  onQueued?: (job: Queued) => void
  /** stands before the database; scenarios let it die */
  wrapDb?: (db: Db) => Db
}
/** Everything behind the door of one process or thread. */
export interface House { db: Db; core: Core; jobs: Jobs; files: Files; documents: Documents; operations: Operations; adapters: Adapters; keyring: Keyring; lease: NodeLease; options: HouseOptions; close(): Promise<void> }

const realNow = (): number => Date.now()

/** Opens the database, brings core tables up to date and puts the parts together. Entity tables come with `install`. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const opened = await openDatabase({ url: options.databaseUrl, synchronous: options.synchronous ?? 'NORMAL', ...(options.poolSize ? { poolSize: options.poolSize } : {}) })
  await migrate(opened)
  const db = options.wrapDb?.(opened) ?? opened
  const lease = await leaseNode(db, realNow, options.owner)
  const keyring = createKeyring(options.secrets)
  const random = options.random ?? cryptoRandom
  const blobs = localBlobs(join(options.varDir, 'files'))
  await blobs.sweep()
  const files = createFiles({ db, blobs, clock: options.clock, ids: lease.ids, keyring })
  const jobs = createJobs({ db, ids: lease.ids, log: options.log, clock: options.clock, random, types: [], ...(options.onQueued ? { onQueued: options.onQueued } : {}) })
  const core = await composeCore({ db, clock: options.clock, ids: lease.ids, random, keyring, log: options.log, jobs, definitions: options.definitions, zone: options.zone })
  const documents = createDocuments(options.chromium ? { chromiumPath: options.chromium } : {})
  const adapters = createAdapters(options.adapters ?? {}, options.clock, db)
  const operations = composeOperations({ core, files, documents, options, random, adapters })
  const house: House = {
    db, core, jobs, files, documents, operations, adapters, keyring, lease, options,
    async close() { await documents.close(); await lease.release().catch(() => undefined); await db.close() },
  }
  for (const type of [...processJobs(house), ...printJobs({ core, files, documents, publicUrl: options.publicUrl ?? '' }), ...transferJobs(house), purgeJob(() => files), notifyJob(core.engine, adapters), purgeAnswersJob(core.engine)]) jobs.declare(type)
  return house
}
