import { openDatabase, type Row, type SqlValue } from '#server/data/index.ts'
import type { Op } from './record.ts'

const CHUNK = 5_000

/** Rows that `after` has and `before` has not, as inserts in transactions of a few thousand rows: what the driver alone needs to store the same. */
export async function newRows(before: string, after: string): Promise<Op[][]> {
  const [old, now] = [await openDatabase({ url: before, poolSize: 2 }), await openDatabase({ url: after, poolSize: 2 })]
  try {
    const mysql = now.dialect.name === 'mysql'
    const tables = mysql
      ? await now.all<{ t: string }>('SELECT table_name AS t FROM information_schema.tables WHERE table_schema = DATABASE()')
      : await now.all<{ t: string }>("SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    const batches: Op[][] = []
    for (const { t: table } of tables) {
      const key = (row: Row): string => JSON.stringify(row['id'] === undefined ? Object.values(row) : row['id'])
      const had = new Set((await old.all(`SELECT * FROM ${table}`)).map(key))
      const fresh = (await now.all(`SELECT * FROM ${table}`)).filter((row) => !had.has(key(row)))
      for (let at = 0; at < fresh.length; at += CHUNK) {
        const rows = fresh.slice(at, at + CHUNK)
        const columns = Object.keys(rows[0]!)
        batches.push([{ op: 'begin' }, { op: 'insert', table, columns, rows: rows.map((r) => columns.map((c) => r[c] as SqlValue)) }, { op: 'commit' }])
      }
    }
    return batches
  } finally { await old.close(); await now.close() }
}
export const rowsIn = (batches: Op[][], table?: string): number => batches.flat().reduce((n, op) => n + (op.op === 'insert' && (!table || op.table === table) ? op.rows.length : 0), 0)
