import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { checkDefinitions } from './check-definitions.ts'
import { auditOf, composeServices } from './compose.ts'
import { alone, openDatabase, migrate, NODE_LEASE_MS, type Db } from './data/index.ts'
import { openHouse, type House, type HouseOptions } from './house.ts'
import { printOf, rememberFiles, versionOf } from './known-files.store.ts'
import { isKnownGood, keepGood, lastGood } from './last-good.store.ts'
import type { Config } from './platform/config.ts'
import { loadSecrets } from './platform/crypto.ts'
import { AppError } from './platform/errors.ts'
import { createLog, type Log } from './platform/log.ts'
import { makeClock } from './platform/make-clock.ts'
import { ensureVarFolder } from './platform/var-folder.ts'
import { formatFinding, hasErrors, loadDefinitions, type Definitions, type Finding } from './runtime/definitions/index.ts'
import type { Dispatcher } from './runtime/jobs/index.ts'
import { publish } from './runtime/release/index.ts'
import type { Check } from './runtime/views/health.ts'
import type { Services } from './services.ts'
import { queueOf } from './queue-of.ts'
import { startWorkerThread, type WorkerThread } from './worker-thread.ts'

export type { Services } from './services.ts'
export type { House } from './house.ts'

/** `stale`: what is wrong in the definition files when an earlier, good version of them runs; empty when the files themselves run. */
export interface Certflow { services: Services; house: House; stale: Finding[]; /** starts the worker thread where it was left for later */ begin(): Promise<void>; /** calls workers of other processes */ queue?: Dispatcher | undefined; close(): Promise<void> }

/** Settings of a house from the configuration; the same in every process and thread. */
export const houseOptions = (config: Config, definitions: Definitions, log: Log, what: string): HouseOptions => ({
  databaseUrl: config.database.url, varDir: config.varDir, secrets: loadSecrets(config.keys), clock: makeClock(config), log, definitions, zone: config.zone,
  owner: `${hostname().slice(0, 20)}:${process.pid}:${what}:${randomBytes(4).toString('hex')}`.slice(0, 64), synchronous: config.database.synchronous, poolSize: config.database.poolSize,
  ...(config.chromium ? { chromium: config.chromium } : {}), ...(config.http.url ? { publicUrl: config.http.url } : {}), ...(config.smtp ? { adapters: { mail: config.smtp } } : {}),
})

/** `print`: what the files are to be remembered by, when they are not yet. */
interface Found { definitions: Definitions; fresh: boolean; errors: Finding[]; print: string | null }

/** Definitions from their folder when they are without errors, else those that last were. Files that stand as at the last start are not read again. */
async function soundDefinitions(config: Config, db: Db): Promise<Found> {
  const print = await printOf(config.definitionsDir)
  const same = print === null ? null : await versionOf(db, print)
  const kept = same === null ? null : await lastGood(db, same)
  if (kept) return { definitions: kept, fresh: true, errors: [], print: null }
  const loaded = await loadDefinitions({ roots: [config.definitionsDir] })
  const known = !hasErrors(loaded.findings) && (await isKnownGood(db, loaded.definitions.version))
  const findings = known || hasErrors(loaded.findings) ? loaded.findings : (await checkDefinitions(loaded)).findings
  if (!hasErrors(findings)) return { definitions: loaded.definitions, fresh: true, errors: [], print }
  const errors = findings.filter((f) => f.level === 'error')
  const before = await lastGood(db)
  if (!before) throw new AppError('DEFINITION_INVALID', { id: config.definitionsDir, reason: errors.slice(0, 20).map(formatFinding).join('\n') })
  return { definitions: before, fresh: false, errors, print: null }
}

/**
 * Opens everything behind the door: database, definitions (the last good ones when the files have errors), services, and the
 * worker thread for jobs, timers and the audit seal unless the configuration says off; `later` leaves that to `begin`, so that
 * pages are answered first. `close` ends all of it.
 */
export async function createCertflow(config: Config, options: { worker?: 'later' } = {}): Promise<Certflow> {
  const log = createLog({ level: config.log })
  for (const { setting, why } of config.withoutEffect) log.warn({ setting }, `${setting} has no effect: ${why}`)
  ensureVarFolder(config)
  const certflow = await alone(config.database, () => open(config, log))
  if (options.worker === 'later') return certflow
  try { await certflow.begin() } catch (error) { await certflow.close(); throw error }
  return certflow
}

async function open(config: Config, log: Log): Promise<Certflow> {
  const db = await openDatabase({ url: config.database.url, synchronous: config.database.synchronous })
  const found = await migrate(db).then(() => soundDefinitions(config, db)).finally(() => db.close())
  for (const f of found.errors) log.error({ file: f.file, line: f.line, code: f.code }, `definitions: ${f.message}`)
  let worker: WorkerThread | null = null
  const queue = await queueOf(config, log)
  const house = await openHouse({ ...houseOptions(config, found.definitions, log, 'web'), onQueued: (job) => { worker?.wake(); queue?.announce(job) } })
  const renewal = setInterval(() => { house.lease.renew().catch((e: unknown) => log.error({ err: e }, 'the node lease could not be renewed')) }, NODE_LEASE_MS / 3)
  renewal.unref()
  let starting: Promise<WorkerThread> | null = null
  const close = async (): Promise<void> => {
    clearInterval(renewal)
    await (await starting?.catch(() => null))?.stop()
    await queue?.close()
    await house.close()
  }
  try {
    await publish(house.core.engine, found.definitions, house.options.clock.now())
    if (found.fresh) await keepGood(house.db, house.lease.ids, found.definitions, house.options.clock.now())
    if (found.print !== null) await rememberFiles(house.db, found.print, found.definitions.version, house.options.clock.now())
    const services = composeServices(house, { listTimeoutMs: config.listTimeoutMs, audit: auditOf(house), checks: () => checksOf(config, found, worker === null || worker.alive()) })
    const begin = async (): Promise<void> => {
      if (config.worker !== 'thread') return
      worker = await (starting ??= startWorkerThread(config, found.definitions.version, log))
    }
    return { services, house, stale: found.errors, begin, queue, close }
  } catch (error) { await close(); throw error }
}

function checksOf(config: Config, found: Found, working: boolean): Check[] {
  const definitions: Check = found.errors.length === 0 ? { name: 'definitions', ok: true, detail: found.definitions.version.slice(0, 12) }
    : { name: 'definitions', ok: false, detail: `${found.errors.length} errors in the files, version ${found.definitions.version.slice(0, 12)} runs on; first: ${formatFinding(found.errors[0]!)}` }
  return config.worker === 'thread' ? [definitions, { name: 'worker', ok: working, detail: working ? 'running' : 'the worker thread has ended' }] : [definitions]
}
