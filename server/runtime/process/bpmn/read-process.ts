import type { ModdleElement } from 'bpmn-moddle'
import type { ElementInfo, ElementType, FlowInfo } from '../core/types.ts'
import type { Findings } from './finding.ts'
import type { ProcessGraph } from './graph.ts'
import { present, readCertflow, readEffects, readMoves } from './read-extensions.ts'
import { readEvent } from './read-event.ts'
import { readLoop } from './read-loop.ts'
import { attributeOf, textsOf, type SourceNode } from './source.ts'
import { NODES } from './vocabulary.ts'

interface Reading { graph: ProcessGraph; nodes: Map<string, SourceNode>; found: Findings }

const localName = (el: ModdleElement): string => { const n = el.$type.replace('bpmn:', ''); return n.charAt(0).toLowerCase() + n.slice(1) }
const refId = (value: unknown): string => (value as ModdleElement | undefined)?.id ?? ''

/** One <bpmn:process> as a flat graph; what is wrong with it is in `found`. */
export function readProcess(process: ModdleElement, nodes: Map<string, SourceNode>, file: string, drawn: string[], found: Findings): ProcessGraph {
  const id = process.id ?? ''
  const graph: ProcessGraph = { id, name: process.name ?? '', file, elements: {}, flows: {}, drawn, texts: {}, line: nodes.get(id)?.line ?? 1 }
  const own = nodes.get(id)
  const moves = own && readMoves(own)
  if (moves) graph.moves = moves
  readLevel({ graph, nodes, found }, process, undefined)
  return graph
}

function readLevel(reading: Reading, container: ModdleElement, scope: string | undefined): void {
  const elements = (container.flowElements as ModdleElement[] | undefined) ?? []
  for (const el of elements) {
    const node = el.id === undefined ? undefined : reading.nodes.get(el.id)
    if (!node || !el.id) continue
    if (reading.graph.texts) reading.graph.texts[el.id] = textsOf(node)
    if (NODES.has(localName(el))) reading.graph.elements[el.id] = readElement(reading, el, node, scope)
    if (el.flowElements) readLevel(reading, el, el.id)
  }
  for (const el of elements) {
    const node = el.id === undefined ? undefined : reading.nodes.get(el.id)
    if (node && el.id && el.$type === 'bpmn:SequenceFlow') readFlow(reading, el, node, scope)
  }
}

/** A compensation event and its handler are joined by an association, drawn in either direction. */
function handlerOf(nodes: Map<string, SourceNode>, event: SourceNode): string | undefined {
  if (!event.children.some(c => c.local === 'compensateEventDefinition')) return undefined
  const id = attributeOf(event, 'id')?.value
  for (const n of nodes.values()) {
    if (n.local !== 'association') continue
    const [from, to] = [attributeOf(n, 'sourceRef')?.value, attributeOf(n, 'targetRef')?.value]
    if (from === id && to !== undefined) return to
    if (to === id && from !== undefined) return from
  }
  return undefined
}

function readElement({ found, nodes }: Reading, el: ModdleElement, node: SourceNode, scope: string | undefined): ElementInfo {
  const type = localName(el) as ElementType
  const isEvent = type.endsWith('Event') || type === 'receiveTask'
  const called = el.calledElement
  const fallback = el.default as ModdleElement | undefined
  if (fallback?.id !== undefined && refId(fallback.sourceRef) !== el.id)
    found.error(node.line, 'bpmn.reference', `${el.id}: default="${fallback.id}" is a flow that does not leave it`, 'name one of its own outgoing flows, or leave default out')
  return present({
    id: el.id ?? '', name: el.name ?? '', type: type === 'subProcess' && el.triggeredByEvent === true ? 'eventSubProcess' as const : type,
    ...readCertflow(node),
    ...(isEvent ? readEvent(el, node.line, found) : {}),
    calledElement: typeof called === 'string' ? called : undefined,
    attachedTo: type === 'boundaryEvent' ? refId(el.attachedToRef) : undefined,
    loop: readLoop(node, found), forCompensation: el.isForCompensation === true ? true : undefined, handler: type === 'boundaryEvent' ? handlerOf(nodes, node) : undefined,
    interrupting: type === 'boundaryEvent' ? el.cancelActivity !== false : type === 'startEvent' ? el.isInterrupting !== false : undefined,
    scope, line: node.line,
  })
}

function readFlow({ graph, nodes, found }: Reading, el: ModdleElement, node: SourceNode, scope: string | undefined): void {
  const id = el.id ?? ''
  const [source, target] = [refId(el.sourceRef), refId(el.targetRef)]
  const missing = (['sourceRef', 'targetRef'] as const).filter(ref => !attributeOf(node, ref)?.value)
  for (const ref of missing) found.error(node.line, 'bpmn.reference', `flow ${id} has no ${ref}`, `write ${ref}="<id>"`)
  if (missing.length > 0) return
  const inScope = (end: string): boolean => graph.elements[end] !== undefined && graph.elements[end].scope === scope
  if (!inScope(source) || !inScope(target)) {
    const wrong = inScope(source) ? ['targetRef', target] : ['sourceRef', source]
    // References to nothing and to unsupported elements are reported already; one that leaves its sub-process is only seen here.
    if (wrong[1] && NODES.has(nodes.get(wrong[1])?.local ?? '')) found.error(node.line, 'bpmn.flowLeavesScope', `flow ${id}: ${wrong[0]} "${wrong[1]}" is not a task, event or gateway of the same (sub-)process`, 'connect elements of one level; leave a sub-process by its own flow or by a boundary event')
    return
  }
  const condition = (el.conditionExpression as ModdleElement | undefined)?.body
  const from = el.sourceRef as ModdleElement
  const flow: FlowInfo = present({
    id, source, target, condition: typeof condition === 'string' && condition.trim() !== '' ? condition.trim() : undefined,
    isDefault: refId(from.default) === id, effects: readEffects(node), line: node.line,
  })
  graph.flows[id] = flow
}
