import { AppError } from '../../platform/errors.ts'
import type { Connection } from './driver.ts'
import type { SqliteApart } from './sqlite-apart.ts'
import { whileBusyApart } from './sqlite-busy.ts'
import { sqliteError } from './sqlite-errors.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** A transaction in the writer's own thread; it takes its turn at the file like any other of this thread. */
export class SqliteApartTransaction implements Connection {
  declare readonly __connection?: never
  private open = false
  constructor(private readonly file: SqliteFile) {}

  writer(sql: string): SqliteApart {
    if (!this.open) throw new AppError('DB_TX_ENDED', { sql })
    return this.file.apart
  }

  async begin(): Promise<this> {
    const { lock, apart, shared } = this.file
    await lock.acquire(this)
    try {
      // of another connection: it cannot join those that wait for their commit, and they are told by themselves should that fail
      if (shared.open) await shared.commit().catch(() => undefined)
      await whileBusyApart(() => apart.begin())
      this.open = true
      return this
    } catch (e) { lock.release(this); throw sqliteError(e, 'BEGIN IMMEDIATE') }
  }

  async commit(): Promise<void> {
    const { apart } = this.file
    try { await whileBusyApart(() => apart.commit()) }
    catch (e) {
      // what cannot be committed (disk full) must not leave the writer inside a transaction
      await apart.rollback()
      throw sqliteError(e, 'COMMIT')
    } finally { this.end() }
  }

  async rollback(): Promise<void> {
    try { await this.file.apart.rollback() }
    catch (e) { throw sqliteError(e, 'ROLLBACK') }
    finally { this.end() }
  }

  private end(): void {
    this.open = false
    this.file.ended += 1
    this.file.lock.release(this)
  }
}
