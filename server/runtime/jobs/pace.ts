import { isWanted, type Db } from '#server/data/index.ts'

const ALONE_MS = 400
const ROWS_MS = 400
/** How long a batch may hold what it has locked: all of the file while nobody else wants it, or just its rows. */
export const unhurried = (db: Db) => (): number => (db.dialect.skipLocked ? ROWS_MS : isWanted() ? TARGET_MS : ALONE_MS)
const TARGET_MS = 40
/** The same for jobs that run beside people at work for minutes: whoever saves on SQLite waits for no longer batch, also at the first time. */
export const considerate = (db: Db) => (): number => (db.dialect.skipLocked ? ROWS_MS : TARGET_MS)

/** Chunk size that keeps a write transaction near the target time. */
export interface Pace {
  readonly size: number
  /** rows written and the ms it took */
  learn(ms: number): void
}

export const createPace = (options: { start?: number; min?: number; max?: number; targetMs?: () => number } = {}): Pace => {
  const { start = 500, min = 20, max = 5_000, targetMs = () => TARGET_MS } = options
  let size = start
  return {
    get size() { return size },
    learn(ms) {
      // at most halve or double: one slow disk flush must not cripple the rest of the job
      const factor = Math.min(2, Math.max(0.5, targetMs() / Math.max(ms, 0.1)))
      size = Math.round(Math.min(max, Math.max(min, size * factor)))
    },
  }
}
