import type { Db } from '#server/data/index.ts'
import type { TableColumn, TableModel } from './tables.ts'

const MYSQL = (c: TableColumn): string => ({
  id: 'BIGINT NOT NULL PRIMARY KEY', ref: 'BIGINT NULL', text: `VARCHAR(${c.size ?? 255})`, long: 'TEXT', integer: 'BIGINT', boolean: 'TINYINT',
  instant: 'BIGINT', date: 'VARCHAR(20)', json: 'LONGTEXT', index: 'VARCHAR(64)',
})[c.kind]
const SQLITE = (c: TableColumn): string => ({
  id: 'INTEGER NOT NULL PRIMARY KEY', ref: 'INTEGER', text: 'TEXT', long: 'TEXT', integer: 'INTEGER', boolean: 'INTEGER',
  instant: 'INTEGER', date: 'TEXT', json: 'TEXT', index: 'TEXT',
})[c.kind]

// MySQL counts four bytes per character of every VARCHAR into a row of at most 65 535 bytes; TEXT counts a dozen
const ROW_BYTES = 48_000
const bytesOf = (c: TableColumn): number => (c.kind === 'text' ? (c.size ?? 255) * 4 + 2 : c.kind === 'index' ? 258 : c.kind === 'date' ? 82 : 12)

/** The same model with the longest texts as TEXT where the row would not fit otherwise. `held` = bytes of columns that are there already. */
export function fitted(columns: TableColumn[], held = 0): TableColumn[] {
  let total = held + columns.reduce((n, c) => n + bytesOf(c), 0)
  const long = new Set<TableColumn>()
  for (const c of columns.filter((x) => x.kind === 'text' && !x.notNull && (x.size ?? 255) > 64).sort((a, b) => bytesOf(b) - bytesOf(a))) {
    if (total <= ROW_BYTES) break
    long.add(c)
    total -= bytesOf(c) - 12
  }
  return columns.map((c) => (long.has(c) ? { ...c, kind: 'long' as const } : c))
}

const declare = (mysql: boolean, c: TableColumn): string =>
  `${c.name} ${mysql ? MYSQL(c) : SQLITE(c)}${c.notNull ? ' NOT NULL' : ''}${c.default !== undefined ? ` DEFAULT ${c.default}` : ''}`

async function existingColumns(db: Db, mysql: boolean, table: string): Promise<Set<string>> {
  return new Set((await columnsHeld(db, mysql, table)).map((r) => r.name))
}
/** Columns of a table with the bytes they count in a row (SQLite has no such limit). */
async function columnsHeld(db: Db, mysql: boolean, table: string): Promise<{ name: string; bytes: number }[]> {
  return mysql
    ? db.all<{ name: string; bytes: number }>("SELECT COLUMN_NAME AS name, CASE WHEN DATA_TYPE IN ('varchar', 'char') THEN CHARACTER_OCTET_LENGTH + 2 ELSE 12 END AS bytes FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?", [table])
    : db.all<{ name: string; bytes: number }>(`SELECT name, 0 AS bytes FROM pragma_table_info('${table}')`)
}
async function existingIndexes(db: Db, mysql: boolean, table: string): Promise<Set<string>> {
  const rows = mysql
    ? await db.all<{ name: string }>('SELECT DISTINCT INDEX_NAME AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?', [table])
    : await db.all<{ name: string }>(`SELECT name FROM pragma_index_list('${table}')`)
  return new Set(rows.map((r) => r.name))
}

// InnoDB allows 3 072 bytes per index, four per character
const indexed = (mysql: boolean, model: TableModel, name: string): string => {
  const c = model.columns.find((x) => x.name === name)
  return mysql && c?.kind === 'text' && (c.size ?? 255) > 64 ? `${name}(64)` : name
}

/** Adds what is missing, never drops. Answers what it did, for the release log. */
export async function applyTable(db: Db, model: TableModel): Promise<string[]> {
  const mysql = db.dialect.name === 'mysql'
  const tail = db.dialect.types.tableOptions
  const done: string[] = []
  const run = async (sql: string) => { await db.run(sql); done.push(sql) }
  const held = await columnsHeld(db, mysql, model.name)
  const missing = model.columns.filter((c) => !held.some((h) => h.name === c.name))
  const fit = mysql ? fitted(missing, held.reduce((n, h) => n + Number(h.bytes), 0)) : missing
  if (held.length === 0) await run(`CREATE TABLE ${model.name} (${fit.map((c) => declare(mysql, c)).join(', ')})${tail}`)
  else for (const c of fit) await run(`ALTER TABLE ${model.name} ADD COLUMN ${declare(mysql, c)}`)
  const indexes = await existingIndexes(db, mysql, model.name)
  for (const ix of model.indexes) if (!indexes.has(ix.name)) await run(`CREATE INDEX ${ix.name} ON ${model.name} (${ix.columns.map((c) => indexed(mysql, model, c)).join(', ')})`)
  for (const link of model.links) {
    if ((await existingColumns(db, mysql, link.name)).size > 0) continue
    const id = mysql ? 'BIGINT' : 'INTEGER'
    const text = mysql ? 'VARCHAR(190)' : 'TEXT'
    await run(`CREATE TABLE ${link.name} (owner_id ${id} NOT NULL, position ${mysql ? 'INT' : 'INTEGER'} NOT NULL, target_id ${id} NULL, value ${text} NULL, PRIMARY KEY (owner_id, position))${tail}`)
    await run(`CREATE INDEX ix_${link.name}_target`.slice(0, 60) + ` ON ${link.name} (target_id, owner_id)`)
    await run(`CREATE INDEX ix_${link.name}_value`.slice(0, 60) + ` ON ${link.name} (value, owner_id)`)
  }
  return done
}
