import { sqlite as dialect } from '../dialect.ts'
import type { Connection, Driver, Params } from './driver.ts'
import { insertSql } from './driver.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { turnDue } from './sqlite-busy.ts'
import { sqliteError } from './sqlite-errors.ts'
import { openFile, releaseFile } from './sqlite-file.ts'
import { SqliteTransaction } from './sqlite-transaction.ts'

export interface SqliteConfig { file: string; synchronous: 'NORMAL' | 'FULL' }

/** The embedded database: every statement is synchronous on this thread's writer or reader. */
export const sqliteDriver = (config: SqliteConfig): Driver => {
  const file = openFile(config.file, config.synchronous)
  const writer = (connection: Connection, sql: string) => (connection as SqliteTransaction).writer(sql)
  const refused = (e: unknown, sql: string): unknown => {
    const told = sqliteError(e, sql)
    file.shared.noticed(told)
    return told
  }
  return {
    dialect,
    begin: () => new SqliteTransaction(file).begin(),
    commit: (connection) => (connection as SqliteTransaction).commit(),
    rollback: (connection) => (connection as SqliteTransaction).rollback(),
    async read(connection, sql, params, { timeoutMs }) {
      if (!connection) { const turn = turnDue(); if (turn) await turn }
      try { return (connection ? writer(connection, sql) : file.reader).all(sql, params, timeoutMs) } catch (e) { throw refused(e, sql) }
    },
    async write(connection, sql, params) {
      try { return { changes: writer(connection, sql).run(sql, params) } } catch (e) { throw refused(e, sql) }
    },
    async writeEach(connection, sql, rows) {
      try { return { changes: writer(connection, sql).runEach(sql, rows) } } catch (e) { throw refused(e, sql) }
    },
    async insert(connection, table, columns, rows, onConflict) {
      const sql = insertSql(dialect, table, columns, 1, onConflict)
      try { return writer(connection, sql).runEach(sql, rows) } catch (e) { throw refused(e, sql) }
    },
    // of the file as its writer sees it: commits of others change the pragma, those of this thread the count
    version: () => `${String(file.writer.all('PRAGMA data_version', [])[0]!['data_version'])}/${file.ended}`,
    async *stream(sql, params: Params, batch) {
      // a connection of its own: while rows are taken from the reader, all else that it reads would be as old as they are
      const own = new SqliteConnection(file.path, { synchronous: config.synchronous, readOnly: true })
      try {
        let out = []
        for (const row of own.iterate(sql, params)) { out.push(row); if (out.length === batch) { yield out; out = [] } }
        if (out.length) yield out
      } finally { own.close() }
    },
    idsIn: (column, ids) => ids.length === 0 ? { sql: '1=0', params: [] } : ids.length === 1 ? { sql: `${column} = ?`, params: [ids[0]!] } : { sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(ids)] },
    isRetryable: () => false,
    async close() { releaseFile(file) },
  }
}
