import { EventEmitter } from 'node:events'
import type { SqlValue } from '../types.ts'
import { takeTurns, whileBusy } from './sqlite-busy.ts'
import { sqliteError } from './sqlite-errors.ts'
import type { SqliteFile } from './sqlite-file.ts'

type Callback = (this: unknown, error: unknown, rows?: unknown[]) => void
type Bound = SqlValue[] | Record<string, SqlValue>

const BEGIN = /^\s*BEGIN\b/i
const END = /^\s*(COMMIT|END|ROLLBACK)\b(?!\s+TO)/i
const READS = /^\s*(SELECT|PRAGMA|WITH|EXPLAIN|VALUES)\b|\bRETURNING\b/i

/** Sequelize looks at constructor.name === "Statement" and at these two fields. */
class Statement { constructor(readonly lastID: number, readonly changes: number) {} }
Object.defineProperty(Statement, 'name', { value: 'Statement' })

/** The part of node-sqlite3's Database that Sequelize 6 calls: one handle per transaction, all on one writer. */
export class SqliteHandle extends EventEmitter {
  uuid?: string
  /** true from BEGIN to COMMIT/ROLLBACK; then the handle owns the writer */
  inTx = false
  readonly filename: string
  private tail: Promise<void> = Promise.resolve()

  constructor(readonly file: SqliteFile) { super(); this.filename = file.path }

  run(sql: string, params?: Bound | Callback, cb?: Callback): this { return this.enqueue(sql, params, cb) }
  all(sql: string, params?: Bound | Callback, cb?: Callback): this { return this.enqueue(sql, params, cb) }
  serialize(fn?: () => void): void { fn?.() }
  close(cb?: Callback): void {
    this.tail = this.tail.then(() => { this.file.lock.release(this); cb?.call(this, null) })
  }

  private enqueue(sql: string, params: Bound | Callback | undefined, cb?: Callback): this {
    const done = typeof params === 'function' ? params : cb
    const bound = typeof params === 'function' ? undefined : params
    this.tail = this.tail.then(async () => {
      let result = { rows: [] as unknown[], statement: new Statement(0, 0) }
      let error: unknown = null
      try { result = await this.step(sql, bound) } catch (e) { error = sqliteError(e, sql) }
      done?.call(result.statement, error, error ? undefined : result.rows)
    })
    return this
  }

  private async step(sql: string, bound?: Bound): Promise<{ rows: unknown[]; statement: Statement }> {
    if (BEGIN.test(sql)) await this.begin(sql)
    else if (END.test(sql)) await this.end(sql)
    else return this.statement(sql, bound)
    return { rows: [], statement: new Statement(0, 0) }
  }

  private async begin(sql: string): Promise<void> {
    await takeTurns()
    await this.file.lock.acquire(this)
    try { await takeTurns(); await whileBusy(() => this.file.writer.exec(sql.replace(/DEFERRED/i, 'IMMEDIATE'))); this.inTx = true }
    finally { if (!this.inTx) this.file.lock.release(this) }
  }

  private async end(sql: string): Promise<void> {
    if (!this.inTx) return
    try { await whileBusy(() => this.file.writer.exec(sql)) }
    catch (e) {
      this.abandon()
      // after a full disk SQLite has undone it all by itself: nothing is left to undo
      if (/^\s*ROLLBACK/i.test(sql) && /no transaction is active/.test((e as Error).message)) return
      throw e
    }
    this.inTx = false
    this.file.lock.release(this)
  }

  /** A commit that fails (disk full) must not leave the shared writer inside a transaction. */
  private abandon(): void {
    this.inTx = false
    try { this.file.writer.exec('ROLLBACK') }
    catch { /* SQLite has rolled back by itself */ }
    this.file.lock.release(this)
  }

  private async statement(sql: string, bound?: Bound): Promise<{ rows: unknown[]; statement: Statement }> {
    const params = named(bound)
    if (READS.test(sql) && !/\bRETURNING\b/i.test(sql)) {
      const connection = this.inTx ? this.file.writer : this.file.reader
      return { rows: connection.all(sql, params), statement: new Statement(0, 0) }
    }
    const alone = !this.inTx
    if (alone) await this.file.lock.acquire(this)
    try {
      const info = await whileBusy(() => this.file.writer.run(sql, params), alone ? undefined : 0)
      return { rows: [], statement: new Statement(Number(info.lastInsertRowid), info.changes) }
    } finally { if (alone) this.file.lock.release(this) }
  }
}

/** Sequelize binds {$1: a, $2: b}; positional order is the numeric order of the keys. */
const named = (bound?: Bound): SqlValue[] => {
  if (!bound) return []
  if (Array.isArray(bound)) return bound
  return Object.entries(bound).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1))).map(([, v]) => v)
}

/** dialectModule for Sequelize. */
export const sqliteModule = (file: SqliteFile): object => ({
  OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4,
  Database: class extends SqliteHandle {
    constructor(_filename: string, mode: number | Callback, cb?: Callback) {
      super(file)
      const done = typeof mode === 'function' ? mode : cb
      process.nextTick(() => done?.call(this, null))
    }
  },
})
