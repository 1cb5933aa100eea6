import type { Db } from '#server/data/index.ts'

export interface WaitingNotice { id: string; user: string | null; channel: string; address: string | null; title: string; body: string; attempts: number }
interface Row { id: number; user_id: number | null; channel: string; address: string | null; title: string; body: string; attempts: number; state: string; error: string | null; created_at: number; sent_at: number | null }

/** ms after its creation at which try 1, 2, … of a message is due */
const DUE_AFTER = [0, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000]

const of = (r: Row): WaitingNotice => ({ id: String(r.id), user: r.user_id === null ? null : String(r.user_id), channel: r.channel, address: r.address, title: r.title ?? '', body: r.body, attempts: Number(r.attempts) })

export async function dueNotices(db: Db, now: number, after: number, limit: number): Promise<WaitingNotice[]> {
  const due = DUE_AFTER.map((ms, tries) => ({ sql: '(attempts = ? AND created_at <= ?)', params: [tries, now - ms] }))
  const rows = await db.all<Row>(`SELECT id, user_id, channel, address, title, body, attempts FROM notifications WHERE state = 'waiting' AND id > ? AND (${due.map((d) => d.sql).join(' OR ')}) ORDER BY id LIMIT ${limit}`, [after, ...due.flatMap((d) => d.params)])
  return rows.map(of)
}
/** Takes a try for itself; false when another process had it. A crash after this costs one try, the next is due later. */
export const claim = async (db: Db, row: WaitingNotice): Promise<boolean> =>
  (await db.run("UPDATE notifications SET attempts = attempts + 1 WHERE id = ? AND attempts = ? AND state = 'waiting'", [Number(row.id), row.attempts])).changes === 1
export const markSent = async (db: Db, id: string, sent: boolean, now: number): Promise<void> => {
  await db.run("UPDATE notifications SET state = ?, error = NULL, sent_at = ? WHERE id = ? AND state = 'waiting'", [sent ? 'sent' : 'outbox', sent ? now : null, Number(id)])
}
/** False when there is no further try. */
export async function markLater(db: Db, row: WaitingNotice, error: string): Promise<boolean> {
  if (row.attempts + 1 >= DUE_AFTER.length) return false
  await db.run("UPDATE notifications SET error = ? WHERE id = ? AND state = 'waiting'", [error, Number(row.id)])
  return true
}
export const markFailed = async (db: Db, row: WaitingNotice, error: string): Promise<void> => {
  await db.run("UPDATE notifications SET state = 'failed', error = ? WHERE id = ? AND state = 'waiting'", [error, Number(row.id)])
}

export interface OutboxRow { id: string; channel: string; title: string; body: string; state: 'waiting' | 'sent' | 'failed' | 'outbox'; attempts: number; error: string | null; at: number; sentAt: number | null; user: string | null }
/** What left or should have left the house, newest first; addresses are not shown. */
export async function listOutbox(db: Db, query: { state?: OutboxRow['state']; page?: number; size?: number } = {}): Promise<{ items: OutboxRow[]; total: number }> {
  const size = Math.min(100, Math.max(1, Math.trunc(query.size ?? 20)))
  const offset = (Math.max(1, Math.trunc(query.page ?? 1)) - 1) * size
  const where = `channel <> 'portal'${query.state ? ' AND state = ?' : ''}`
  const params = query.state ? [query.state] : []
  const total = await db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM notifications WHERE ${where}`, params)
  const rows = await db.all<Row>(`SELECT id, user_id, channel, title, body, state, attempts, error, created_at, sent_at FROM notifications WHERE ${where} ORDER BY id DESC LIMIT ${size} OFFSET ${offset}`, params)
  return { total: Number(total?.n ?? 0), items: rows.map((r) => ({ id: String(r.id), channel: r.channel, title: r.title ?? '', body: r.body, state: r.state as OutboxRow['state'], attempts: Number(r.attempts), error: r.error, at: Number(r.created_at), sentAt: r.sent_at === null ? null : Number(r.sent_at), user: r.user_id === null ? null : String(r.user_id) })) }
}
/** Failed messages are tried again from the start; answers how many. */
export async function retryFailed(db: Db, ids: string[], now: number): Promise<number> {
  const where = db.idsIn('id', ids)
  return (await db.run(`UPDATE notifications SET state = 'waiting', attempts = 0, error = NULL, created_at = ? WHERE state = 'failed' AND ${where.sql}`, [now, ...where.params])).changes
}
