import { AsyncLocalStorage } from 'node:async_hooks'
import { Sequelize, type Transaction } from 'sequelize'
import type { Driver } from './statement/driver.ts'

/** One running outermost transaction. */
export interface Scope {
  driver: Driver
  transaction: Transaction
  began: number
  savepoints: number
  afterCommit: (() => void | Promise<void>)[]
  /** a deadlock inside a savepoint has undone everything: the outermost level repeats even if somebody caught it */
  doomed?: unknown
}

const storage = new AsyncLocalStorage<Map<Driver, Scope>>()

export const currentScope = (driver: Driver): Scope | undefined => storage.getStore()?.get(driver)

export const withScope = <T>(scope: Scope, fn: () => Promise<T>): Promise<T> =>
  storage.run(new Map(storage.getStore() ?? []).set(scope.driver, scope), fn)

/** Outside every transaction: what runs in fn starts its own. */
export const withoutScope = <T>(driver: Driver, fn: () => T): T => {
  const rest = new Map(storage.getStore() ?? [])
  rest.delete(driver)
  return storage.run(rest, fn)
}

// Sequelize models used for administration join the same transaction on their own.
Sequelize.useCLS({
  get: (key: string) => (key === 'transaction' ? [...(storage.getStore()?.values() ?? [])].at(-1)?.transaction : undefined),
  set: () => undefined,
  run: (fn: (context: object) => unknown) => fn({}),
  bind: (fn: unknown) => fn,
} as object)
