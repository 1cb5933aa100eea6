import { AppError } from '../../platform/errors.ts'
import type { Connection } from './driver.ts'
import { turnDue, whileBusy } from './sqlite-busy.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { sqliteError } from './sqlite-errors.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** The file's one writer for as long as one transaction has it: from BEGIN to COMMIT or ROLLBACK. */
export class SqliteTransaction implements Connection {
  declare readonly __connection?: never
  private open = false
  constructor(private readonly file: SqliteFile) {}

  /** The writer; throws DB_TX_ENDED when it serves somebody else by now. */
  writer(sql: string): SqliteConnection {
    if (!this.open) throw new AppError('DB_TX_ENDED', { sql })
    return this.file.writer
  }

  async begin(): Promise<this> {
    const { lock, writer } = this.file
    const before = turnDue()
    if (before) await before
    if (!lock.take(this)) await lock.acquire(this)
    try {
      const granted = turnDue()
      if (granted) await granted
      const busy = whileBusy(() => writer.begin())
      if (busy) await busy
      this.open = true
      return this
    } catch (e) { lock.release(this); throw sqliteError(e, 'BEGIN IMMEDIATE') }
  }

  async commit(): Promise<void> {
    try {
      const busy = whileBusy(() => this.file.writer.commit())
      if (busy) await busy
    } catch (e) {
      // what cannot be committed (disk full) must not leave the shared writer inside a transaction
      this.file.writer.rollback()
      throw sqliteError(e, 'COMMIT')
    } finally { this.end() }
  }

  async rollback(): Promise<void> {
    try { this.file.writer.rollback() }
    catch (e) { throw sqliteError(e, 'ROLLBACK') }
    finally { this.end() }
  }

  private end(): void {
    this.open = false
    this.file.ended += 1
    this.file.lock.release(this)
  }
}
