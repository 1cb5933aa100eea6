import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Engine } from '../engine.ts'

/** One thing that happened to a record, alone or as a member of a set. Times are ms UTC. */
export interface TrailEvent {
  id: string; kind: string; element: string | null; outcome: string | null; actor: string | null; role: string | null; org: string | null
  comment: string | null; changes: Record<string, [unknown, unknown]> | null; at: number; /** how many records it happened to at once */ members: number
}
interface Row { id: number; kind: string; element: string | null; outcome: string | null; actor_id: number | null; actor_role: string | null; actor_org: number | null; comment: string | null; changes: string | null; at: number; members: number }
const EVENT = ['kind', 'element', 'outcome', 'actor_id', 'actor_role', 'actor_org', 'comment', 'changes', 'at']
const of = (alias: string): string => EVENT.map((c) => `${alias}.${c}`).join(', ')
const text = (id: number | null): string | null => (id === null ? null : String(id))

/** A record's history, the newest first: its own events and those of sets it was in. Whether the caller may see it is the caller's business. */
export async function trailOf(engine: Pick<Engine, 'db'>, def: EntityDef, id: string, most = 500): Promise<TrailEvent[]> {
  const limit = Math.min(5000, Math.max(1, Math.trunc(most)))
  const rows = await engine.db.all<Row>(
    `SELECT h.id, ${of('h')}, 1 AS members FROM history h WHERE h.record_id = ? AND h.entity = ?
     UNION ALL SELECT s.id, ${of('s')}, s.members FROM history_set_members m JOIN history_sets s ON s.id = m.set_id WHERE m.record_id = ? AND s.entity = ?
     ORDER BY at DESC, id DESC LIMIT ${limit}`, [Number(id), def.id, Number(id), def.id])
  return rows.map((r) => ({
    id: String(r.id), kind: r.kind, element: r.element, outcome: r.outcome, actor: text(r.actor_id), role: r.actor_role, org: text(r.actor_org), comment: r.comment,
    changes: r.changes === null ? null : JSON.parse(r.changes) as Record<string, [unknown, unknown]>, at: Number(r.at), members: Number(r.members),
  }))
}
