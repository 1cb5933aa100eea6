import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, isAppError } from '../platform/errors.ts'
import { openDatabase, type DatabaseConfig } from './open.ts'
import type { Db, Tx } from './types.ts'

const WAIT_MS = 600_000
const AGAIN_MS = 50

/**
 * Runs `work` while no other process or thread does so for the same database; the others wait for their turn (at most ten minutes).
 * The database holds the lock, so it is free as soon as its process has ended, however that ends. Throws DB_BUSY when the turn never comes.
 */
export const alone = async <T>(config: Pick<DatabaseConfig, 'url'>, work: () => Promise<T>): Promise<T> => {
  const sqlite = config.url.startsWith('sqlite:')
  // of an embedded database a file beside it is locked: `work` writes to the database itself
  const lock = await openDatabase({ url: sqlite ? `${config.url}-start` : config.url, poolSize: 1 })
  try {
    const { release, ended } = await (sqlite ? untilFree(lock) : granted(lock, named))
    try { return await work() } finally { release(); await ended }
  } finally { await lock.close() }
}

interface Held { release(): void; ended: Promise<void> }

/** Holds a transaction open beside the caller, who keeps out of its scope. */
const granted = (lock: Db, take: (t: Tx) => Promise<void>): Promise<Held> => new Promise((resolve, reject) => {
  let release = (): void => undefined
  const over = new Promise<void>((end) => { release = end })
  const ended = lock.tx(async (t) => {
    await take(t)
    resolve({ release, ended })
    await over
    if (t.dialect.name === 'mysql') await t.all('SELECT RELEASE_LOCK(?)', [await nameOf(t)])
  })
  ended.catch(reject)
})

const untilFree = async (lock: Db): Promise<Held> => {
  for (const until = performance.now() + WAIT_MS; ;) {
    try { return await granted(lock, async () => undefined) }
    catch (error) { if (!isAppError(error, 'DB_BUSY') || performance.now() > until) throw error }
    await sleep(AGAIN_MS)
  }
}

const nameOf = async (t: Tx): Promise<string> => `certflow-start:${(await t.one<{ name: string }>('SELECT LEFT(DATABASE(), 40) AS name'))!.name}`

const named = async (t: Tx): Promise<void> => {
  const row = await t.one<{ got: number | null }>('SELECT GET_LOCK(?, ?) AS got', [await nameOf(t), WAIT_MS / 1000])
  if (row?.got !== 1) throw new AppError('DB_BUSY', { ms: WAIT_MS })
}
