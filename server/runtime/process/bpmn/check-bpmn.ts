import type { Findings } from './finding.ts'
import { saidHere } from './foreign.ts'
import { attributeOf, called, idOf, type SourceNode } from './source.ts'
import { BPMN_ATTRIBUTES, BPMN_URI, CERTFLOW_URI, DRAWN, EVENTS, INSTEAD, NEUTRAL, NODES, STRUCTURE, TASK_ATTRIBUTES } from './vocabulary.ts'

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** BPMN as written: elements and attributes that Certflow reads, and a finding for each that it does not. */
export function checkBpmn(node: SourceNode, found: Findings): void {
  const { local } = node
  if (!NODES.has(local) && !STRUCTURE.has(local) && !DRAWN.has(local)) {
    found.error(node.line, 'bpmn.notSupported', `<${local}>${idOf(node) ? ` ${idOf(node)}` : ''} is not supported yet`, INSTEAD[local] ?? 'remove it, or draw it with the elements listed in docs/definition-language/workflows.md')
    return
  }
  if (DRAWN.has(local)) return
  if ((NODES.has(local) || local === 'sequenceFlow' || local === 'process') && !idOf(node))
    found.error(node.line, 'bpmn.noId', `<${local}> has no id`, 'give it an id that says what it is, e.g. id="review"')
  checkAttributes(node, found)
  checkEvents(node, found)
}

function checkAttributes(node: SourceNode, found: Findings): void {
  const known = BPMN_ATTRIBUTES[node.local] ?? TASK_ATTRIBUTES
  for (const a of node.attributes) {
    if (a.uri === CERTFLOW_URI || a.uri === XMLNS || a.uri === XSI || a.prefix === 'xmlns' || a.local === 'xmlns') continue
    if (a.uri !== '') {
      if (node.local !== 'definitions') found.warn(a.line, 'bpmn.foreign', `attribute ${a.prefix}:${a.local} on ${idOf(node) ?? node.local} belongs to another tool and has no effect here`, saidHere(a.local, node.local))
    } else if (NEUTRAL[a.local] !== undefined && !known.includes(a.local)) {
      if (a.value !== NEUTRAL[a.local]) found.error(a.line, 'bpmn.notSupported', `${a.local}="${a.value}" on ${idOf(node) ?? node.local} is not supported yet`, `leave ${a.local} out`)
    } else if (!known.includes(a.local)) {
      found.error(a.line, 'bpmn.attribute', `<${node.local}> ${idOf(node) ?? ''} has the attribute "${a.local}", which is not read`, hint(a.local, known))
    }
  }
}

const hint = (name: string, known: string[]): string =>
  ['role', 'label', 'form', 'status', 'operation', 'rule', 'text'].includes(name) ? `write certflow:${name}` : `remove it; known here: ${known.join(', ')}`

const EVENT_OF = (child: SourceNode): string | null => (child.uri === BPMN_URI && child.local.endsWith('EventDefinition') ? child.local.replace('EventDefinition', '') : null)

function checkEvents(node: SourceNode, found: Findings): void {
  const inEventSub = node.parent?.local === 'subProcess' && attributeOf(node.parent, 'triggeredByEvent')?.value === 'true'
  const inSub = node.parent?.local === 'subProcess' && !inEventSub
  const key = node.local === 'startEvent' && inEventSub ? 'eventStart' : node.local
  const allowed = inSub && node.local === 'startEvent' ? ['none'] : EVENTS[key]
  if (!allowed) return
  const kinds = node.children.map(EVENT_OF).filter(k => k !== null)
  if (kinds.length > 1) found.error(node.line, 'bpmn.notSupported', `${called(node)} has ${kinds.length} event definitions (${kinds.join(', ')}); one event with several is not supported yet`, 'draw one event each')
  const kind = kinds[0] ?? 'none'
  if (!allowed.includes(kind) && !INSTEAD[`${kind}EventDefinition`])
    found.error(node.line, 'bpmn.notSupported', `${kind === 'none' ? 'an event without definition' : `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} event`} is not supported yet on <${node.local}> ${idOf(node) ?? ''}${inEventSub ? ' of an event sub-process' : inSub ? ' of a sub-process' : ''}`, `use one of: ${allowed.join(', ')}`)
}
