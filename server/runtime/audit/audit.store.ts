import type { Db, Queries, SqlValue } from '#server/data/index.ts'
import { isAppError } from '#server/platform/errors.ts'
import type { AuditFilter } from './types.ts'

export interface StoredAudit {
  seq: number; at: number; actor_id: number | string | null; actor_role: string | null; actor_org: number | string | null; ip: string | null
  action: string; entity: string | null; record_id: number | string | null; detail: string | null
}
export interface StoredSeal { seq: number; from_seq: number; to_seq: number; row_count: number; previous: string; hash: string; key_id: string; at: number }

const ROW = 'seq, at, actor_id, actor_role, actor_org, ip, action, entity, record_id, detail'
const SEAL = 'seq, from_seq, to_seq, row_count, previous, hash, key_id, at'

class Faster extends Error { constructor() { super('another sealer was faster') } }

export const auditStore = (db: Db) => ({
  insert: (t: Queries, rows: SqlValue[][]) => t.insertMany('audit', ['at', 'actor_id', 'actor_role', 'actor_org', 'ip', 'action', 'entity', 'record_id', 'detail'], rows),
  lastSeal: () => db.one<StoredSeal>(`SELECT ${SEAL} FROM audit_seals ORDER BY seq DESC LIMIT 1`),
  seals: (after: number, limit: number) => db.all<StoredSeal>(`SELECT ${SEAL} FROM audit_seals WHERE seq > ? ORDER BY seq LIMIT ${limit}`, [after]),
  unsealed: (limit: number) => db.all<StoredAudit>(`SELECT ${ROW} FROM audit WHERE seal IS NULL ORDER BY seq LIMIT ${limit}`),
  membersOf: (seal: number, limit: number) => db.all<StoredAudit>(`SELECT ${ROW} FROM audit WHERE seal = ? ORDER BY seq LIMIT ${limit}`, [seal]),

  /** Stores a seal and makes these rows its own; false when another sealer was faster with the seal or with one of the rows. */
  async seal(s: StoredSeal, rows: readonly StoredAudit[]): Promise<boolean> {
    try {
      await db.tx(async (t) => {
        await t.insertMany('audit_seals', SEAL.split(', '), [[s.seq, s.from_seq, s.to_seq, s.row_count, s.previous, s.hash, s.key_id, s.at]])
        const these = t.idsIn('seq', rows.map((r) => r.seq))
        const { changes } = await t.run(`UPDATE audit SET seal = ? WHERE seal IS NULL AND ${these.sql}`, [s.seq, ...these.params])
        if (changes !== rows.length) throw new Faster()
      })
      return true
    } catch (e) {
      if (e instanceof Faster || isAppError(e, 'DB_UNIQUE')) return false
      throw e
    }
  },
  list({ record, actor, action, from, to, before, limit = 50 }: AuditFilter): Promise<StoredAudit[]> {
    const terms: [string, SqlValue | undefined][] = [['record_id = ?', record], ['actor_id = ?', actor], ['action = ?', action], ['at >= ?', from], ['at < ?', to], ['seq < ?', before]]
    const used = terms.filter((x): x is [string, SqlValue] => x[1] !== undefined)
    const n = Math.min(500, Math.max(1, Math.trunc(limit)))
    return db.all<StoredAudit>(`SELECT ${ROW} FROM audit${used.length ? ` WHERE ${used.map(([sql]) => sql).join(' AND ')}` : ''} ORDER BY seq DESC LIMIT ${n}`, used.map(([, v]) => v))
  },
})
export type AuditStore = ReturnType<typeof auditStore>
