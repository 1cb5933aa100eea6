import type { Services } from '#server/services.ts'
import type { Actor } from '../context.ts'
import { isId, iso, recordHref, type ViewParts } from './parts.ts'

interface Row { id: number; title: string | null; body: string; entity: string | null; record_id: number | null; created_at: number; read_at: number | null }
const MOST = 100

/** Notices in the portal, newest first. */
export async function listNotifications(parts: ViewParts, actor: Actor): ReturnType<Services['notifications']['list']> {
  const call = parts.core.call(actor)
  const rows = await parts.core.engine.db.all<Row>(`SELECT id, title, body, entity, record_id, created_at, read_at FROM notifications WHERE user_id = ? AND channel = 'portal' ORDER BY created_at DESC, id DESC LIMIT ${MOST}`, [Number(actor.userId)])
  return rows.map((r) => {
    const def = r.entity ? parts.core.registry.findEntity(call.programme.id, r.entity) : undefined
    return { id: String(r.id), title: r.title ?? '', body: r.body, at: iso(r.created_at), read: r.read_at !== null, ...(def && r.record_id !== null ? { href: recordHref(def, String(r.record_id)) } : {}) }
  })
}
export async function countUnread(parts: ViewParts, actor: Actor): Promise<number> {
  const row = await parts.core.engine.db.one<{ n: number }>("SELECT COUNT(*) AS n FROM notifications WHERE user_id = ? AND read_at IS NULL AND channel = 'portal'", [Number(actor.userId)])
  return Number(row?.n ?? 0)
}
export async function readNotifications(parts: ViewParts, actor: Actor, ids: string[]): Promise<void> {
  const where = parts.core.engine.db.idsIn('id', ids.filter(isId))
  await parts.core.engine.db.run(`UPDATE notifications SET read_at = ? WHERE user_id = ? AND read_at IS NULL AND ${where.sql}`, [parts.core.engine.clock.now(), Number(actor.userId), ...where.params])
}
