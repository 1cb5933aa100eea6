import type { SqliteConnection } from './sqlite-connection.ts'
import { whileBusy } from './sqlite-busy.ts'
import { sqliteError } from './sqlite-errors.ts'

/** A transaction that others wait behind is kept open for them no longer than this. */
const SHARE_MS = 4
const MEMBER = 'member'

interface Member { done: () => void; failed: (error: unknown) => void }

/**
 * Transactions that end while others wait for the file share one COMMIT, the dearest of their statements: each of those that follow
 * is a savepoint, undone by itself where it fails. Nobody is told that his is done before it is.
 */
export class SharedCommit {
  private members: Member[] = []
  private began = 0
  /** what undid all of them at once (disk full), as the statement that met it was told */
  private lost: unknown
  constructor(private readonly writer: SqliteConnection) {}

  /** Whether transactions that have ended are still to be committed. */
  get open(): boolean { return this.members.length > 0 }
  get young(): boolean { return performance.now() - this.began < SHARE_MS }

  begin(): Promise<void> | undefined {
    this.began = performance.now()
    return whileBusy(() => this.writer.begin())
  }
  join(): void { this.writer.run(`SAVEPOINT ${MEMBER}`, []) }
  leave(): void { this.writer.run(`RELEASE SAVEPOINT ${MEMBER}`, []) }

  /** The work stands, and is committed with that of those who wait; resolves when it has been. */
  wait(): Promise<void> { return new Promise((done, failed) => { this.members.push({ done, failed }) }) }

  /** Undoes the last to join, or all, where the database has done so by itself. */
  undoLast(): void {
    if (this.writer.inTransaction) { this.writer.run(`ROLLBACK TO SAVEPOINT ${MEMBER}`, []); this.leave() }
    else this.fail(this.lost ?? new Error('the database has undone the transactions that were to be committed together'))
  }
  noticed(error: unknown): void { if (this.open) this.lost = error }

  /** Throws what the database said, after all who wait have been told. */
  async commit(): Promise<void> {
    try {
      const busy = whileBusy(() => this.writer.commit())
      if (busy) await busy
    } catch (e) {
      // what cannot be committed (disk full) must not leave the shared writer inside a transaction
      this.writer.rollback()
      const told = sqliteError(e, 'COMMIT')
      this.fail(told)
      throw told
    }
    for (const member of this.take()) member.done()
  }

  private fail(error: unknown): void { for (const member of this.take()) member.failed(error) }
  private take(): Member[] {
    const { members } = this
    this.members = []
    this.lost = undefined
    return members
  }
}
