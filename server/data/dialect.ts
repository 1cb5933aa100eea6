/** Ask the capability, not the vendor: every difference between the databases is a row of this table. */
export interface Dialect {
  name: 'sqlite' | 'mysql'
  /** SELECT … FOR UPDATE SKIP LOCKED */
  skipLocked: boolean
  /** appended to a SELECT inside a transaction to lock its rows ('' where the writer is alone anyway) */
  forUpdate: string
  /** appended to claim rows that others do not hold */
  forUpdateSkipLocked: string
  /** appended to fail with DB_BUSY at once where others hold a row */
  forUpdateNoWait: string
  /** null-safe equality operator */
  same: string
  /** null-safe inequality of two expressions */
  differs(a: string, b: string): string
  /** named index for a table reference, e.g. deep keyset pages */
  forceIndex(name: string): string
  /**
   * A term to AND as the last one into the WHERE of a query that is read with timeoutMs, given a column of the table whose
   * rows are many. SQLite cannot be interrupted from outside while a statement runs in this thread, so the term looks at
   * the time once per 256 visited rows. Elsewhere the server keeps the time and the term is always true.
   */
  timeGuard(column: string): string
  integerDivide(a: string, b: string): string
  /** ids an idsIn condition may hold */
  maxIds: number
  types: ColumnTypes
}

export interface ColumnTypes {
  /** 53-bit identity or reference */
  id: string
  integer: string
  /** integer ms UTC */
  time: string
  bool: string
  /** text of at most n characters, comparable and indexable */
  text(n: number): string
  /** unbounded text, not indexable */
  longText: string
  json: string
  blob: string
  /** after the closing bracket of CREATE TABLE */
  tableOptions: string
  /** a column that numbers its rows, in insertion order */
  serial: string
}

export const sqlite: Dialect = {
  name: 'sqlite',
  skipLocked: false,
  forUpdate: '',
  forUpdateSkipLocked: '',
  forUpdateNoWait: '',
  same: 'IS',
  differs: (a, b) => `${a} IS NOT ${b}`,
  forceIndex: (name) => `INDEXED BY \`${name}\``,
  timeGuard: (column) => `within_time(${column})`,
  integerDivide: (a, b) => `(${a} / ${b})`,
  maxIds: 1_000_000,
  types: {
    id: 'INTEGER', integer: 'INTEGER', time: 'INTEGER', bool: 'INTEGER', text: () => 'TEXT', longText: 'TEXT', json: 'TEXT', blob: 'BLOB',
    tableOptions: '', serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  },
}

export const mysql: Dialect = {
  name: 'mysql',
  skipLocked: true,
  forUpdate: ' FOR UPDATE',
  forUpdateSkipLocked: ' FOR UPDATE SKIP LOCKED',
  forUpdateNoWait: ' FOR UPDATE NOWAIT',
  same: '<=>',
  differs: (a, b) => `NOT (${a} <=> ${b})`,
  forceIndex: (name) => `FORCE INDEX (\`${name}\`)`,
  timeGuard: () => '1=1',
  integerDivide: (a, b) => `(${a} DIV ${b})`,
  maxIds: 50_000,
  types: {
    id: 'BIGINT', integer: 'BIGINT', time: 'BIGINT', bool: 'TINYINT', text: (n) => `VARCHAR(${n})`, longText: 'LONGTEXT', json: 'LONGTEXT', blob: 'LONGBLOB',
    tableOptions: ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC', serial: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
  },
}

/** Binary collations, best first: those without padding tell "a" from "a " as SQLite does. */
export const COLLATIONS = ['utf8mb4_nopad_bin', 'utf8mb4_0900_bin', 'utf8mb4_bin']

/** The MySQL row of the table for a server that knows this collation. */
export const mysqlWith = (collation: string): Dialect =>
  ({ ...mysql, types: { ...mysql.types, tableOptions: mysql.types.tableOptions.replace('utf8mb4_bin', collation) } })
