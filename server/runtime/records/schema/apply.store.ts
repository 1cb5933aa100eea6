import type { Db, Queries } from '#server/data/index.ts'
import { refill } from './scope-columns.ts'
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

/** What a database holds, read at once for all tables: by table its columns with the bytes they count in a row (SQLite has no such limit), and its indexes. */
export interface Held { columns: Map<string, Map<string, number>>; indexes: Set<string> }
export async function heldBy(db: Queries): Promise<Held> {
  const mysql = db.dialect.name === 'mysql'
  const columns = await db.all<{ at: string; name: string; bytes: number }>(mysql
    ? "SELECT TABLE_NAME AS at, COLUMN_NAME AS name, CASE WHEN DATA_TYPE IN ('varchar', 'char') THEN CHARACTER_OCTET_LENGTH + 2 ELSE 12 END AS bytes FROM information_schema.columns WHERE table_schema = DATABASE()"
    : "SELECT m.name AS at, c.name AS name, 0 AS bytes FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'")
  const indexes = await db.all<{ at: string; name: string }>(mysql
    ? 'SELECT DISTINCT TABLE_NAME AS at, INDEX_NAME AS name FROM information_schema.statistics WHERE table_schema = DATABASE()'
    : "SELECT tbl_name AS at, name FROM sqlite_schema WHERE type = 'index'")
  const byTable = new Map<string, Map<string, number>>()
  for (const c of columns) byTable.set(c.at, (byTable.get(c.at) ?? new Map<string, number>()).set(c.name, Number(c.bytes)))
  return { columns: byTable, indexes: new Set(indexes.map((i) => `${i.at}.${i.name}`)) }
}

// InnoDB allows 3 072 bytes per index, four per character
const indexed = (mysql: boolean, model: TableModel, name: string): string => {
  const c = model.columns.find((x) => x.name === name)
  return mysql && c?.kind === 'text' && (c.size ?? 255) > 64 ? `${name}(64)` : name
}

type Index = TableModel['indexes'][number]
const createIndex = (db: Queries, model: TableModel, ix: Index): string =>
  `CREATE INDEX ${ix.name} ON ${model.name} (${ix.columns.map((c) => indexed(db.dialect.name === 'mysql', model, c)).join(', ')})`
/** Indexes over scope columns come after those are filled: that one is there says that they are. */
const overScopes = (model: TableModel, ix: Index): boolean => ix.columns.some((c) => model.scopes.some((s) => s.column === c))

/** Adds what is missing of the tables, never drops. Answers what it did, for the release log. */
export async function applyTables(db: Db, models: TableModel[]): Promise<string[]> {
  const held = await heldBy(db)
  const done: string[] = []
  for (const model of models) done.push(...await applyTable(db, model, held))
  for (const model of models) done.push(...await applyScopes(db, model, held))
  return done
}

async function applyTable(db: Db, model: TableModel, { columns, indexes }: Held): Promise<string[]> {
  const mysql = db.dialect.name === 'mysql'
  const tail = db.dialect.types.tableOptions
  const done: string[] = []
  const run = async (sql: string) => { await db.run(sql); done.push(sql) }
  const held = columns.get(model.name) ?? new Map<string, number>()
  const missing = model.columns.filter((c) => !held.has(c.name))
  const fit = mysql ? fitted(missing, [...held.values()].reduce((n, bytes) => n + bytes, 0)) : missing
  if (held.size === 0) await run(`CREATE TABLE ${model.name} (${fit.map((c) => declare(mysql, c)).join(', ')})${tail}`)
  else for (const c of fit) await run(`ALTER TABLE ${model.name} ADD COLUMN ${declare(mysql, c)}`)
  for (const ix of model.indexes) if (!overScopes(model, ix) && !indexes.has(`${model.name}.${ix.name}`)) await run(createIndex(db, model, ix))
  for (const link of model.links) {
    if (columns.has(link.name)) continue
    const id = mysql ? 'BIGINT' : 'INTEGER'
    const text = mysql ? 'VARCHAR(190)' : 'TEXT'
    await run(`CREATE TABLE ${link.name} (owner_id ${id} NOT NULL, position ${mysql ? 'INT' : 'INTEGER'} NOT NULL, target_id ${id} NULL, value ${text} NULL, PRIMARY KEY (owner_id, position))${tail}`)
    await run(`CREATE INDEX ix_${link.name}_target`.slice(0, 60) + ` ON ${link.name} (target_id, owner_id)`)
    await run(`CREATE INDEX ix_${link.name}_value`.slice(0, 60) + ` ON ${link.name} (value, owner_id)`)
  }
  return done
}

const CHUNK = 20_000
/** Fills scope columns of the rows there are, in parts that each hold the database for a moment, then makes their indexes. */
async function applyScopes(db: Db, model: TableModel, { columns, indexes }: Held): Promise<string[]> {
  const wanted = model.indexes.filter((ix) => overScopes(model, ix) && !indexes.has(`${model.name}.${ix.name}`))
  const unfilled = model.scopes.filter((s) => wanted.some((ix) => ix.columns.includes(s.column)))
  if (unfilled.length > 0 && columns.has(model.name)) {
    const sql = refill(db.dialect, unfilled, 't.id >= ? AND t.id <= ?')
    for (let from: number | null = 0; from !== null;) {
      const part: { to: number | null } | undefined = await db.one<{ to: number | null }>(`SELECT MAX(id) AS \`to\` FROM (SELECT id FROM ${model.name} WHERE id >= ? ORDER BY id LIMIT ${CHUNK}) p`, [from])
      if (part?.to == null) break
      await db.run(sql, [from, part.to])
      from = Number(part.to) + 1
    }
  }
  const done: string[] = []
  for (const ix of wanted) { const sql = createIndex(db, model, ix); await db.run(sql); done.push(sql) }
  return done
}
