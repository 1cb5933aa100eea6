import { AppError } from '../../platform/errors.ts'
import type { Connection } from './driver.ts'
import { turnDue } from './sqlite-busy.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { sqliteError } from './sqlite-errors.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** The file's one writer for as long as one transaction has it: from BEGIN, or joining those that wait for their COMMIT, to its end. */
export class SqliteTransaction implements Connection {
  declare readonly __connection?: never
  private open = false
  private joined = false
  constructor(private readonly file: SqliteFile) {}

  /** The writer; throws DB_TX_ENDED when it serves somebody else by now. */
  writer(sql: string): SqliteConnection {
    if (!this.open) throw new AppError('DB_TX_ENDED', { sql })
    return this.file.writer
  }

  async begin(): Promise<this> {
    const { lock, shared } = this.file
    const before = turnDue()
    if (before) await before
    if (!lock.take(this)) await lock.acquire(this)
    try {
      if (shared.open) {
        shared.join()
        this.joined = true
      } else {
        const granted = turnDue()
        if (granted) await granted
        const busy = shared.begin()
        if (busy) await busy
      }
      this.open = true
      return this
    } catch (e) {
      await this.finish().catch(() => undefined)
      throw sqliteError(e, 'BEGIN IMMEDIATE')
    }
  }

  async commit(): Promise<void> {
    const { shared } = this.file
    try {
      if (this.joined) shared.leave()
    } catch (e) {
      await this.rollback()
      throw sqliteError(e, 'RELEASE')
    }
    if (!this.file.writer.inTransaction || !this.goesOn()) return this.finish(true)
    const committed = shared.wait()
    this.end()
    return committed
  }

  async rollback(): Promise<void> {
    const { shared, writer } = this.file
    try {
      if (this.joined) shared.undoLast()
      else writer.rollback()
    } catch (e) {
      await this.finish().catch(() => undefined)
      throw sqliteError(e, 'ROLLBACK')
    }
    if (shared.open && this.goesOn()) this.end()
    // of the others one is told by itself what became of his
    else await this.finish().catch(() => undefined)
  }

  /** Whether somebody waits, and may join what is open. */
  private goesOn(): boolean { return this.file.lock.awaited && this.file.shared.young && !turnDue() }

  /** Commits what is open and gives the file to the next. */
  private async finish(own = false): Promise<void> {
    try {
      if (own || this.file.shared.open) await this.file.shared.commit()
    } finally {
      // counted after the commit: who has read before it has read what was there before
      this.end()
    }
  }

  private end(): void {
    this.open = false
    this.file.ended += 1
    this.file.lock.release(this)
  }
}
