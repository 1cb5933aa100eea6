import { mysqlWith } from '../dialect.ts'
import type { Row } from '../types.ts'
import { insertSql, type Connection, type Driver, type Params } from './driver.ts'
import { inList, rowGroups } from './mysql-batch.ts'
import { collationOf, connectMysql, connectionError, queryText, type MysqlConnection } from './mysql-connect.ts'
import { isMysqlRetryable, mysqlError } from './mysql-errors.ts'

export interface MysqlConfig { url: string; poolSize: number }

const isBare = (v: unknown): v is Uint8Array => typeof v === 'object' && v instanceof Uint8Array && !Buffer.isBuffer(v)

const execute = (connection: MysqlConnection, sql: string, params: Params): Promise<unknown> => {
  // statements without parameters go as text: DDL is not allowed in the prepared protocol
  if (params.length === 0) return queryText(connection, sql)
  const values = params.some(isBare) ? params.map((v) => (isBare(v) ? Buffer.from(v.buffer, v.byteOffset, v.byteLength) : v)) : params as unknown[]
  return new Promise((resolve, reject) => {
    connection.execute({ sql, values, typeCast: true }, (e, result) => { if (e) reject(e as Error); else resolve(result) })
  })
}

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
  const end = async (held: Connection, sql: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    const connection = held as unknown as MysqlConnection
    try { await queryText(connection, sql) } catch (e) { connection.destroy(); throw mysqlError(e, sql) } finally { manager.releaseConnection(connection) }
  }
  const on = async <T>(connection: Connection | undefined, sql: string, fn: (c: MysqlConnection) => Promise<T>, timeoutMs?: number): Promise<T> => {
    try { return connection ? await fn(connection as unknown as MysqlConnection) : await withConnection(fn) }
    catch (e) { throw mysqlError(e, sql, timeoutMs) }
  }
  const version = await withConnection((c) => queryText(c, 'SELECT VERSION() AS v')).catch((e: unknown) => { throw mysqlError(e, 'connect') }) as { v: string }[]
  const mariadb = /mariadb/i.test(version[0]?.v ?? '')
  const dialect = mysqlWith(await withConnection(collationOf))
  const affected = (result: unknown): number => (result as { affectedRows: number }).affectedRows

  return {
    dialect,
    async begin() {
      const connection = await free()
      try { await queryText(connection, 'START TRANSACTION') } catch (e) { connection.destroy(); manager.releaseConnection(connection); throw mysqlError(e, 'START TRANSACTION') }
      return connection as unknown as Connection
    },
    commit: (connection) => end(connection, 'COMMIT'),
    rollback: (connection) => end(connection, 'ROLLBACK'),
    read: (connection, sql, params, { timeoutMs }) =>
      on(connection, sql, async (c) => await execute(c, timeoutMs === undefined ? sql : limited(sql, timeoutMs, mariadb), params) as Row[], timeoutMs),
    write: (connection, sql, params) => on(connection, sql, async (c) => ({ changes: affected(await execute(c, sql, params)) ?? 0 })),
    writeEach: (connection, sql, rows) => on(connection, sql, async (c) => {
      let changes = 0
      for (const row of rows) changes += affected(await execute(c, sql, row)) ?? 0
      return { changes }
    }),
    async insert(connection, table, columns, rows, onConflict) {
      let changes = 0
      for (const group of rowGroups(rows, columns.length)) {
        const sql = insertSql(dialect, table, columns, group.length, onConflict)
        changes += await on(connection, sql, async (c) => affected(await execute(c, sql, group.flat())))
      }
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
