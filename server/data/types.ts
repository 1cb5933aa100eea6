import type { Dialect } from './dialect.ts'

/** What may be bound. Times are integer ms, JSON is text, booleans become 0/1, ids are decimal strings (or safe numbers). */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array
/** Integers within 2^53 come back as numbers, larger ones as strings; JSON columns as text; blobs as Buffer. */
export type Row = Record<string, unknown>

export interface ReadOptions {
  /** gives up with DB_TIMEOUT after this many ms (on SQLite through dialect.timeGuard) */
  timeoutMs?: number
}
export type OnConflict = 'ignore' | { keys: string[]; update: string[] }
export interface Condition { sql: string; params: SqlValue[] }

/** Statements with `?` placeholders. The same text runs on both dialects; differences come from `dialect`. */
export interface Queries {
  readonly dialect: Dialect
  /** Inside a transaction on its connection, outside on a reader. */
  all<R extends object = Row>(sql: string, params?: readonly SqlValue[], options?: ReadOptions): Promise<R[]>
  one<R extends object = Row>(sql: string, params?: readonly SqlValue[], options?: ReadOptions): Promise<R | undefined>
  /** One write or DDL statement; outside a transaction it opens its own. changes = rows matched (both dialects). */
  run(sql: string, params?: readonly SqlValue[]): Promise<{ changes: number }>
  /** The same write once for each row of values: one prepared statement on SQLite, one after the other elsewhere. changes = rows matched, in all. */
  runEach(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<{ changes: number }>
  /** Bulk insert. Returns rows inserted (with 'ignore': without those that existed). */
  insertMany(table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[], options?: { onConflict?: OnConflict }): Promise<number>
  /** `col IN (...)` for a set of ids with few distinct statement texts. Empty set = never true. */
  idsIn(column: string, ids: readonly (string | number)[]): Condition
  /** Runs after the outermost commit, in order; never after a rollback. Outside a transaction: at once. */
  onCommit(fn: () => void | Promise<void>): void
}

/** The running transaction. Db's own methods join it as well (AsyncLocalStorage). */
export interface Tx extends Queries {
  /** when the transaction began, monotonic ms: `t.age()` tells how long the write lock is held */
  age(): number
}

export interface Db extends Queries {
  /**
   * Runs fn in one transaction; joins the running one. The outermost call repeats the whole step (at most 3 times more)
   * on deadlock or lock timeout, so fn must not have effects outside the database: use onCommit for those.
   */
  tx<T>(fn: (t: Tx) => Promise<T>): Promise<T>
  /** Inside a transaction: fn may fail and be undone alone. Outside: same as tx. */
  savepoint<T>(fn: (t: Tx) => Promise<T>): Promise<T>
  /**
   * Runs fn, which only reads, outside any transaction. `holds`, asked in a transaction, says whether all that fn read would be read
   * there just the same: what follows from it then stands as if it had been worked out under the lock.
   */
  observe<T>(fn: () => Promise<T>): Promise<{ value: T; holds: () => Promise<boolean> }>
  /** A large result in batches, on its own snapshot outside any transaction. */
  stream<R extends object = Row>(sql: string, params?: readonly SqlValue[], options?: { batch?: number }): AsyncIterable<R[]>
  /** Is a transaction of this database running in this async context? */
  inTx(): boolean
  close(): Promise<void>
}
