import type { ElementInfo } from '../../core/types.ts'
import { nextOf, title, type Lint } from './context.ts'

/** Separation of duties: whoever did one task may not do the other. */
export function lintDuties(lint: Lint): void {
  const { process, elements, found } = lint
  for (const el of elements) {
    for (const other of el.notBy ?? []) {
      if (other === 'initiator') continue
      const done = process.elements[other]
      const say = (code: string, message: string, fix: string): void => found.error(el.line, code, message, fix)
      if (!done || done.type !== 'userTask') { say('duty.element', `notBy of ${title(el)} names "${other}", which is no user task of the process`, 'use the id of a user task, or initiator'); continue }
      if (done === el) { say('duty.element', `notBy of ${title(el)} names itself`, 'for several runs of one task write certflow:distinct="true" on its loop'); continue }
      if (el.assignee !== undefined && el.assignee === done.assignee) say('duty.never', `${title(el)} is for "${el.assignee}" alone, who may not take it: notBy names ${title(done)}, which is for the same person`, 'give one of them another assignee, or remove notBy')
      if (!leads(lint, done, el)) found.warn(el.line, 'duty.order', `${title(done)} never comes before ${title(el)}, so notBy keeps nobody out`, `write notBy="${el.id}" on ${done.id}, or remove it`)
      if (el.notBy?.includes('initiator') && el.assignee !== undefined && /^(record\.)?createdBy$/.test(el.assignee.trim())) say('duty.never', `${title(el)} is for who made the record, whom notBy="initiator" keeps out`, 'remove one of the two')
    }
  }
}

/** Whether a token can come from one element to another, out of and into sub-processes too. */
function leads({ process }: Lint, from: ElementInfo, to: ElementInfo): boolean {
  const seen = new Set<string>()
  const open = [from.id]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const around: string[] = []
    for (let s = process.elements[id]?.scope; s !== undefined; s = process.elements[s]?.scope) around.push(s)
    open.push(...nextOf(process, id), ...(process.index.boundaries[id] ?? []), ...(process.index.starts[id] ?? []), ...around, ...around.flatMap(s => process.index.eventStarts[s] ?? []), ...(process.index.eventStarts[''] ?? []))
  }
  return seen.has(to.id)
}
