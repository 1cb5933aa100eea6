import type { ElementInfo } from '../../core/types.ts'
import { title, type Lint } from './context.ts'

const HOSTS = new Set(['userTask', 'serviceTask', 'sendTask', 'businessRuleTask', 'manualTask', 'task', 'receiveTask', 'subProcess', 'callActivity'])

/** What undoes an activity, and who asks for it. */
export function lintCompensation(lint: Lint): void {
  const { process, elements, found } = lint
  const handlers = new Set(elements.map(e => e.handler))
  for (const el of elements) {
    if (el.type === 'boundaryEvent' && el.event === 'compensate') lintBoundary(lint, el)
    if (el.forCompensation && !handlers.has(el.id)) found.error(el.line, 'undo.unused', `${title(el)} is for compensation, but no compensation boundary event leads to it`, 'draw an association from the boundary event of the activity that it undoes')
    if (el.forCompensation && (process.index.outgoing[el.id] ?? []).length + (process.index.incoming[el.id] ?? []).length > 0) found.error(el.line, 'undo.flow', `${title(el)} is for compensation and has sequence flows`, 'remove them: it runs when it is asked for, and then ends')
    if (el.type !== 'boundaryEvent' && el.event === 'compensate' && el.activityRef !== undefined && !canUndo(lint, el.activityRef)) found.error(el.line, 'undo.nothing', `${title(el)} compensates ${el.activityRef}, which nothing undoes`, 'draw a compensation boundary event with a handler on it, or leave activityRef out')
  }
  const thrown = elements.find(e => e.type !== 'boundaryEvent' && e.event === 'compensate')
  const caught = elements.find(e => e.type === 'boundaryEvent' && e.event === 'compensate')
  if (thrown && !caught) found.error(thrown.line, 'undo.nothing', `${title(thrown)} compensates, but no activity has a handler`, 'draw compensation boundary events on the activities to undo')
  if (caught && !thrown && !process.elements[caught.id]?.origin) found.warn(caught.line, 'undo.never', `${title(caught)} can undo ${caught.attachedTo}, but nothing ever asks for it`, 'draw a compensation throw or end event')
}

function canUndo({ process, elements }: Lint, id: string): boolean {
  return process.index.undo[id] !== undefined || elements.some(e => e.scope === id && canUndo({ process, elements } as Lint, e.id))
}

function lintBoundary({ process, found }: Lint, el: ElementInfo): void {
  const host = process.elements[el.attachedTo ?? '']
  const handler = process.elements[el.handler ?? '']
  if (!host || !HOSTS.has(host.type)) found.error(el.line, 'process.boundary', `compensation event ${title(el)} sits on ${host ? `${host.type} ${host.id}` : 'nothing'}`, 'attach it to the activity that is to be undone')
  if (!handler) found.error(el.line, 'undo.handler', `compensation event ${title(el)} has no handler`, 'draw an association (with an id) from it to an activity with isForCompensation="true"')
  else if (!handler.forCompensation) found.error(handler.line, 'undo.handler', `${title(handler)} undoes ${el.attachedTo}, but is not marked as for compensation`, 'write isForCompensation="true" on it')
  if ((process.index.outgoing[el.id] ?? []).length > 0) found.error(el.line, 'undo.flow', `a sequence flow leaves the compensation event ${title(el)}`, 'draw an association to the handler instead')
}
