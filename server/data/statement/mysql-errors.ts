import { ConnectionAcquireTimeoutError, ConnectionError } from 'sequelize'
import { AppError } from '../../platform/errors.ts'

interface MysqlError extends Error { errno?: number; code?: string }
const DEADLOCK = 1213
const LOCK_WAIT = 1205
const RECORD_CHANGED = 1020
const NO_WAIT = 3572
const TIMEOUTS = new Set([1969, 3024])
const DUPLICATE = new Set([1062, 1586])
const FOREIGN_KEY = new Set([1216, 1217, 1451, 1452])
const FULL = new Set([1021, 1114, 3, 28])
const READ_ONLY = new Set([1036, 1290, 1792, 1836])
const GONE = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR', 'ER_CONNECTION_KILLED', 'ER_NEW_ABORTING_CONNECTION', 'ENOENT'])
// the driver refuses further statements of a connection that has broken by a text alone
const CLOSED = /connection is in closed state|Connection lost|server has gone away/i

/** errno of the driver's error, also when it is the cause of ours. */
const errno = (e: unknown): number | undefined => e instanceof Error ? (e as MysqlError).errno ?? errno(e.cause) : undefined

export const isMysqlRetryable = (e: unknown): boolean => {
  const n = errno(e)
  return n === DEADLOCK || n === LOCK_WAIT || n === RECORD_CHANGED
}

export const mysqlError = (e: unknown, sql: string, timeoutMs = 0): unknown => {
  if (!(e instanceof Error) || e instanceof AppError) return e
  if (e instanceof ConnectionError || e instanceof ConnectionAcquireTimeoutError) return new AppError('DB_UNAVAILABLE', { reason: e.message }, { cause: e })
  const { errno: n = 0, code = '', message: reason } = e as MysqlError
  // no cause: the driver's text quotes the value, which may be personal
  if (DUPLICATE.has(n)) return new AppError('DB_UNIQUE', { reason: reason.replace(/Duplicate entry '.*' for/s, 'duplicate entry for') })
  if (FOREIGN_KEY.has(n)) return new AppError('DB_FOREIGN_KEY', { reason }, { cause: e })
  if (TIMEOUTS.has(n)) return new AppError('DB_TIMEOUT', { seconds: timeoutMs / 1000, sql }, { cause: e })
  if (n === LOCK_WAIT || n === NO_WAIT) return new AppError('DB_BUSY', { ms: 0 }, { cause: e })
  if (FULL.has(n)) return new AppError('DB_FULL', { reason }, { cause: e })
  if (READ_ONLY.has(n)) return new AppError('DB_READ_ONLY', { reason }, { cause: e })
  if (GONE.has(code) || CLOSED.test(reason)) return new AppError('DB_UNAVAILABLE', { reason: code || reason }, { cause: e })
  return Object.assign(e, { sql })
}
