import type { SqlValue } from '#server/data/index.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import type { Instance } from './instances.store.ts'

/** Something a process cannot go on with by itself. `person` is for the screen, `message` for whoever mends it. */
export interface Incident {
  id: string; instance: string; token: number | null; element: string | null; entity: string; record: string; programme: string
  code: string; message: string; person: string; at: number; attempts: number; resolved: number | null; resolvedBy: string | null
}
interface Row { id: number; instance_id: number; token: number | null; element: string | null; entity: string; record_id: number; program: string | null; code: string; message: string; detail: string | null; created_at: number; attempts: number; resolved_at: number | null; resolved_by: number | null }
const COLUMNS = 'id, instance_id, token, element, entity, record_id, program, code, message, detail, created_at, attempts, resolved_at, resolved_by'
const toIncident = (r: Row): Incident => ({
  id: String(r.id), instance: String(r.instance_id), token: r.token === null ? null : Number(r.token), element: r.element, entity: r.entity, record: String(r.record_id), programme: r.program ?? '',
  code: r.code, message: r.message, person: String((JSON.parse(r.detail ?? '{}') as { person?: string }).person ?? r.message), at: Number(r.created_at), attempts: Number(r.attempts), resolved: r.resolved_at === null ? null : Number(r.resolved_at), resolvedBy: r.resolved_by === null ? null : String(r.resolved_by),
})

export interface NewIncident { instance: Pick<Instance, 'id' | 'entity' | 'record' | 'programme'>; token: number; element: string; code: string; message: string; person: string }
/** One open incident per place: failing again counts an attempt. True when it is new. */
export async function openIncident(engine: Engine, now: number, i: NewIncident): Promise<boolean> {
  const again = await engine.db.run('UPDATE incidents SET attempts = attempts + 1, message = ? WHERE instance_id = ? AND element = ? AND token = ? AND code = ? AND resolved_at IS NULL', [i.message, Number(i.instance.id), i.element, i.token, i.code.slice(0, 60)])
  if (again.changes > 0) return false
  await engine.db.insertMany('incidents', ['id', 'instance_id', 'token', 'element', 'entity', 'record_id', 'program', 'code', 'message', 'detail', 'created_at'],
    [[Number(engine.ids.next()), Number(i.instance.id), i.token, i.element, i.instance.entity, Number(i.instance.record), i.instance.programme, i.code.slice(0, 60), i.message, JSON.stringify({ person: i.person }), now]])
  return true
}

export async function getIncident(engine: Engine, id: string): Promise<Incident | null> {
  const row = await engine.db.one<Row>(`SELECT ${COLUMNS} FROM incidents WHERE id = ?${engine.db.inTx() ? engine.db.dialect.forUpdate : ''}`, [Number(id)])
  return row ? toIncident(row) : null
}

/** Incidents of a programme, open ones unless asked otherwise, the newest first. */
export async function findIncidents(engine: Engine, programme: string, options: { resolved?: boolean; record?: string; before?: string; limit?: number; offset?: number } = {}): Promise<Incident[]> {
  const terms = ['program = ?', options.resolved ? 'resolved_at IS NOT NULL' : 'resolved_at IS NULL']
  const params: SqlValue[] = [programme]
  if (options.record) { terms.push('record_id = ?'); params.push(Number(options.record)) }
  if (options.before) { terms.push('id < ?'); params.push(Number(options.before)) }
  const limit = Math.min(500, Math.max(1, Math.trunc(options.limit ?? 50)))
  return (await engine.db.all<Row>(`SELECT ${COLUMNS} FROM incidents WHERE ${terms.join(' AND ')} ORDER BY id DESC LIMIT ${limit} OFFSET ${Math.max(0, Math.trunc(options.offset ?? 0))}`, params)).map(toIncident)
}

/** How many there are to be settled. */
export async function countIncidents(engine: Engine, programme: string, resolved = false): Promise<number> {
  return Number((await engine.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM incidents WHERE program = ? AND resolved_at IS ${resolved ? 'NOT NULL' : 'NULL'}`, [programme]))?.n ?? 0)
}

export async function resolveIncident(engine: Engine, id: string, now: number, by: string | null): Promise<void> {
  await engine.db.run('UPDATE incidents SET resolved_at = ?, resolved_by = ?, attempts = attempts + 1 WHERE id = ? AND resolved_at IS NULL', [now, by ? Number(by) : null, Number(id)])
}
