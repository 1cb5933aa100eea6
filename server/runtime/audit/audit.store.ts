import type { Db, Queries, SqlValue } from '#server/data/index.ts'
import { AppError, isAppError } from '#server/platform/errors.ts'
import type { AuditFilter } from './types.ts'

export interface StoredAudit {
  seq: number; at: number; actor_id: number | string | null; actor_role: string | null; actor_org: number | string | null; ip: string | null
  action: string; entity: string | null; record_id: number | string | null; detail: string | null
}
export interface StoredSeal { seq: number; from_seq: number; to_seq: number; row_count: number; previous: string; hash: string; key_id: string; at: number }

const ROW = 'seq, at, actor_id, actor_role, actor_org, ip, action, entity, record_id, detail'
const SEAL = 'seq, from_seq, to_seq, row_count, previous, hash, key_id, at'

export const auditStore = (db: Db) => ({
  insert: (t: Queries, rows: SqlValue[][]) => t.insertMany('audit', ['at', 'actor_id', 'actor_role', 'actor_org', 'ip', 'action', 'entity', 'record_id', 'detail'], rows),
  lastSeal: () => db.one<StoredSeal>(`SELECT ${SEAL} FROM audit_seals ORDER BY seq DESC LIMIT 1`),
  seals: (after: number, limit: number) => db.all<StoredSeal>(`SELECT ${SEAL} FROM audit_seals WHERE seq > ? ORDER BY seq LIMIT ${limit}`, [after]),
  insertSeal: (s: StoredSeal) => db.insertMany('audit_seals', SEAL.split(', '), [[s.seq, s.from_seq, s.to_seq, s.row_count, s.previous, s.hash, s.key_id, s.at]]),
  maxSeq: async (): Promise<number> => (await db.one<{ seq: number | null }>('SELECT MAX(seq) AS seq FROM audit'))?.seq ?? 0,
  rows: (from: number, to: number, limit: number) => db.all<StoredAudit>(`SELECT ${ROW} FROM audit WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ${limit}`, [from, to]),

  /** Does an open transaction hold rows in this gap of numbers? If not, the numbers belong to something undone. */
  async openBetween(from: number, to: number): Promise<boolean> {
    try { await db.all(`SELECT seq FROM audit WHERE seq BETWEEN ? AND ?${db.dialect.forUpdateNoWait}`, [from, to]); return false }
    catch (e) { if (isAppError(e, 'DB_BUSY')) return true; throw e }
  },
  list({ record, actor, action, from, to, before, limit = 50 }: AuditFilter): Promise<StoredAudit[]> {
    const terms: [string, SqlValue | undefined][] = [['record_id = ?', record], ['actor_id = ?', actor], ['action = ?', action], ['at >= ?', from], ['at < ?', to], ['seq < ?', before]]
    const used = terms.filter((x): x is [string, SqlValue] => x[1] !== undefined)
    const n = Math.min(500, Math.max(1, Math.trunc(limit)))
    return db.all<StoredAudit>(`SELECT ${ROW} FROM audit${used.length ? ` WHERE ${used.map(([sql]) => sql).join(' AND ')}` : ''} ORDER BY seq DESC LIMIT ${n}`, used.map(([, v]) => v))
  },
})
export type AuditStore = ReturnType<typeof auditStore>

/** A second sealer was faster: its seal stands. */
export const lostRace = (e: unknown): boolean => e instanceof AppError && e.code === 'DB_UNIQUE'
