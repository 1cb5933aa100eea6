import { DatabaseSync } from '@photostructure/sqlite'
import { AppError } from '../../platform/errors.ts'
import type { Row } from '../types.ts'
import type { Params } from './driver.ts'
import { isTooLargeInteger } from './sqlite-errors.ts'
import { learn } from './sqlite-learn.ts'

type Database = InstanceType<typeof DatabaseSync>
type Statement = ReturnType<Database['prepare']>
/** `once`: writes and reads (RETURNING), so it must not run twice and reads BigInts from the start. */
interface Prepared { statement: Statement; once: boolean }
export interface SqliteOptions { synchronous: 'NORMAL' | 'FULL'; readOnly: boolean }

const CACHE = 500
const CHECK_EVERY = 256

const isPlain = (v: unknown): boolean => typeof v !== 'boolean' && v !== undefined
const bindable = (v: unknown): unknown => (typeof v === 'boolean' ? Number(v) : v === undefined ? null : v)
const bound = (params: Params): readonly unknown[] => (params.every(isPlain) ? params : params.map(bindable))

const tidy = (row: Record<string, unknown>): Row => {
  for (const k in row) {
    const v = row[k]
    if (typeof v === 'bigint') { const n = Number(v); row[k] = Number.isSafeInteger(n) ? n : String(v) }
    else if (v instanceof Uint8Array && !Buffer.isBuffer(v)) row[k] = Buffer.from(v.buffer, v.byteOffset, v.byteLength)
  }
  return row
}

const tidied = (rows: Record<string, unknown>[]): Row[] => { for (const row of rows) tidy(row); return rows }

/** One SQLite connection with its prepared statements. Synchronous: callers keep statements short. */
export class SqliteConnection {
  private readonly db: Database
  private readonly cache = new Map<string, Prepared>()
  private deadline = Infinity
  private ticks = 0

  constructor(file: string, options: SqliteOptions) {
    if (!options.readOnly) learn(file)
    this.db = new DatabaseSync(file, { timeout: 5_000 })
    // another process may be switching the journal or recovering: the one place where waiting in SQLite is right
    this.db.exec('PRAGMA journal_mode=WAL')
    this.db.exec(`PRAGMA synchronous=${options.synchronous}; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=20000`)
    if (options.readOnly) this.db.exec('PRAGMA query_only=ON')
    this.db.exec('PRAGMA busy_timeout=0')
    this.db.function('within_time', { deterministic: false }, (_column: unknown) => { this.checkTime(); return 1 })
  }

  private checkTime(): void {
    if (++this.ticks % CHECK_EVERY === 0 && performance.now() > this.deadline) throw new Error('time limit reached')
  }

  private prepared(sql: string, bigInts = false): Prepared {
    const key = bigInts ? `big:${sql}` : sql
    let known = this.cache.get(key)
    if (!known) {
      const statement = this.db.prepare(sql)
      if (bigInts) statement.setReadBigInts(true)
      if (this.cache.size >= CACHE) this.cache.delete(this.cache.keys().next().value as string)
      this.cache.set(key, (known = { statement, once: /\bRETURNING\b/i.test(sql) }))
    }
    return known
  }
  private statement(sql: string, bigInts = false): Statement { return this.prepared(sql, bigInts).statement }

  exec(sql: string): void { this.db.exec(sql) }

  begin(): void { this.statement('BEGIN IMMEDIATE').run() }
  commit(): void { this.statement('COMMIT').run() }
  /** SQLite has rolled back by itself where the disk is full or broken. */
  rollback(): void { if (this.db.isTransaction) this.statement('ROLLBACK').run() }

  /** Returns the rows matched. */
  run(sql: string, params: Params): number {
    return this.statement(sql).run(...bound(params)).changes
  }

  /** The same statement once per row: faster on SQLite than any multi-row form. Returns the rows changed. */
  runEach(sql: string, rows: readonly Params[]): number {
    const st = this.statement(sql)
    let changes = 0
    for (const row of rows) changes += st.run(...bound(row)).changes
    return changes
  }

  all(sql: string, params: Params, timeoutMs?: number): Row[] {
    const values = bound(params)
    if (timeoutMs === undefined) return this.rows(sql, values)
    this.deadline = performance.now() + timeoutMs
    try { return this.limited(sql, values) }
    catch (e) { throw performance.now() > this.deadline ? new AppError('DB_TIMEOUT', { seconds: timeoutMs / 1000, sql }, { cause: e }) : e }
    finally { this.deadline = Infinity }
  }

  private rows(sql: string, values: readonly unknown[]): Row[] {
    const { statement, once } = this.prepared(sql)
    if (once) return this.withBigInts(sql, values)
    try { return tidied(statement.all(...values)) }
    catch (e) { if (!isTooLargeInteger(e)) throw e; return this.withBigInts(sql, values) }
  }

  private withBigInts(sql: string, values: readonly unknown[]): Row[] {
    return tidied(this.statement(sql, true).all(...values))
  }

  private limited(sql: string, values: readonly unknown[]): Row[] {
    const out: Row[] = []
    for (const row of this.statement(sql, true).iterate(...values) as Iterable<Record<string, unknown>>) { this.checkTime(); out.push(tidy(row)) }
    return out
  }

  /** Lazily, on a statement of its own; the snapshot lives until the iterator ends. */
  *iterate(sql: string, params: Params): Generator<Row> {
    const st = this.db.prepare(sql)
    st.setReadBigInts(true)
    for (const row of st.iterate(...bound(params)) as Iterable<Record<string, unknown>>) yield tidy(row)
  }

  close(): void { this.cache.clear(); this.db.close() }
}
