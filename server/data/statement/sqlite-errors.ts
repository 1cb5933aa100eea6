import { AppError } from '../../platform/errors.ts'

interface SqliteError extends Error { code?: string; sqliteCode?: number; sqliteExtendedCode?: number; sqliteCodeName?: string }

export const isBusy = (e: unknown): boolean =>
  e instanceof Error && (/^SQLITE_(BUSY|LOCKED)/.test((e as SqliteError).sqliteCodeName ?? '') || /database (table )?is locked/.test(e.message))

/** An integer beyond 2^53 in the result: the statement is read again with BigInts. */
export const isTooLargeInteger = (e: unknown): boolean =>
  e instanceof Error && ((e as SqliteError).code === 'ERR_OUT_OF_RANGE' || /too large|out of range|cannot be represented/i.test(e.message))

const codeOf = (e: SqliteError): string => e.sqliteCodeName ?? ''
/** A write or a flush that found no room is reported as an input/output error. */
const isFull = (e: SqliteError): boolean => /^SQLITE_(FULL|IOERR_(WRITE|FSYNC|TRUNCATE|SHMSIZE|SHMOPEN))/.test(codeOf(e)) || /database or disk is full/.test(e.message)
const isReadOnly = (e: SqliteError): boolean => /^SQLITE_(READONLY|CANTOPEN)/.test(codeOf(e)) || /attempt to write a readonly database/.test(e.message)

/** Driver error → catalogue error. Anything unknown is passed on with the statement, never with its parameters. */
export const sqliteError = (e: unknown, sql: string): unknown => {
  if (!(e instanceof Error) || e instanceof AppError) return e
  const reason = e.message
  if (isBusy(e)) return new AppError('DB_BUSY', { ms: 0 }, { cause: e })
  if (isFull(e)) return new AppError('DB_FULL', { reason }, { cause: e })
  if (isReadOnly(e)) return new AppError('DB_READ_ONLY', { reason }, { cause: e })
  if (/UNIQUE constraint failed|PRIMARY KEY constraint failed/i.test(reason)) return new AppError('DB_UNIQUE', { reason }, { cause: e })
  if (/FOREIGN KEY constraint failed/i.test(reason)) return new AppError('DB_FOREIGN_KEY', { reason }, { cause: e })
  return Object.assign(e, { sql, code: (e as SqliteError).sqliteCodeName ?? (e as SqliteError).code })
}
