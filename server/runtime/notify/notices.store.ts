import type { Db } from '#server/data/index.ts'

export interface PortalNotice { id: string; title: string; body: string; at: number; entity: string | null; record: string | null; read: boolean }
interface Row { id: number; title: string | null; body: string; created_at: number; entity: string | null; record_id: number | null; read_at: number | null }
const MOST = 100

/** A user's notices, unread ones first, each newest first. */
export async function listNotices(db: Db, user: string, limit = MOST): Promise<PortalNotice[]> {
  const n = Math.min(MOST, Math.max(1, Math.trunc(limit)))
  const part = (read: string) => db.all<Row>(`SELECT id, title, body, created_at, entity, record_id, read_at FROM notifications WHERE user_id = ? AND read_at IS ${read} AND channel = 'portal' ORDER BY created_at DESC, id DESC LIMIT ${n}`, [Number(user)])
  const [unread, read] = [await part('NULL'), await part('NOT NULL')]
  return [...unread, ...read].slice(0, n).map((r) => ({ id: String(r.id), title: r.title ?? '', body: r.body, at: Number(r.created_at), entity: r.entity, record: r.record_id === null ? null : String(r.record_id), read: r.read_at !== null }))
}
export async function countUnread(db: Db, user: string): Promise<number> {
  return Number((await db.one<{ n: number }>("SELECT COUNT(*) AS n FROM notifications WHERE user_id = ? AND read_at IS NULL AND channel = 'portal'", [Number(user)]))?.n ?? 0)
}
/** Only the user's own; what was read keeps its first time. */
export async function markRead(db: Db, user: string, ids: string[], now: number): Promise<number> {
  const where = db.idsIn('id', ids.filter((id) => /^\d{1,16}$/.test(id)))
  return (await db.run(`UPDATE notifications SET read_at = ? WHERE user_id = ? AND read_at IS NULL AND ${where.sql}`, [now, Number(user), ...where.params])).changes
}
