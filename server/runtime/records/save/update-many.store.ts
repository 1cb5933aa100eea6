import type { Db, SqlValue } from '#server/data/index.ts'

/** Different values for many rows by id. SQLite: one prepared statement; MySQL: a joined value list, in parts. */
export async function updateMany(db: Db, table: string, columns: string[], rows: { id: string; values: SqlValue[] }[]): Promise<void> {
  if (rows.length === 0) return
  if (db.dialect.name === 'sqlite') {
    await db.runEach(`UPDATE ${table} SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE id = ?`, rows.map((r) => [...r.values, Number(r.id)]))
    return
  }
  for (let i = 0; i < rows.length; i += 200) {
    const part = rows.slice(i, i + 200)
    const list = part.map((_, n) => (n === 0 ? `SELECT ? AS id, ${columns.map((c) => `? AS ${c}`).join(', ')}` : `SELECT ?, ${columns.map(() => '?').join(', ')}`)).join(' UNION ALL ')
    await db.run(`UPDATE ${table} t JOIN (${list}) v ON t.id = v.id SET ${columns.map((c) => `t.${c} = v.${c}`).join(', ')}`, part.flatMap((r) => [Number(r.id), ...r.values]))
  }
}
