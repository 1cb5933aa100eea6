import { expect, it } from 'vitest'
import { isAppError } from '../../platform/errors.ts'
import { mysqlError } from './mysql-errors.ts'
import { sqliteError } from './sqlite-errors.ts'

const codeOf = (e: unknown): string | undefined => (isAppError(e) ? e.code : undefined)
const mysql = (parts: object, message = 'x'): string | undefined => codeOf(mysqlError(Object.assign(new Error(message), parts), 'SELECT 1'))
const sqlite = (sqliteCodeName: string, message = 'x'): string | undefined => codeOf(sqliteError(Object.assign(new Error(message), { sqliteCodeName }), 'SELECT 1'))

it('tells a server that is away, full or takes no writes from a fault of the statement', () => {
  expect([{ code: 'ECONNREFUSED' }, { code: 'ER_SERVER_SHUTDOWN', errno: 1053 }, { code: 'PROTOCOL_CONNECTION_LOST' }].map((e) => mysql(e))).toEqual(Array(3).fill('DB_UNAVAILABLE'))
  expect(mysql({}, "Can't add new command when connection is in closed state")).toBe('DB_UNAVAILABLE')
  expect([1290, 1836].map((errno) => mysql({ errno }))).toEqual(['DB_READ_ONLY', 'DB_READ_ONLY'])
  expect([1021, 1114].map((errno) => mysql({ errno }))).toEqual(['DB_FULL', 'DB_FULL'])
  expect(mysql({ errno: 1064 })).toBeUndefined()
})

it('tells a full disk and a read-only one of the embedded database', () => {
  expect(sqlite('SQLITE_FULL', 'database or disk is full')).toBe('DB_FULL')
  expect(sqlite('SQLITE_IOERR_WRITE', 'disk I/O error')).toBe('DB_FULL')
  expect(sqlite('SQLITE_READONLY_DBMOVED', 'attempt to write a readonly database')).toBe('DB_READ_ONLY')
  expect(sqlite('SQLITE_ERROR', 'no such table: t')).toBeUndefined()
})
