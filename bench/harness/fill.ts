import type { Db, Row, SqlValue } from '#server/data/index.ts'
import type { Sealing } from '#server/runtime/records/index.ts'

const CHUNK = 20_000

/** Copies of a stored row, each with what `change` says, as rows that were saved one by one would stand there. */
export async function copies(db: Db, table: string, template: Row, count: number, change: (n: number) => Record<string, SqlValue>, progress?: (done: number) => void): Promise<void> {
  const columns = Object.keys(template)
  for (let at = 0; at < count; at += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, count - at) }, (_, k) => {
      const row: Record<string, unknown> = { ...template, ...change(at + k) }
      return columns.map((c) => row[c] as SqlValue)
    })
    await db.tx((t) => t.insertMany(table, columns, rows))
    progress?.(at + rows.length)
  }
}

export const storedRow = async (db: Db, table: string, id: string): Promise<Row> => {
  const row = await db.one(`SELECT * FROM ${table} WHERE id = ?`, [id])
  if (!row) throw new Error(`${table} has no row ${id}`)
  return row
}

/** Id and sealed columns of a copy: what is sealed is bound to its row. */
export function resealing(sealing: Sealing, table: string, template: Row): (id: number) => Record<string, SqlValue> {
  const sealed = Object.keys(template).filter((c) => c.endsWith('_enc') && template[c] !== null).map((c) => {
    const column = c.slice(0, -'_enc'.length)
    return { c, column, plain: sealing.open(String(template[c]), { table, column, row: String(template['id']) }) }
  })
  return (id) => ({ id, ...Object.fromEntries(sealed.map(({ c, column, plain }) => [c, sealing.seal(plain, { table, column, row: String(id) })])) })
}
