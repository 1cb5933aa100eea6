import { Sequelize, Transaction } from 'sequelize'
import { AppError } from '../../platform/errors.ts'
import { sqlite as dialect } from '../dialect.ts'
import type { Connection, Driver, Params } from './driver.ts'
import { insertSql } from './driver.ts'
import { takeTurns } from './sqlite-busy.ts'
import { sqliteError } from './sqlite-errors.ts'
import { openFile, releaseFile } from './sqlite-file.ts'
import { sqliteModule, type SqliteHandle } from './sqlite-handle.ts'

export interface SqliteConfig { file: string; synchronous: 'NORMAL' | 'FULL' }

/** The embedded database: every statement is synchronous on this thread's writer or reader. */
export const sqliteDriver = (config: SqliteConfig): Driver => {
  const file = openFile(config.file, config.synchronous)
  const sequelize = new Sequelize({
    dialect: 'sqlite', storage: file.path, dialectModule: sqliteModule(file), logging: false,
    transactionType: Transaction.TYPES.IMMEDIATE, retry: { max: 1 }, define: { timestamps: false },
  })
  const writer = (connection: Connection, sql: string) => {
    const handle = connection as SqliteHandle
    if (!handle.inTx) throw new AppError('DB_TX_ENDED', { sql })
    return handle.file.writer
  }
  const guarded = <T>(sql: string, fn: () => T): T => { try { return fn() } catch (e) { throw sqliteError(e, sql) } }
  return {
    dialect, sequelize,
    async read(connection, sql, params, { timeoutMs }) {
      if (!connection) await takeTurns()
      return guarded(sql, () => (connection ? writer(connection, sql) : file.reader).all(sql, params, timeoutMs))
    },
    async write(connection, sql, params) { return guarded(sql, () => writer(connection, sql).run(sql, params).changes) },
    async insert(connection, table, columns, rows, onConflict) {
      const sql = insertSql(dialect, table, columns, 1, onConflict)
      return guarded(sql, () => writer(connection, sql).runEach(sql, rows))
    },
    async *stream(sql, params: Params, batch) {
      const rows = file.reader.iterate(sql, params)
      let out = []
      for (const row of rows) { out.push(row); if (out.length === batch) { yield out; out = [] } }
      if (out.length) yield out
    },
    idsIn: (column, ids) => ids.length === 0 ? { sql: '1=0', params: [] } : { sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(ids)] },
    isRetryable: () => false,
    errorOf: sqliteError,
    async close() { await sequelize.close(); releaseFile(file) },
  }
}
