import type { ColumnTypes, Dialect, Queries } from '../index.ts'

/** What a migration may do. Column types come from the dialect; add, never drop. */
export interface Builder extends ColumnTypes {
  dialect: Dialect
  run(sql: string): Promise<void>
  /** columns in SQL; indexes: name suffix -> columns, a suffix that starts with "u_" is unique */
  table(name: string, columns: string[], indexes?: Record<string, string>): Promise<void>
  addColumn(table: string, column: string): Promise<void>
  index(table: string, suffix: string, columns: string): Promise<void>
}
export interface Migration { name: string; up(b: Builder): Promise<void> }

export const builder = (db: Queries): Builder => {
  const run = async (sql: string): Promise<void> => { await db.run(sql) }
  const index = (table: string, suffix: string, columns: string): Promise<void> =>
    run(`CREATE ${suffix.startsWith('u_') ? 'UNIQUE ' : ''}INDEX \`${table}_${suffix}\` ON \`${table}\` (${columns})`)
  return {
    ...db.dialect.types, dialect: db.dialect, run, index,
    async table(name, columns, indexes = {}) {
      await run(`CREATE TABLE \`${name}\` (\n  ${columns.join(',\n  ')}\n)${db.dialect.types.tableOptions}`)
      for (const [suffix, on] of Object.entries(indexes)) await index(name, suffix, on)
    },
    addColumn: (table, column) => run(`ALTER TABLE \`${table}\` ADD COLUMN ${column}`),
  }
}
