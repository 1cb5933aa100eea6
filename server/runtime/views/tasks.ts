import type { TaskView } from '#server/services.ts'
import { roleChain } from '#server/runtime/access/index.ts'
import { factsFor, visibleIds, type FactLoader } from '#server/runtime/records/index.ts'
import { offersFor } from '#server/runtime/process/index.ts'
import type { Actor, Call } from '../context.ts'
import { recordTitle } from './record.ts'
import { shownAt } from './cells.ts'
import { iso, labelOf, page, recordHref, textOf, type ViewParts } from './parts.ts'

interface Row { id: number; element: string; entity: string; record_id: number; role: string | null; assignee: number | null; due: number | null; created_at: number }
/** more open tasks of one person than this are not counted one by one */
const MOST = 2_000

/** Open tasks of the person's roles and organisation, the most urgent first, as far as the records can be seen. */
async function openTasks(parts: ViewParts, call: Call, loader: FactLoader): Promise<Row[]> {
  const roles = roleChain(call.programme, call.actor.role).map((r) => r.id)
  if (roles.length === 0) return []
  const { db } = parts.core.engine
  // a task may name several roles: "a,b"
  const role = roles.map(() => "(',' || t.role || ',') LIKE ?").join(' OR ')
  const roleSql = db.dialect.name === 'mysql' ? roles.map(() => "CONCAT(',', t.role, ',') LIKE ?").join(' OR ') : role
  const rows = await db.all<Row>(
    `SELECT t.id, t.element, t.entity, t.record_id, t.role, t.assignee, t.due, t.created_at FROM tasks t WHERE t.completed_at IS NULL AND t.program = ? AND (${roleSql}) AND (t.org IS NULL OR t.org = ?) AND (t.assignee IS NULL OR t.assignee = ?) ORDER BY CASE WHEN t.due IS NULL THEN 1 ELSE 0 END, t.due, t.id LIMIT ${MOST}`,
    [call.programme.id, ...roles.map((r) => `%,${r},%`), Number(call.actor.orgId ?? 0), Number(call.actor.userId || 0)])
  const visible = new Map<string, Set<string>>()
  for (const entity of new Set(rows.map((r) => r.entity))) {
    const def = parts.core.registry.findEntity(call.programme.id, entity)
    visible.set(entity, def ? await visibleIds(call, loader, def, rows.filter((r) => r.entity === entity).map((r) => String(r.record_id))) : new Set())
  }
  return rows.filter((r) => visible.get(r.entity)?.has(String(r.record_id)))
}
export const countTasks = async (parts: ViewParts, call: Call): Promise<number> => (await openTasks(parts, call, factsFor(parts.core.engine, call))).length

export async function viewTasks(parts: ViewParts, actor: Actor, query: { page?: number; size?: number; search?: string }): Promise<{ items: TaskView[]; total: number }> {
  const call = parts.core.call(actor)
  const loader = factsFor(parts.core.engine, call)
  const rows = await openTasks(parts, call, loader)
  const { offset, size } = page(query)
  const search = query.search?.trim()
  if (!search) return { items: await withButtons(parts, call, loader, await viewsOf(parts, call, loader, rows.slice(offset, offset + size)), rows), total: rows.length }
  const all = (await viewsOf(parts, call, loader, rows)).filter((t) => t.title.includes(search) || t.what.includes(search))
  return { items: await withButtons(parts, call, loader, all.slice(offset, offset + size), rows), total: all.length }
}

const CHANGES_HANDS = ['claim', 'release']
/** Claiming and putting back need no look at the record. */
async function withButtons(parts: ViewParts, call: Call, loader: FactLoader, tasks: TaskView[], rows: Row[]): Promise<TaskView[]> {
  const out = [...tasks]
  for (const entity of new Set(tasks.map((t) => t.entity))) {
    const def = loader.definition(entity)
    const claimable = Object.values(parts.core.processes.catalogue.of(call.programme, def)?.compiled.elements ?? {}).some((e) => e.moves?.some((m) => m.do === 'claim'))
    if (!claimable) continue
    const offers = await offersFor(parts.core.processes, call, loader, def, [...new Set(tasks.filter((t) => t.entity === entity).map((t) => t.record))])
    out.forEach((task, i) => {
      const element = rows.find((r) => String(r.id) === task.id)?.element
      const buttons = task.entity !== entity ? [] : (offers.get(task.record) ?? []).filter((o) => CHANGES_HANDS.includes(o.verb ?? '') && o.element.id === element)
      if (buttons.length > 0) out[i] = { ...task, buttons: buttons.map((o) => ({ id: o.id, kind: 'outcome', title: labelOf(call, o.title), style: 'default', ...(o.reasons.length > 0 ? { disabled: o.reasons } : {}) })) }
    })
  }
  return out
}

const viewsOf = (parts: ViewParts, call: Call, loader: FactLoader, rows: Row[]): Promise<TaskView[]> => loader.settleAll(rows, (r): TaskView => {
  const def = loader.definition(r.entity)
  const id = String(r.record_id)
  const el = parts.core.processes.catalogue.of(call.programme, def)?.compiled.elements[r.element]
  const row = { $: 'row', entity: def.id, id } as const
  const status = def.properties['status']?.states ? shownAt(call, loader, def, { path: 'status' }, row)?.text : ''
  const assignee = r.assignee === null ? null : loader.property({ $: 'row', entity: 'core/user', id: String(r.assignee) }, 'name')
  return {
    id: String(r.id), entity: def.id, record: id, title: recordTitle(call, loader, def, id) || textOf(call, def.title), what: el?.name ?? r.element, status: status ?? '', programme: textOf(call, call.programme.title), since: iso(r.created_at),
    ...(r.due === null ? {} : { due: iso(r.due) }), overdue: r.due !== null && Number(r.due) < call.now, href: recordHref(def, id), ...(typeof assignee === 'string' ? { assignee } : {}),
  }
})
