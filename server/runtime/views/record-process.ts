import type { RecordView } from '#server/services.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { loadInstances } from '#server/runtime/process/index.ts'
import type { FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { iso, textOf, type ViewParts } from './parts.ts'

/** The picture of the record's own version of its process, where it stands and what it has passed. */
export async function processOf(parts: ViewParts, call: Call, def: EntityDef, id: string, passed: string[]): Promise<RecordView['process']> {
  if (!parts.core.processes.catalogue.of(call.programme, def)) return undefined
  const [instance] = await loadInstances(parts.core.engine, parts.core.processes.catalogue, { def, records: [id] })
  if (!instance) return undefined
  const { compiled, xml } = instance.process
  const starts = Object.values(compiled.elements).filter((e) => e.type === 'startEvent' && !e.scope).map((e) => e.id)
  const { tokens, ended } = instance.state.marking
  // not begun yet: it stands at the events that may begin it
  if (tokens.length === 0 && !ended) return { xml, at: starts, done: [] }
  const at = [...new Set(tokens.map((t) => t.at))]
  return { xml, at, done: [...new Set([...starts, ...passed])].filter((e) => compiled.elements[e] && !at.includes(e)) }
}

/** Open tasks: whose turn it is, since when and until when. */
export async function waitingOf(parts: ViewParts, call: Call, loader: FactLoader, def: EntityDef, id: string): Promise<RecordView['waitingFor']> {
  const rows = await parts.core.engine.db.all<{ element: string; role: string | null; org: number | null; assignee: number | null; due: number | null; created_at: number }>(
    'SELECT element, role, org, assignee, due, created_at FROM tasks WHERE record_id = ? AND entity = ? AND completed_at IS NULL ORDER BY created_at, id', [Number(id), def.id])
  return loader.settleAll(rows, (r) => {
    const name = (entity: string, key: number | null): string => {
      const v = key === null ? null : loader.property({ $: 'row', entity, id: String(key) }, 'name')
      return typeof v === 'string' ? v : ''
    }
    const roles = (r.role ?? '').split(',').filter(Boolean)
    return {
      role: roles.map((x) => textOf(call, call.programme.roles[x]?.title) || x).join('、'), organisation: name('core/organisation', r.org), name: name('core/user', r.assignee),
      since: iso(r.created_at), ...(r.due === null ? {} : { due: iso(r.due) }),
    }
  })
}
