import { isWanted, type Db } from '#server/data/index.ts'

const ALONE_MS = 400
const ROWS_MS = 400
const TARGET_MS = 40
/** How long a batch may hold what it has locked, all of the file or just its rows: nobody who saves on SQLite waits for a longer one, also at the first time. */
export const considerate = (db: Db) => (): number => (db.dialect.skipLocked ? ROWS_MS : TARGET_MS)
/** The same, longer while nobody else wants the file. */
export const unhurried = (db: Db) => { const least = considerate(db); return (): number => (db.dialect.skipLocked || isWanted() ? least() : ALONE_MS) }

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
