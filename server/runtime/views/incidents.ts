import type { IncidentAct, IncidentView } from '#server/services.ts'
import { countIncidents, editVariables, isSkippable, listIncidents, loadInstances, retryIncident, skipIncident, titled, variablesOf, type Incident, type IncidentResult } from '#server/runtime/process/index.ts'
import { factsFor, visibleIds, type FactLoader } from '#server/runtime/records/index.ts'
import type { Actor, Call, Problem, Result } from '../context.ts'
import { forbidden, isId, iso, page, recordHref, textOf, type ViewParts } from './parts.ts'
import { recordTitle } from './record.ts'

/** Roles that settle incidents say so in roles.json; all others see none. */
export const mayMend = (call: Call): boolean => call.programme.roles[call.actor.role]?.incidents === true
const AT_ONCE = 200

/** What processes of the programme could not go on with, the newest first. */
export async function viewIncidents(parts: ViewParts, actor: Actor, query: { page?: number; size?: number; resolved?: boolean }): Promise<Result<{ items: IncidentView[]; total: number }>> {
  const call = parts.core.call(actor)
  if (!mayMend(call)) return forbidden()
  const { size, offset } = page(query)
  const resolved = query.resolved === true
  const { processes, engine } = parts.core
  const total = await countIncidents(engine, call.programme.id, resolved)
  const found = await listIncidents(processes, call, { resolved, limit: size, offset })
  return { ok: true, total, items: await viewsOf(parts, call, factsFor(engine, call), found) }
}

async function viewsOf(parts: ViewParts, call: Call, loader: FactLoader, found: Incident[]): Promise<IncidentView[]> {
  const { processes, engine, registry } = parts.core
  const instances = new Map((await loadInstances(engine, processes.catalogue, { ids: [...new Set(found.map((i) => i.instance))] })).map((i) => [i.id, i]))
  const seen = new Set<string>()
  for (const entity of new Set(found.map((i) => i.entity))) {
    const def = registry.findEntity(call.programme.id, entity)
    if (def) for (const id of await visibleIds(call, loader, def, found.filter((i) => i.entity === entity).map((i) => i.record))) seen.add(`${entity} ${id}`)
  }
  return loader.settleAll(found, (i): IncidentView => {
    const instance = instances.get(i.instance)
    const def = registry.findEntity(call.programme.id, i.entity)
    const open = def !== undefined && seen.has(`${i.entity} ${i.record}`)
    const by = i.resolvedBy === null ? null : loader.property({ $: 'row', entity: 'core/user', id: i.resolvedBy }, 'name')
    const compiled = instance?.process.compiled
    return {
      id: i.id, title: (open && recordTitle(call, loader, def, i.record)) || i.record, entityTitle: def ? textOf(call, def.title) : i.entity, href: open ? recordHref(def, i.record) : '',
      step: (compiled && titled(compiled, i.element ?? '').title) || (i.element ?? ''), cause: i.person, detail: i.message, code: i.code,
      since: iso(i.at), attempts: i.attempts, skippable: i.resolved === null && instance !== undefined && isSkippable(instance, i), variables: instance && !instance.ended && i.resolved === null ? variablesOf(instance) : {},
      ...(i.resolved === null ? {} : { resolved: iso(i.resolved) }), ...(typeof by === 'string' ? { resolvedBy: by } : {}),
    }
  })
}

/** Again, past it, or with corrected variables: each incident by itself, at most 200 at once. */
export async function actOnIncidents(parts: ViewParts, actor: Actor, input: IncidentAct): Promise<Result<{ done: number; refused: { id: string; title: string; problems: Problem[] }[] }>> {
  const call = parts.core.call(actor)
  if (!mayMend(call)) return forbidden()
  const { processes } = parts.core
  const one = (id: string): Promise<IncidentResult> => (input.how === 'retry' ? retryIncident(processes, call, id) : input.how === 'skip' ? skipIncident(processes, call, id, input.reason) : editVariables(processes, call, id, input.values, input.reason))
  const refused: { id: string; title: string; problems: Problem[] }[] = []
  let done = 0
  for (const id of [...new Set(input.ids)].filter(isId).slice(0, AT_ONCE)) {
    const result = await one(id)
    if (result.ok) done++
    else refused.push({ id, title: id, problems: result.problems })
  }
  if (done === 0 && refused.length > 0 && input.ids.length === 1) return { ok: false, code: refused[0]?.problems[0]?.code ?? 'REFUSED', status: 422, problems: refused[0]?.problems ?? [] }
  return { ok: true, done, refused }
}
