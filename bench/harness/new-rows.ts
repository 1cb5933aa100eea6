import { openDatabase, type Row, type SqlValue } from '#server/data/index.ts'
import type { Op } from './record.ts'

const CHUNK = 5_000

/** Rows that `after` has and `before` has not, as inserts in transactions of a few thousand rows: what the driver alone needs to store the same. `only` = of one table. */
export async function newRows(before: string, after: string, only?: string): Promise<Op[][]> {
  const [old, now] = [await openDatabase({ url: before, poolSize: 2 }), await openDatabase({ url: after, poolSize: 2 })]
  try {
    const mysql = now.dialect.name === 'mysql'
    const tables = mysql
      ? await now.all<{ t: string }>('SELECT table_name AS t FROM information_schema.tables WHERE table_schema = DATABASE()')
      : await now.all<{ t: string }>("SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    const batches: Op[][] = []
    for (const { t: table } of tables.filter(({ t }) => !only || t === only)) {
      const key = (row: Row): string => JSON.stringify(row['id'] === undefined ? Object.values(row) : row['id'])
      const before = (await old.all(`SELECT * FROM ${table}`)).map(key)
      const had = new Set(before)
      const rows = await now.all(`SELECT * FROM ${table}`)
      const fresh = rows.filter((row) => !had.has(key(row)))
      // a counter that has moved is no row that came
      if (fresh.length > rows.length - before.length) continue
      for (let at = 0; at < fresh.length; at += CHUNK) {
        const part = fresh.slice(at, at + CHUNK)
        const columns = Object.keys(part[0]!)
        batches.push([{ op: 'begin' }, { op: 'insert', table, columns, rows: part.map((r) => columns.map((c) => r[c] as SqlValue)) }, { op: 'commit' }])
      }
    }
    return batches
  } finally { await old.close(); await now.close() }
}
export const rowsIn = (batches: Op[][], table?: string): number => batches.flat().reduce((n, op) => n + (op.op === 'insert' && (!table || op.table === table) ? op.rows.length : 0), 0)
