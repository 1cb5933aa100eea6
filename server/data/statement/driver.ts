import type { Dialect } from '../dialect.ts'
import type { Condition, OnConflict, ReadOptions, Row, SqlValue } from '../types.ts'

/** A connection for as long as one transaction holds it; only files of this folder look inside. */
export type Connection = { readonly __connection?: never }
export type Params = readonly SqlValue[]

/** Named prepared statements on a transaction's own connection, or on a reader when there is none. */
export interface Driver {
  readonly dialect: Dialect
  /** A connection of its own, inside a transaction. Throws DB_BUSY or DB_UNAVAILABLE when there is none in time. */
  begin(): Promise<Connection>
  /** Commits and gives the connection back, also when it fails. */
  commit(connection: Connection): Promise<void>
  rollback(connection: Connection): Promise<void>
  read(connection: Connection | undefined, sql: string, params: Params, options: ReadOptions): Promise<Row[]>
  /** changes = rows matched */
  write(connection: Connection, sql: string, params: Params): Promise<{ changes: number }>
  /** the same write for each row of values; changes = rows matched, in all */
  writeEach(connection: Connection, sql: string, rows: readonly Params[]): Promise<{ changes: number }>
  insert(connection: Connection, table: string, columns: readonly string[], rows: readonly Params[], onConflict?: OnConflict): Promise<number>
  /** A text that is another one after each commit to the database, whoever made it; drivers that cannot tell have none. */
  version?(): string
  stream(sql: string, params: Params, batch: number): AsyncIterable<Row[]>
  idsIn(column: string, ids: readonly (string | number)[]): Condition
  /** deadlock or lock timeout: the whole step may be repeated */
  isRetryable(error: unknown): boolean
  close(): Promise<void>
}

const quote = (name: string): string => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`"${name}" is not a table or column name`)
  return `\`${name}\``
}

const texts = new Map<string, string>()
const MOST_TEXTS = 1_000
/** INSERT with `rows` value groups; conflict clauses differ per dialect. */
export const insertSql = (dialect: Dialect, table: string, columns: readonly string[], rows: number, onConflict?: OnConflict): string => {
  const key = `${dialect.name}|${table}|${columns.join()}|${rows}|${onConflict === undefined || onConflict === 'ignore' ? onConflict : `${onConflict.keys.join()}>${onConflict.update.join()}`}`
  let text = texts.get(key)
  if (text === undefined) {
    if (texts.size >= MOST_TEXTS) texts.clear()
    texts.set(key, (text = writeInsert(dialect, table, columns, rows, onConflict)))
  }
  return text
}
const writeInsert = (dialect: Dialect, table: string, columns: readonly string[], rows: number, onConflict?: OnConflict): string => {
  const group = `(${columns.map(() => '?').join(',')})`
  const groups = rows === 1 ? group : Array.from({ length: rows }, () => group).join(',')
  const ignore = onConflict === 'ignore' && dialect.name === 'mysql' ? 'IGNORE ' : ''
  return `INSERT ${ignore}INTO ${quote(table)} (${columns.map(quote).join(',')}) VALUES ${groups}${conflictClause(dialect, onConflict)}`
}

const conflictClause = (dialect: Dialect, onConflict?: OnConflict): string => {
  if (!onConflict) return ''
  if (dialect.name === 'sqlite') {
    if (onConflict === 'ignore') return ' ON CONFLICT DO NOTHING'
    return ` ON CONFLICT (${onConflict.keys.map(quote).join(',')}) DO UPDATE SET ${onConflict.update.map((c) => `${quote(c)}=excluded.${quote(c)}`).join(',')}`
  }
  if (onConflict === 'ignore') return ''
  return ` ON DUPLICATE KEY UPDATE ${onConflict.update.map((c) => `${quote(c)}=VALUES(${quote(c)})`).join(',')}`
}
