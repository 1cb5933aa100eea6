/** A job that was queued just now, or goes back to the queue. */
export interface Queued { id: string; /** until it is due, ms */ delayMs: number }

/**
 * Calls workers of other processes. The table of jobs stays the truth: a call that gets lost costs the time of a poll,
 * one too many a look at the table.
 */
export interface Dispatcher {
  /** never throws, never waits */
  announce(job: Queued): void
  /** `take` is run for each call that this process gets, at most `slots` at a time */
  listen(slots: number, take: () => Promise<void>): void
  /** whether calls get through now */
  connected(): boolean
  close(): Promise<void>
}
