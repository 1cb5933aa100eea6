import { DatabaseSync } from '@photostructure/sqlite'
import mysql from 'mysql2'
import type { SqlValue } from '#server/data/index.ts'
import type { Op } from './record.ts'

/** The driver alone: prepared statements, one connection per worker, nothing between. Runs recorded statements as they were. */
export interface Bare {
  /** `worker` names the connection; those of different workers run beside each other where the database can */
  replay(ops: Op[], worker?: number): Promise<void>
  close(): Promise<void>
}

type Insert = Extract<Op, { op: 'insert' }>
const SIZES = [500, 100, 20, 5, 1]
const group = (columns: readonly string[]): string => `(${columns.map(() => '?').join(',')})`
const insertText = (op: Insert, rows: number, dialect: 'sqlite' | 'mysql'): string => {
  const conflict = op.onConflict?.onConflict
  const ignore = conflict === 'ignore' ? (dialect === 'mysql' ? 'IGNORE ' : '') : ''
  const update = conflict === 'ignore' ? (dialect === 'mysql' ? '' : ' ON CONFLICT DO NOTHING') : conflict
    ? (dialect === 'mysql' ? ` ON DUPLICATE KEY UPDATE ${conflict.update.map((c) => `${c}=VALUES(${c})`).join(',')}` : ` ON CONFLICT (${conflict.keys.join(',')}) DO UPDATE SET ${conflict.update.map((c) => `${c}=excluded.${c}`).join(',')}`) : ''
  return `INSERT ${ignore}INTO \`${op.table}\` (${op.columns.map((c) => `\`${c}\``).join(',')}) VALUES ${Array.from({ length: rows }, () => group(op.columns)).join(',')}${update}`
}

export const bareDriver = (url: string, workers = 1): Promise<Bare> => (url.startsWith('sqlite:') ? Promise.resolve(bareSqlite(url.slice(7))) : bareMysql(url, workers))

const plain = (params: readonly SqlValue[]): (string | number | bigint | null | Uint8Array)[] => params.map((v) => (typeof v === 'boolean' ? Number(v) : v))

function bareSqlite(file: string): Bare {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=20000')
  const known = new Map<string, ReturnType<typeof db.prepare>>()
  const prepared = (sql: string): ReturnType<typeof db.prepare> => {
    const st = known.get(sql) ?? db.prepare(sql)
    known.set(sql, st)
    return st
  }
  return {
    replay: async (ops) => {
      for (const op of ops) {
        if (op.op === 'begin') prepared('BEGIN IMMEDIATE').run()
        else if (op.op === 'commit') prepared('COMMIT').run()
        else if (op.op === 'savepoint') prepared('SAVEPOINT s').run()
        else if (op.op === 'release') prepared('RELEASE SAVEPOINT s').run()
        else if (op.op === 'read') prepared(op.sql).all(...plain(op.params))
        else if (op.op === 'write') prepared(op.sql).run(...plain(op.params))
        else { const st = prepared(insertText(op, 1, 'sqlite')); for (const row of op.rows) st.run(...plain(row)) }
      }
    },
    close: async () => { known.clear(); db.close() },
  }
}

async function bareMysql(url: string, workers: number): Promise<Bare> {
  const open = async (): Promise<mysql.Connection> => {
    const c = mysql.createConnection({ uri: url, charset: 'utf8mb4', supportBigNumbers: true, decimalNumbers: true, maxPreparedStatements: 500 })
    const [[found]] = await c.promise().query("SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')") as unknown as [[{ name: string }]]
    await c.promise().query(`SET NAMES utf8mb4 COLLATE ${found.name}`)
    await c.promise().query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
    await c.promise().query("SET SESSION sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY'")
    return c
  }
  const connections = await Promise.all(Array.from({ length: workers }, open))
  return {
    replay: async (ops, worker = 0) => {
      const c = connections[worker]!
      const text = (sql: string): Promise<void> => new Promise((ok, no) => { c.query(sql, (e) => { if (e) no(e); else ok() }) })
      const run = (sql: string, params: readonly SqlValue[]): Promise<void> => (params.length === 0 ? text(sql) : new Promise((ok, no) => { c.execute(sql, plain(params) as never, (e) => { if (e) no(e); else ok() }) }))
      for (const op of ops) {
        if (op.op === 'begin') await text('START TRANSACTION')
        else if (op.op === 'commit') await text('COMMIT')
        else if (op.op === 'savepoint') await text('SAVEPOINT s')
        else if (op.op === 'release') await text('RELEASE SAVEPOINT s')
        else if (op.op === 'insert') {
          for (let at = 0; at < op.rows.length;) {
            const size = SIZES.find((n) => n <= op.rows.length - at && n * op.columns.length <= 60_000) ?? 1
            await run(insertText(op, size, 'mysql'), op.rows.slice(at, at + size).flat())
            at += size
          }
        } else await run(op.sql, op.params)
      }
    },
    close: async () => { await Promise.all(connections.map((c) => c.promise().end())) },
  }
}
