import { DatabaseSync } from '@photostructure/sqlite'
import { isBusy } from './sqlite-errors.ts'

/** rows below which reading a table as a whole is as good as any index */
const SMALL = 1000

/**
 * Without figures the planner takes any index that fits, the one of a wide filter before that of a narrow scope. Only tables that
 * have grown are looked at, and of each index so many entries that a scope of thousands of rows is told from one of hundreds of thousands.
 * A table that is small today may hold a hundred thousand rows by tonight and would be read as a whole for every look-up until the
 * next start: of such a table nothing is kept. On a connection of its own, because one that has seen figures does not quite forget them.
 */
export function learn(file: string): void {
  const db = new DatabaseSync(file, { timeout: 5_000 })
  try {
    db.exec('PRAGMA journal_mode=WAL; PRAGMA analysis_limit=50000; PRAGMA optimize=0x10002')
    const kept = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get()
    if (kept) db.prepare('DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < ?').run(SMALL)
  } catch (e) {
    // somebody else writes just now: the next start learns it
    if (!isBusy(e)) throw e
  } finally { db.close() }
}
