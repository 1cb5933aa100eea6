import { setTimeout as sleep } from 'node:timers/promises'
import { isAppError } from '../platform/errors.ts'
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
  const connection = await driver.begin()
  const scope: Scope = { driver, connection, ended: false, began: performance.now(), savepoints: 0, wrote: false, afterCommit: [] }
  let value: T
  try {
    value = await work(scope)
    if (scope.doomed) throw scope.doomed
  } catch (e) {
    scope.ended = true
    await driver.rollback(connection).catch((rollbackError: unknown) => { throw both(e, rollbackError) })
    throw e
  }
  scope.ended = true
  await driver.commit(connection)
  for (const hook of scope.afterCommit) await hook()
  return value
}

/** A lost connection cannot be asked to undo either; the server does so, and whoever waits is told of the loss. */
const both = (e: unknown, rollbackError: unknown): unknown =>
  isAppError(e) ? e : isAppError(rollbackError) ? rollbackError : new AggregateError([e, rollbackError], 'work and rollback both failed')
