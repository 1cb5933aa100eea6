import type { ElementInfo } from '../../core/types.ts'
import { title, type Lint } from './context.ts'

export const isThrow = (el: ElementInfo, event: ElementInfo['event']): boolean => el.event === event && (el.type === 'intermediateThrowEvent' || el.type === 'endEvent')

/** Links pair by name within one (sub-)process: any number of throws, one catch. */
export function lintLinks({ process, elements, found }: Lint): void {
  const links = elements.filter(e => e.event === 'link')
  for (const el of links) {
    const same = links.filter(o => o.scope === el.scope && o.link === el.link)
    const catches = same.filter(o => o.type === 'intermediateCatchEvent')
    const where = el.scope === undefined ? 'the process' : el.scope
    if (isThrow(el, 'link')) {
      if (catches.length === 0) found.error(el.line, 'process.link', `${title(el)} throws the link "${el.link ?? ''}", which nothing in ${where} catches`, 'draw a catching link event with this name on the same level, or draw the flow itself')
      const out = (process.index.outgoing[el.id] ?? [])[0]
      if (out) found.error(el.line, 'process.link', `flow ${out} leaves the throwing link event ${title(el)}, which goes on at its catch`, 'remove the flow, or the link')
      continue
    }
    if (catches[0] !== el) found.error(el.line, 'process.link', `${title(el)} catches the link "${el.link ?? ''}" a second time in ${where}, after ${catches[0]?.id ?? ''}`, 'keep one catching event per name')
    if (same.length === catches.length) found.error(el.line, 'process.link', `${title(el)} catches the link "${el.link ?? ''}", which nothing in ${where} throws`, 'draw a throwing link event with this name on the same level, or delete it')
    const into = (process.index.incoming[el.id] ?? [])[0]
    if (into) found.error(el.line, 'process.link', `flow ${into} leads to the catching link event ${title(el)}, which begins by its throw`, 'lead the flow to the element after it')
  }
}

/** Only a message has a receiver. */
export function lintReceivers({ elements, found }: Lint): void {
  for (const el of elements)
    if (el.to !== undefined && el.type !== 'sendTask' && el.event !== 'message') found.warn(el.line, 'process.receiver', `${title(el)} has certflow:to, but ${el.event === 'none' ? 'an event without definition sends nothing' : `${/^[aeiou]/.test(el.event ?? '') ? 'an' : 'a'} ${el.event ?? ''} event has no receiver`}`, 'remove it, or throw a message')
}

/** An escalation may go unheard, an ear that nothing reaches is a mistake. */
export function lintEscalations(lint: Lint): void {
  const { process, elements, found } = lint
  const thrown = elements.filter(e => isThrow(e, 'escalation'))
  const caught = elements.filter(e => e.event === 'escalation' && !isThrow(e, 'escalation'))
  const hears = (ear: ElementInfo, el: ElementInfo): boolean => (ear.escalationCode === undefined || ear.escalationCode === el.escalationCode) && inReach(lint, ear, el)
  for (const el of thrown)
    if (!caught.some(ear => hears(ear, el))) found.warn(el.line, 'process.uncaughtEscalation', `nothing catches the escalation "${el.escalationCode ?? ''}" of ${title(el)}: the process goes on, the history keeps it`, 'draw an escalation boundary event with this code on an enclosing sub-process, or an event sub-process that begins by it')
  for (const ear of caught)
    if (!thrown.some(el => hears(ear, el))) found.warn(ear.line, 'process.escalationNotThrown', `${title(ear)} waits for the escalation "${ear.escalationCode ?? 'any'}", which nothing in ${process.elements[watched(lint, ear) ?? '']?.id ?? 'the process'} throws`, 'throw it with an escalation event in there, or delete it')
}

/** The scope an ear listens to: the host of a boundary, what surrounds an event sub-process ("" = the process). */
function watched({ process }: Lint, ear: ElementInfo): string | undefined {
  return ear.attachedTo ?? process.elements[ear.scope ?? '']?.scope
}

function inReach(lint: Lint, ear: ElementInfo, el: ElementInfo): boolean {
  const { elements } = lint.process
  const scope = watched(lint, ear)
  let from: string | undefined = el.scope
  // an event sub-process of that very scope is not heard by its siblings
  for (; from !== undefined && from !== scope; from = elements[from]?.scope)
    if (ear.attachedTo === undefined && elements[from]?.type === 'eventSubProcess' && elements[from]?.scope === scope) return false
  return from === scope
}
