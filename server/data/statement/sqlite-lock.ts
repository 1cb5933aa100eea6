import { AppError } from '../../platform/errors.ts'

export const LOCK_MS = 10_000

interface Waiter { owner: object; grant: () => void; timer: NodeJS.Timeout }

/**
 * First come, first served: writers of one file in this thread wait here, in JavaScript, and not in SQLite's
 * busy handler, which would block the event loop.
 */
export class WriteLock {
  private owner: object | null = null
  private queue: Waiter[] = []

  /** whether somebody waits */
  get awaited(): boolean { return this.queue.length > 0 }

  /** At once, when nobody holds it. */
  take(owner: object): boolean {
    if (this.owner) return false
    this.owner = owner
    return true
  }

  /** In turn; throws DB_BUSY after `ms`. */
  async acquire(owner: object, ms = LOCK_MS): Promise<void> {
    if (this.take(owner)) return
    await new Promise<void>((grant, reject) => {
      const waiter: Waiter = {
        owner, grant,
        timer: setTimeout(() => {
          this.queue.splice(this.queue.indexOf(waiter), 1)
          reject(new AppError('DB_BUSY', { ms }))
        }, ms),
      }
      this.queue.push(waiter)
    })
  }

  release(owner: object): void {
    if (this.owner !== owner) return
    const next = this.queue.shift()
    this.owner = next?.owner ?? null
    if (!next) return
    clearTimeout(next.timer)
    next.grant()
  }
}
