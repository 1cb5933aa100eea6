import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionError } from 'sequelize'
import { AppError, isAppError } from '../platform/errors.ts'
import type { Scope } from './scope.ts'
import type { Driver } from './statement/driver.ts'

const RETRIES = 3

/** One whole step: begin, work, commit; repeated on deadlock or lock timeout. Hooks run after the commit. */
export const runStep = async <T>(driver: Driver, work: (scope: Scope) => Promise<T>): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try { return await once(driver, work) }
    catch (e) {
      if (attempt >= RETRIES || !driver.isRetryable(e)) throw e
      // losers of a deadlock come back one after the other, not all at once
      await sleep((attempt + 1) * 5 + (performance.now() % 10))
    }
  }
}

const once = async <T>(driver: Driver, work: (scope: Scope) => Promise<T>): Promise<T> => {
  const transaction = await driver.sequelize.transaction().catch((e: unknown) => { throw plain(driver, e, 'BEGIN') })
  const scope: Scope = { driver, transaction, began: performance.now(), savepoints: 0, afterCommit: [] }
  let value: T
  try {
    value = await work(scope)
    if (scope.doomed) throw scope.doomed
  } catch (e) {
    await transaction.rollback().catch((rollbackError: unknown) => { throw both(e, plain(driver, rollbackError, 'ROLLBACK')) })
    throw e
  }
  await transaction.commit().catch((e: unknown) => { throw plain(driver, e, 'COMMIT') })
  for (const hook of scope.afterCommit) await hook()
  return value
}

/** What the driver said, without the wrapping of the layer between. */
const plain = (driver: Driver, e: unknown, sql: string): unknown => {
  const inner = (e as { original?: unknown }).original ?? (e as { parent?: unknown }).parent
  return inner instanceof AppError ? inner : e instanceof ConnectionError || !(inner instanceof Error) ? driver.errorOf(e, sql) : driver.errorOf(inner, sql)
}

/** A lost connection cannot be asked to undo either; the server does so, and whoever waits is told of the loss. */
const both = (e: unknown, rollbackError: unknown): unknown =>
  isAppError(e) ? e : isAppError(rollbackError) ? rollbackError : new AggregateError([e, rollbackError], 'work and rollback both failed')
