import type { ElementInfo } from '../../core/types.ts'
import { nextOf, outgoing, title, type Lint } from './context.ts'
import { isThrow } from './throws.ts'

/** Every element can be reached: from a start, over flows, boundaries and event sub-processes. */
export function lintReachable({ process, elements, found }: Lint): void {
  const reached = new Set<string>()
  const visit = (id: string): void => {
    if (reached.has(id)) return
    reached.add(id)
    const el = process.elements[id]
    const { index } = process
    if (el?.type === 'subProcess' || el?.type === 'eventSubProcess' || id === '') {
      for (const s of index.starts[id] ?? []) visit(s)
      for (const s of index.eventStarts[id] ?? []) { const sub = process.elements[s]?.scope; if (sub) visit(sub) }
    }
    for (const b of index.boundaries[id] ?? []) visit(b)
    if (el?.handler) visit(el.handler)
    for (const next of nextOf(process, id)) visit(next)
  }
  visit('')
  for (const el of elements) if (!reached.has(el.id)) found.error(el.line, 'process.unreachable', `${title(el)} can never be reached`, 'connect it with a sequence flow, or delete it')
}

export function lintStarts({ process, elements, found }: Lint): void {
  const scopes = [{ id: '', line: 1, name: 'the process' }, ...elements.filter(e => e.type === 'subProcess' || e.type === 'eventSubProcess').map(e => ({ id: e.id, line: e.line, name: title(e) }))]
  for (const scope of scopes) {
    const starts = (process.index.starts[scope.id] ?? []).map(id => process.elements[id]).filter(e => e !== undefined)
    const event = starts.find(s => s.event !== 'none')
    if (event && process.elements[scope.id]?.type === 'subProcess') found.error(event.line, 'process.starts', `${scope.name} begins with the ${event.event} event ${event.id}; a sub-process begins when a token comes`, 'use a plain start event, or an event sub-process')
    const plain = starts.find(s => s.event === 'none')
    if (event && plain && scope.id === '') found.error(event.line, 'process.starts', `${title(event)} never begins the process: it has the plain start ${plain.id}, which begins it as soon as its record is made`, 'remove one of the two; an event that may come later is caught by an event sub-process or a catching event')
    if (starts.length === 0) found.error(scope.line, 'process.noStart', `${scope.name} has no start event`, 'draw one start event')
    const second = scope.id === '' ? starts.filter(s => s.event === 'none')[1] : starts[1]
    if (second) found.error(second.line, 'process.starts', `${scope.name} has a second ${scope.id === '' ? 'none ' : ''}start event, ${second.id}`, 'keep one')
  }
}

/** Places where a flow has to go on, or may not begin. */
export function lintEnds(lint: Lint): void {
  const { process, elements, found } = lint
  for (const el of elements) {
    const outs = outgoing(lint, el.id)
    const ins = process.index.incoming[el.id] ?? []
    // a branch that only tells somebody may end with the telling
    if (outs.length === 0 && !el.forCompensation && el.event !== 'compensate' && !['endEvent', 'eventSubProcess', 'sendTask'].includes(el.type) && !isThrow(el, 'link'))
      found[el.type.endsWith('Gateway') ? 'error' : 'warn'](el.line, 'process.deadEnd', `${title(el)} leads nowhere: the token ends here`, 'draw the flow on, or an end event that says so')
    if (outs.length > 0 && el.type === 'endEvent') found.error(el.line, 'process.afterEnd', `flow ${outs[0]?.id} leaves the end event ${el.id}`, 'end events have no outgoing flow')
    if (ins.length > 0 && (el.type === 'startEvent' || el.type === 'boundaryEvent' || el.type === 'eventSubProcess')) found.error(el.line, 'process.beforeStart', `flow ${ins[0]} leads to ${title(el)}, which begins by its event`, 'lead the flow to the element after it')
    if (el.type === 'eventSubProcess' && outs.length > 0) found.error(el.line, 'process.afterEventSub', `flow ${outs[0]?.id} leaves the event sub-process ${el.id}`, 'draw what follows inside it')
    if (el.type === 'callActivity') found.error(el.line, 'process.called', `${title(el)} calls "${el.calledElement ?? ''}", which is not found or calls itself in a circle`, 'name a process of this programme or family in calledElement')
    if (el.type === 'boundaryEvent') lintBoundary(lint, el.id)
  }
}

function lintBoundary({ process, found }: Lint, id: string): void {
  const el = process.elements[id]
  const host = process.elements[el?.attachedTo ?? '']
  if (!el) return
  const holds = host && (['userTask', 'serviceTask', 'receiveTask', 'subProcess', 'callActivity'] as string[]).includes(host.type)
  if (!holds && el.event !== 'compensate') found.error(el.line, 'process.boundary', `boundary event ${title(el)} sits on ${host ? `${host.type} ${host.id}, where no token ever rests` : 'nothing'}`, 'attach it to a user, service or receive task or to a sub-process')
  if (host && host.scope !== el.scope) found.error(el.line, 'process.boundary', `${title(el)} is drawn ${el.scope ? `in ${el.scope}` : 'in the process'}, its host ${host.id} ${host.scope ? `in ${host.scope}` : 'in the process'}`, 'draw both on the same level')
  if (el.event === 'error' && host && host.type !== 'serviceTask' && host.type !== 'subProcess' && host.type !== 'callActivity') found.error(el.line, 'process.boundary', `${title(el)} catches an error of ${host.id}, a ${host.type}, which throws none`, 'attach it to a service task or a sub-process')
  if (el.event === 'escalation' && host && host.type !== 'subProcess' && host.type !== 'callActivity') found.error(el.line, 'process.boundary', `${title(el)} catches an escalation of ${host.id}, a ${host.type}, which throws none`, 'attach it to a sub-process or a call activity')
  if (el.event === 'error' && el.interrupting === false) found.error(el.line, 'process.boundary', `${title(el)} catches an error without interrupting`, 'leave cancelActivity out: errors always interrupt')
}

/** An error end has to be caught; the diagram would stop with an incident. */
export function lintErrors({ process, elements, found }: Lint): void {
  const hears = (end: ElementInfo) => (id: string): boolean => { const e = process.elements[id]; return e?.event === 'error' && (e.errorCode === undefined || e.errorCode === end.errorCode) }
  // an event sub-process of any scope around it, but not the one that it stands in itself
  const inReach = (end: ElementInfo): boolean => {
    for (let scope = end.scope, below: string | undefined; ; below = scope, scope = process.elements[scope]?.scope) {
      if (process.elements[below ?? '']?.type !== 'eventSubProcess' && (process.index.eventStarts[scope ?? ''] ?? []).some(hears(end))) return true
      if (scope === undefined) return false
    }
  }
  for (const el of elements.filter(e => e.type === 'startEvent' && e.event === 'error' && e.interrupting === false)) found.error(el.line, 'process.errorStart', `${title(el)} begins by an error without interrupting`, 'leave isInterrupting out: what has failed does not go on')
  for (const end of elements.filter(e => e.type === 'endEvent' && e.event === 'error')) {
    let caught = inReach(end)
    for (let scope = end.scope; scope !== undefined && !caught; scope = process.elements[scope]?.scope)
      caught = (process.index.boundaries[scope] ?? []).some(hears(end))
    if (!caught) found.error(end.line, 'process.uncaughtError', `nothing catches the error "${end.errorCode ?? ''}" of ${title(end)}`, 'draw an error boundary event with this code on an enclosing sub-process, an event sub-process that begins by it, or end with a plain end event')
  }
}
