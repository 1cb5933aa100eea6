import { Worker } from 'node:worker_threads'
import { AppError } from '../../platform/errors.ts'
import type { Row } from '../types.ts'
import type { Params } from './driver.ts'
import { bound, rowOf } from './sqlite-cells.ts'

type Asked = { does: 'all'; sql: string; params: readonly unknown[]; timeoutMs?: number } | { does: 'each'; sql: string; rows: readonly (readonly unknown[])[] } | { does: 'rollback' }
interface Answer { id: number; value?: unknown; error?: { message: string } }
interface Waiting { resolve: (value: unknown) => void; reject: (error: unknown) => void }
interface Current { thread: Worker; waiting: Map<number, Waiting> }

/** a sheet's next batch comes within seconds, or there is none */
const IDLE_MS = 5_000
const KEPT_STATEMENTS = 200
/** the rows of a batch pass through it */
const YOUNG_MB = 8

const lostThread = (): AppError => new AppError('DB_UNAVAILABLE', { reason: 'the thread that writes has ended' })

/**
 * A writer of a SQLite file in a thread of its own: statements that would hold this thread run there, while this one prepares what
 * comes next. It serves one transaction at a time, whose owner holds the file's lock. The thread starts with a transaction and ends
 * when it has had none for some seconds.
 */
export class SqliteApart {
  private current: Current | null = null
  private asked = 0
  private idle: NodeJS.Timeout | undefined
  constructor(private readonly file: string, private readonly pragmas: string) {}

  async begin(): Promise<void> {
    clearTimeout(this.idle)
    this.current ??= this.open()
    this.current.thread.ref()
    try { await this.run('BEGIN IMMEDIATE', []) } catch (e) { this.rest(); throw e }
  }
  async commit(): Promise<void> {
    await this.run('COMMIT', [])
    this.rest()
  }
  /** Of a thread that has died nothing is left to undo. */
  async rollback(): Promise<void> {
    if (!this.current) return
    try { await this.ask({ does: 'rollback' }) } finally { this.rest() }
  }

  async all(sql: string, params: Params, timeoutMs?: number): Promise<Row[]> {
    const asked = this.ask({ does: 'all', sql, params: bound(params), ...(timeoutMs === undefined ? {} : { timeoutMs }) }) as Promise<{ rows: unknown[][]; names: string[]; late?: true }>
    const { rows, names, late } = await asked
    if (late) throw new AppError('DB_TIMEOUT', { seconds: timeoutMs! / 1000, sql })
    return rows.map((cells) => rowOf(names, cells))
  }
  run(sql: string, params: Params): Promise<number> { return this.runEach(sql, [params]) }
  /** The same statement once per row. Answers the rows changed. */
  async runEach(sql: string, rows: readonly Params[]): Promise<number> { return await this.ask({ does: 'each', sql, rows: rows.map(bound) }) as number }
  /** Not waited for: should it fail, the next statement that is waited for says so, and nothing after it was done. */
  later(sql: string, rows: readonly Params[]): void {
    if (!this.current) throw lostThread()
    this.current.thread.postMessage({ does: 'each', sql, rows: rows.map(bound) })
  }

  /** Ends the thread, and with it a transaction that it may have. */
  async close(): Promise<void> {
    clearTimeout(this.idle)
    if (!this.current) return
    const { thread } = this.current
    this.current = null
    const ended = new Promise<void>((resolve) => { thread.once('exit', () => resolve()) })
    thread.ref()
    thread.postMessage({ does: 'close' })
    await ended
  }

  /** Only a transaction begins a thread: with one that is lost its statements are lost too. */
  private ask(what: Asked): Promise<unknown> {
    const { current } = this
    if (!current) return Promise.reject(lostThread())
    const id = ++this.asked
    return new Promise((resolve, reject) => {
      current.waiting.set(id, { resolve, reject })
      current.thread.postMessage({ id, ...what })
    })
  }

  private rest(): void {
    this.current?.thread.unref()
    clearTimeout(this.idle)
    this.idle = setTimeout(() => { void this.close() }, IDLE_MS).unref()
  }

  private open(): Current {
    // without the loader that this thread may have: it costs more than all else of it
    const thread = new Worker(new URL('./sqlite-apart.worker.mjs', import.meta.url), { execArgv: [], workerData: { file: this.file, pragmas: this.pragmas, statements: KEPT_STATEMENTS }, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
    const current: Current = { thread, waiting: new Map() }
    thread.on('message', ({ id, value, error }: Answer) => {
      const waiting = current.waiting.get(id)
      current.waiting.delete(id)
      if (error) waiting?.reject(Object.assign(new Error(error.message), error))
      else waiting?.resolve(value)
    })
    const lost = (reason: string): void => {
      if (this.current === current) this.current = null
      for (const { reject } of current.waiting.values()) reject(new AppError('DB_UNAVAILABLE', { reason }))
      current.waiting.clear()
    }
    thread.on('error', (error) => { lost(error.message) })
    thread.on('exit', (code) => { lost(`the thread that writes has ended with code ${code}`) })
    return current
  }
}
