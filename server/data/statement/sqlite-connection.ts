import { DatabaseSync } from '@photostructure/sqlite'
import { AppError } from '../../platform/errors.ts'
import type { Row } from '../types.ts'
import type { Params } from './driver.ts'
import { isTooLargeInteger } from './sqlite-errors.ts'
import { learn } from './sqlite-learn.ts'

type Database = InstanceType<typeof DatabaseSync>
type Statement = ReturnType<Database['prepare']>
/**
 * `once`: writes and reads (RETURNING), so it must not run twice and reads BigInts from the start. Rows come as arrays, which takes half the
 * time of objects; `names` are their columns as of a change of tables.
 */
interface Prepared { statement: Statement; once: boolean; names: string[]; as: number }
const rowOf = (names: readonly string[], cells: readonly unknown[]): Row => {
  const row: Row = {}
  for (let i = 0; i < cells.length; i++) { const v = cells[i]; row[names[i]!] = typeof v === 'object' || typeof v === 'bigint' ? value(v) : v }
  return row
}
function namesOf(p: Prepared, cells: readonly unknown[]): readonly string[] {
  if (p.as !== tables || p.names.length !== cells.length) { p.names = p.statement.columns().map((c) => c.name); p.as = tables }
  return p.names
}
function rowsOf(p: Prepared, found: readonly unknown[][]): Row[] {
  const [first] = found
  if (!first) return []
  const names = namesOf(p, first)
  return found.map((cells) => rowOf(names, cells))
}
export interface SqliteOptions { synchronous: 'NORMAL' | 'FULL'; readOnly: boolean }

const CACHE = 500
const CHECK_EVERY = 256

const isPlain = (v: unknown): boolean => typeof v !== 'boolean' && v !== undefined
const bindable = (v: unknown): unknown => (typeof v === 'boolean' ? Number(v) : v === undefined ? null : v)
const bound = (params: Params): readonly unknown[] => (params.every(isPlain) ? params : params.map(bindable))

const value = (v: unknown): unknown => {
  if (typeof v === 'bigint') { const n = Number(v); return Number.isSafeInteger(n) ? n : String(v) }
  return v instanceof Uint8Array && !Buffer.isBuffer(v) ? Buffer.from(v.buffer, v.byteOffset, v.byteLength) : v
}
/** Changes of tables in this thread: a prepared statement may have other columns after one. */
let tables = 0
const CHANGE = /^\s*(ALTER|DROP|CREATE)\b/i

/** One SQLite connection with its prepared statements. Synchronous: callers keep statements short. */
export class SqliteConnection {
  private readonly db: Database
  private readonly cache = new Map<string, Prepared>()
  private deadline = Infinity
  private ticks = 0
  private changed = false

  constructor(file: string, options: SqliteOptions) {
    if (!options.readOnly) learn(file)
    this.db = new DatabaseSync(file, { timeout: 5_000 })
    // another process may be switching the journal or recovering: the one place where waiting in SQLite is right
    this.db.exec('PRAGMA journal_mode=WAL')
    this.db.exec(`PRAGMA synchronous=${options.synchronous}; PRAGMA foreign_keys=ON; PRAGMA cache_size=-${options.readOnly ? 32_000 : 24_000}; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=20000`)
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
      statement.setReturnArrays(true)
      if (this.cache.size >= CACHE) this.cache.delete(this.cache.keys().next().value as string)
      this.cache.set(key, (known = { statement, once: /\bRETURNING\b/i.test(sql), names: [], as: -1 }))
    }
    return known
  }
  private statement(sql: string, bigInts = false): Statement { return this.prepared(sql, bigInts).statement }

  exec(sql: string): void { tables += 1; this.db.exec(sql) }

  begin(): void { this.statement('BEGIN IMMEDIATE').run() }
  commit(): void {
    this.statement('COMMIT').run()
    // others see it from now on
    if (this.changed) { tables += 1; this.changed = false }
  }
  get inTransaction(): boolean { return this.db.isTransaction }
  /** SQLite has rolled back by itself where the disk is full or broken. */
  rollback(): void { if (this.db.isTransaction) this.statement('ROLLBACK').run() }

  /** Returns the rows matched. */
  run(sql: string, params: Params): number {
    if (CHANGE.test(sql)) { tables += 1; this.changed = true }
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
    const known = this.prepared(sql)
    if (known.once) return this.withBigInts(sql, values)
    try { return rowsOf(known, known.statement.all(...values) as unknown[][]) }
    catch (e) { if (!isTooLargeInteger(e)) throw e; return this.withBigInts(sql, values) }
  }

  private withBigInts(sql: string, values: readonly unknown[]): Row[] {
    const known = this.prepared(sql, true)
    return rowsOf(known, known.statement.all(...values) as unknown[][])
  }

  private limited(sql: string, values: readonly unknown[]): Row[] {
    const out: Row[] = []
    const known = this.prepared(sql, true)
    for (const cells of known.statement.iterate(...values) as Iterable<unknown[]>) { this.checkTime(); out.push(rowOf(namesOf(known, cells), cells)) }
    return out
  }

  /** Lazily, on a statement of its own; the snapshot lives until the iterator ends. */
  *iterate(sql: string, params: Params): Generator<Row> {
    const statement = this.db.prepare(sql)
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    const known: Prepared = { statement, once: true, names: [], as: -1 }
    for (const cells of statement.iterate(...bound(params)) as Iterable<unknown[]>) yield rowOf(namesOf(known, cells), cells)
  }

  close(): void { this.cache.clear(); this.db.close() }
}
