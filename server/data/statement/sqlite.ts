import { sqlite as dialect } from '../dialect.ts'
import type { Connection, Driver, Params } from './driver.ts'
import { insertSql } from './driver.ts'
import { SqliteApart } from './sqlite-apart.ts'
import { SqliteApartTransaction } from './sqlite-apart-transaction.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { turnDue } from './sqlite-busy.ts'
import { sqliteError } from './sqlite-errors.ts'
import { openFile, releaseFile } from './sqlite-file.ts'
import { SqliteTransaction } from './sqlite-transaction.ts'

export interface SqliteConfig { file: string; synchronous: 'NORMAL' | 'FULL' }

/** what only fails when the transaction is lost */
const MARK = /^(SAVEPOINT|RELEASE) /

/** The embedded database: every statement is synchronous on this thread's writer or reader. */
export const sqliteDriver = (config: SqliteConfig): Driver => {
  const file = openFile(config.file, config.synchronous)
  type Held = SqliteTransaction | SqliteApartTransaction
  const writer = (connection: Connection, sql: string) => (connection as Held).writer(sql)
  const refused = (e: unknown, sql: string): unknown => {
    const told = sqliteError(e, sql)
    file.shared.noticed(told)
    return told
  }
  return {
    dialect,
    begin: (apart) => (apart ? new SqliteApartTransaction(file) : new SqliteTransaction(file)).begin(),
    commit: (connection) => (connection as Held).commit(),
    rollback: (connection) => (connection as Held).rollback(),
    async read(connection, sql, params, { timeoutMs }) {
      if (!connection) { const turn = turnDue(); if (turn) await turn }
      try { return await (connection ? writer(connection, sql) : file.reader).all(sql, params, timeoutMs) } catch (e) { throw refused(e, sql) }
    },
    async write(connection, sql, params) {
      try {
        const to = writer(connection, sql)
        if (to instanceof SqliteApart && MARK.test(sql)) { to.later(sql, [params]); return { changes: 0 } }
        return { changes: await to.run(sql, params) }
      } catch (e) { throw refused(e, sql) }
    },
    async writeEach(connection, sql, rows) {
      try { return { changes: await writer(connection, sql).runEach(sql, rows) } } catch (e) { throw refused(e, sql) }
    },
    async insert(connection, table, columns, rows, onConflict) {
      const sql = insertSql(dialect, table, columns, 1, onConflict)
      try {
        const to = writer(connection, sql)
        if (onConflict || !(to instanceof SqliteApart)) return await to.runEach(sql, rows)
        to.later(sql, rows)
        return rows.length
      } catch (e) { throw refused(e, sql) }
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
    close: () => releaseFile(file),
  }
}
