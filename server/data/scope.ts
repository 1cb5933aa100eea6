import { AsyncLocalStorage } from 'node:async_hooks'
import type { Connection, Driver } from './statement/driver.ts'

/** One running outermost transaction. */
export interface Scope {
  driver: Driver
  connection: Connection
  /** committed or rolled back: what was not awaited inside must not reach the connection, which serves others by now */
  ended: boolean
  began: number
  savepoints: number
  /** whether it has written anything itself */
  wrote: boolean
  afterCommit: (() => void | Promise<void>)[]
  /** a deadlock inside a savepoint has undone everything: the outermost level repeats even if somebody caught it */
  doomed?: unknown
}

const storage = new AsyncLocalStorage<Map<Driver, Scope>>()

export const currentScope = (driver: Driver): Scope | undefined => storage.getStore()?.get(driver)

export const withScope = <T>(scope: Scope, fn: () => Promise<T>): Promise<T> =>
  storage.run(new Map(storage.getStore() ?? []).set(scope.driver, scope), fn)
