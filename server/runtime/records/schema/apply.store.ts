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

const declare = (mysql: boolean, c: TableColumn): string =>
  `${c.name} ${mysql ? MYSQL(c) : SQLITE(c)}${c.notNull ? ' NOT NULL' : ''}${c.default !== undefined ? ` DEFAULT ${c.default}` : ''}`

async function existingColumns(db: Db, mysql: boolean, table: string): Promise<Set<string>> {
  const rows = mysql
    ? await db.all<{ name: string }>('SELECT COLUMN_NAME AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?', [table])
    : await db.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
  return new Set(rows.map((r) => r.name))
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
  const columns = await existingColumns(db, mysql, model.name)
  if (columns.size === 0) await run(`CREATE TABLE ${model.name} (${model.columns.map((c) => declare(mysql, c)).join(', ')})${tail}`)
  else for (const c of model.columns) if (!columns.has(c.name)) await run(`ALTER TABLE ${model.name} ADD COLUMN ${declare(mysql, c)}`)
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
