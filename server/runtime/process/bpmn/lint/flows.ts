import type { ElementInfo } from '../../core/types.ts'
import { isWait, outgoing, title, type Lint } from './context.ts'
import { asksOutcomeOnly } from '../../core/outcome-test.ts'

/** Conditions and defaults where tokens choose. */
export function lintChoices(lint: Lint): void {
  const { elements, found } = lint
  for (const el of elements) {
    const outs = outgoing(lint, el.id)
    const conditional = outs.filter(f => f.condition !== undefined)
    const fallback = outs.find(f => f.isDefault)
    if (el.type === 'parallelGateway' || el.type === 'eventBasedGateway') {
      for (const f of conditional) found.error(f.line, 'process.condition', `${f.id} has a condition, but ${title(el)} is a ${el.type} and never asks it`, 'use an exclusive or inclusive gateway, or remove the condition')
      if (el.type === 'eventBasedGateway') lintEventGateway(lint, el.id)
      continue
    }
    if (fallback?.condition !== undefined) found.error(fallback.line, 'process.default', `the default flow ${fallback.id} of ${title(el)} has a condition, which is never asked`, 'remove the condition, or the default mark')
    if (el.type === 'exclusiveGateway' && outs.length > 1)
      for (const f of outs) if (f.condition === undefined && !f.isDefault) found.error(f.line, 'process.condition', `${f.id} leaves ${title(el)} without condition: what follows it in the file is never taken`, `write a condition, or make it the default: default="${f.id}"`)
    const open = conditional.length > 0 && conditional.length === outs.length
    if (open && !conditional.every(f => asksOutcomeOnly(f.condition ?? ''))) found.warn(el.line, 'process.missingDefault', `${title(el)} has no default flow: a record for which no condition holds stops there with an incident`, 'mark one flow as default')
    if (el.type === 'inclusiveGateway') lintInclusive(lint, el, outs.length)
  }
}

function lintInclusive({ process, found }: Lint, el: ElementInfo, outs: number): void {
  const ins = (process.index.incoming[el.id] ?? []).length
  if (outs < 2 && ins < 2) found.warn(el.line, 'process.inclusive', `inclusive gateway ${title(el)} has one way in and one way out: it neither splits nor joins`, 'remove it, or draw the flows that are missing')
}

function lintEventGateway(lint: Lint, id: string): void {
  const { process, found } = lint
  for (const f of outgoing(lint, id)) {
    const target = process.elements[f.target]
    if (target?.type !== 'intermediateCatchEvent') found.error(f.line, 'process.eventGateway', `${f.id} leads from the event-based gateway ${id} to ${f.target}, which is no event to wait for`, 'lead it to an intermediate catch event')
    else if ((process.index.incoming[target.id] ?? []).length > 1) found.error(target.line, 'process.eventGateway', `${title(target)} stands behind the event-based gateway ${id} and has another incoming flow`, 'give it only the flow from the gateway')
    if (f.effects.length > 0) found.error(f.line, 'process.effectPlace', `${f.id} carries effects, but flows out of an event-based gateway are not taken, only waited behind`, 'write the effects on the flow after the event')
  }
}

/** Around a wait the flow says which way was taken; the element does not, unless it runs for each of several. */
export function lintEffectPlaces({ elements, found }: Lint): void {
  for (const el of elements)
    if (isWait(el) && !el.loop && el.effects.length > 0) found.warn(el.line, 'process.effectPlace', `${title(el)} is a wait and carries effects, which run after every outcome alike`, 'write them on the flow of the outcome they belong to')
}
