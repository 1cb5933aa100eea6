import { AsyncLocalStorage } from 'node:async_hooks'
import { isDeepStrictEqual } from 'node:util'
import type { Scope } from './scope.ts'
import type { Connection, Driver, Params } from './statement/driver.ts'
import type { Row } from './types.ts'

interface Read { sql: string; params: Params; rows: Row[] }
export interface Observation { driver: Driver; reads: Read[] }

const storage = new AsyncLocalStorage<Observation>()

/** What is being observed of this database in this async context. */
export const observationOf = (driver: Driver): Observation | undefined => {
  const found = storage.getStore()
  return found?.driver === driver ? found : undefined
}

/** Runs fn and keeps what it reads, with the version that the database had before. */
export async function observed<T>(driver: Driver, fn: () => Promise<T>): Promise<{ value: T; holds: (scope: Scope) => Promise<boolean> }> {
  const observation: Observation = { driver, reads: [] }
  const before = driver.version?.()
  const value = await storage.run(observation, fn)
  return { value, holds: async ({ connection, wrote }) => (!wrote && before !== undefined && driver.version?.() === before) || readsAlike(observation, connection) }
}

async function readsAlike({ driver, reads }: Observation, connection: Connection): Promise<boolean> {
  for (const { sql, params, rows } of reads) if (!isDeepStrictEqual(await driver.read(connection, sql, params, {}), rows)) return false
  return true
}
