import type { Dialect } from '#server/data/index.ts'
import type { AuditStore, StoredAudit } from './audit.store.ts'

/**
 * The leading part of `rows` that no open transaction can still add to. With one writer (SQLite) numbers follow commit
 * order. Elsewhere a missing number is either an open transaction's (stop before it) or was undone (step over it).
 */
export const settledRows = async (dialect: Dialect, store: AuditStore, from: number, rows: StoredAudit[]): Promise<StoredAudit[]> => {
  if (!dialect.skipLocked) return rows
  let expected = from
  for (const [i, row] of rows.entries()) {
    if (row.seq > expected && await store.openBetween(expected, row.seq - 1)) return rows.slice(0, i)
    expected = row.seq + 1
  }
  return rows
}
