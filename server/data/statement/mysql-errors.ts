import { AppError } from '../../platform/errors.ts'

interface MysqlError extends Error { errno?: number; code?: string }
const DEADLOCK = 1213
const LOCK_WAIT = 1205
const RECORD_CHANGED = 1020
const NO_WAIT = 3572
const TIMEOUTS = new Set([1969, 3024])
const DUPLICATE = new Set([1062, 1586])
const FOREIGN_KEY = new Set([1216, 1217, 1451, 1452])
const GONE = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** errno of the driver's error, also when it is the cause of ours. */
const errno = (e: unknown): number | undefined => e instanceof Error ? (e as MysqlError).errno ?? errno(e.cause) : undefined

export const isMysqlRetryable = (e: unknown): boolean => {
  const n = errno(e)
  return n === DEADLOCK || n === LOCK_WAIT || n === RECORD_CHANGED
}

export const mysqlError = (e: unknown, sql: string, timeoutMs = 0): unknown => {
  if (!(e instanceof Error) || e instanceof AppError) return e
  const { errno: n = 0, code = '', message: reason } = e as MysqlError
  // no cause: the driver's text quotes the value, which may be personal
  if (DUPLICATE.has(n)) return new AppError('DB_UNIQUE', { reason: reason.replace(/Duplicate entry '.*' for/s, 'duplicate entry for') })
  if (FOREIGN_KEY.has(n)) return new AppError('DB_FOREIGN_KEY', { reason }, { cause: e })
  if (TIMEOUTS.has(n)) return new AppError('DB_TIMEOUT', { seconds: timeoutMs / 1000, sql }, { cause: e })
  if (n === LOCK_WAIT || n === NO_WAIT) return new AppError('DB_BUSY', { ms: 0 }, { cause: e })
  if (GONE.has(code)) return new AppError('DB_UNAVAILABLE', { reason: code }, { cause: e })
  return Object.assign(e, { sql })
}
