import type { ModdleElement } from 'bpmn-moddle'
import type { ElementInfo, EventKind } from '../core/types.ts'
import type { Findings } from './finding.ts'

const bodyOf = (value: unknown): string => String((value as ModdleElement | undefined)?.body ?? '').trim()
const nameOf = (value: unknown): string | undefined => (value as ModdleElement | undefined)?.name
const TIMERS = { timeDate: 'date', timeDuration: 'duration', timeCycle: 'cycle' } as const

/** ISO texts, as BPMN tools write them, mean the FEEL value they spell; everything else is FEEL already. */
export function timerExpression(kind: 'date' | 'duration' | 'cycle', text: string): string {
  if (kind === 'cycle' && /^R\d*\/.+$/.test(text)) return `"${text}"`
  if (/^P[\dT][\dA-Z.]*$/.test(text)) return `duration("${text}")`
  if (/^\d{4}-\d{2}-\d{2}T[\d:.+Z-]+$/.test(text)) return `date and time("${text}")`
  return text
}

/** The event definition of an event, or the message of a receive task. */
export function readEvent(el: ModdleElement, line: number, found: Findings): Partial<ElementInfo> {
  const definition = (el.eventDefinitions as ModdleElement[] | undefined)?.[0]
  const missing = (what: string, fix: string): void => found.error(line, 'bpmn.missing', `${el.id} has no ${what}`, fix)
  if (el.$type === 'bpmn:ReceiveTask') {
    if (!nameOf(el.messageRef)) missing('message name', 'refer to a <bpmn:message name="…"> with messageRef')
    return { event: 'message', message: nameOf(el.messageRef) ?? '' }
  }
  if (!definition) return { event: 'none' }
  const kind = definition.$type.replace('bpmn:', '').replace('EventDefinition', '').toLowerCase() as EventKind
  switch (kind) {
    case 'message':
      if (!nameOf(definition.messageRef)) missing('message name', 'refer to a <bpmn:message name="…"> with messageRef')
      return { event: kind, message: nameOf(definition.messageRef) ?? '' }
    case 'signal':
      if (!nameOf(definition.signalRef)) missing('signal name', 'refer to a <bpmn:signal name="…"> with signalRef')
      return { event: kind, signal: nameOf(definition.signalRef) ?? '' }
    case 'error': {
      const code = (definition.errorRef as ModdleElement | undefined)?.errorCode
      return { event: kind, ...(typeof code === 'string' && code !== '' ? { errorCode: code } : {}) }
    }
    case 'compensate': {
      const ref = (definition.activityRef as ModdleElement | undefined)?.id
      return { event: kind, ...(ref ? { activityRef: ref } : {}) }
    }
    case 'escalation': {
      const escalation = definition.escalationRef as ModdleElement | undefined
      const code = typeof escalation?.escalationCode === 'string' && escalation.escalationCode !== '' ? escalation.escalationCode : escalation?.name
      const throws = el.$type === 'bpmn:EndEvent' || el.$type === 'bpmn:IntermediateThrowEvent'
      if (throws && !code) missing('escalation', 'refer to a <bpmn:escalation escalationCode="…"> with escalationRef')
      return { event: kind, ...(code ? { escalationCode: code } : {}) }
    }
    case 'link':
      if (!definition.name) missing('link name', 'write <bpmn:linkEventDefinition name="…"/>, the same name at the other end')
      return { event: kind, link: definition.name ?? '' }
    case 'conditional': {
      if (bodyOf(definition.condition) === '') missing('condition', 'write <bpmn:condition> with a FEEL expression')
      return { event: kind, condition: bodyOf(definition.condition) }
    }
    case 'timer': {
      const given = (Object.keys(TIMERS) as (keyof typeof TIMERS)[]).filter(k => bodyOf(definition[k]) !== '')
      const first = given[0]
      if (!first || given.length > 1) { missing('single time', 'write exactly one of <bpmn:timeDate>, <bpmn:timeDuration>, <bpmn:timeCycle> with a FEEL expression'); return { event: kind } }
      return { event: kind, timer: { kind: TIMERS[first], expr: timerExpression(TIMERS[first], bodyOf(definition[first])) } }
    }
    default: return { event: kind }
  }
}
