import { mysqlWith } from '../dialect.ts'
import type { Row } from '../types.ts'
import { insertSql, type Connection, type Driver, type Params } from './driver.ts'
import { inList, rowGroups } from './mysql-batch.ts'
import { collationOf, connectMysql, connectionError, queryText, type MysqlConnection } from './mysql-connect.ts'
import { isMysqlRetryable, mysqlError } from './mysql-errors.ts'

export interface MysqlConfig { url: string; poolSize: number }

const held = (connection: Connection): MysqlConnection => connection as unknown as MysqlConnection
const isBare = (v: unknown): v is Uint8Array => typeof v === 'object' && v instanceof Uint8Array && !Buffer.isBuffer(v)

const bound = (params: Params): unknown[] => (params.some(isBare) ? params.map((v) => (isBare(v) ? Buffer.from(v.buffer, v.byteOffset, v.byteLength) : v)) : params as unknown[])
const affected = (result: unknown): number => (result as { affectedRows?: number }).affectedRows ?? 0
const changed = (result: unknown): { changes: number } => ({ changes: affected(result) })

/** One statement and what is wanted of its answer, with one promise: a completion has a dozen of them, and each layer between would cost as many more. */
const perform = <T>(connection: MysqlConnection, sql: string, params: Params, pick: (result: unknown) => T, timeoutMs?: number): Promise<T> => new Promise((resolve, reject) => {
  const done = (e: unknown, result: unknown): void => { if (e) reject(mysqlError(e, sql, timeoutMs) as Error); else resolve(pick(result)) }
  try {
    // statements without parameters go as text: DDL is not allowed in the prepared protocol
    if (params.length === 0) connection.query(sql, done)
    else connection.execute(sql, bound(params), done)
  } catch (e) { reject(mysqlError(e, sql, timeoutMs) as Error) }
})
const asRows = (result: unknown): Row[] => result as Row[]

const limited = (sql: string, ms: number, mariadb: boolean): string =>
  mariadb ? `SET STATEMENT max_statement_time=${ms / 1000} FOR ${sql}` : sql.replace(/^\s*SELECT\b/i, `SELECT /*+ MAX_EXECUTION_TIME(${Math.ceil(ms)}) */`)

/** MySQL 8 and MariaDB over mysql2, on Sequelize's pool. */
export const mysqlDriver = async (config: MysqlConfig): Promise<Driver> => {
  const sequelize = connectMysql(config.url, config.poolSize)
  const manager = sequelize.connectionManager
  const free = async (): Promise<MysqlConnection> => {
    try { return await manager.getConnection({ type: 'write', useMaster: true }) as MysqlConnection } catch (e) { throw connectionError(e) }
  }
  const withConnection = async <T>(fn: (c: MysqlConnection) => Promise<T>): Promise<T> => {
    const connection = await free()
    try { return await fn(connection) } finally { manager.releaseConnection(connection) }
  }
  /** Ends the transaction; a connection on which that fails may still hold its locks, so it is closed and serves nobody any more. */
  const end = async (c: Connection, sql: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    const connection = held(c)
    try { await queryText(connection, sql) } catch (e) { connection.destroy(); throw mysqlError(e, sql) } finally { manager.releaseConnection(connection) }
  }
  const version = await withConnection((c) => queryText(c, 'SELECT VERSION() AS v')).catch((e: unknown) => { throw mysqlError(e, 'connect') }) as { v: string }[]
  const mariadb = /mariadb/i.test(version[0]?.v ?? '')
  const dialect = mysqlWith(await withConnection(collationOf))

  return {
    dialect,
    async begin() {
      const connection = await free()
      try { await queryText(connection, 'START TRANSACTION') } catch (e) { connection.destroy(); manager.releaseConnection(connection); throw mysqlError(e, 'START TRANSACTION') }
      return connection as unknown as Connection
    },
    commit: (connection) => end(connection, 'COMMIT'),
    rollback: (connection) => end(connection, 'ROLLBACK'),
    read(connection, sql, params, { timeoutMs }) {
      const text = timeoutMs === undefined ? sql : limited(sql, timeoutMs, mariadb)
      return connection ? perform(held(connection), text, params, asRows, timeoutMs) : withConnection((c) => perform(c, text, params, asRows, timeoutMs))
    },
    write: (connection, sql, params) => perform(held(connection), sql, params, changed),
    async writeEach(connection, sql, rows) {
      let changes = 0
      for (const row of rows) changes += await perform(held(connection), sql, row, affected)
      return { changes }
    },
    async insert(connection, table, columns, rows, onConflict) {
      let changes = 0
      for (const group of rowGroups(rows, columns.length)) changes += await perform(held(connection), insertSql(dialect, table, columns, group.length, onConflict), group.length === 1 ? group[0]! : group.flat(), affected)
      return changes
    },
    async *stream(sql, params, batch) {
      const connection = await free()
      let ended = false
      const rows = connection.query({ sql, values: [...params], typeCast: true }).stream({ highWaterMark: batch })
      try {
        let out: Row[] = []
        for await (const row of rows) { out.push(row); if (out.length === batch) { yield out; out = [] } }
        ended = true
        if (out.length) yield out
      } catch (e) { throw mysqlError(e, sql) }
      // a connection that still receives rows cannot serve another statement
      finally {
        if (!ended) connection.destroy()
        manager.releaseConnection(connection)
      }
    },
    idsIn: inList,
    isRetryable: isMysqlRetryable,
    close: () => sequelize.close(),
  }
}
