import type { EffectDef, ElementInfo, FlowInfo, ProcessIndex } from './types.ts'

interface Graph { elements: Record<string, ElementInfo>; flows: Record<string, FlowInfo> }
const push = (map: Record<string, string[]>, key: string, value: string): void => { (map[key] ??= []).push(value) }

/** Where a token rests by itself, whatever the data. */
const alwaysRests = (el: ElementInfo): boolean =>
  el.type === 'userTask' || el.type === 'serviceTask' || el.type === 'receiveTask' || el.type === 'eventBasedGateway' ||
  (el.type === 'intermediateCatchEvent' && el.event !== 'conditional')

/** Does entering `id` lead to a question (condition, rule, output) before every token rests? */
function asksFrom(graph: Graph, index: ProcessIndex, id: string, seen: Set<string>): boolean {
  const el = graph.elements[id]
  if (!el || seen.has(id)) return false
  seen.add(id)
  if (el.loop) return true
  const events = [...(index.boundaries[id] ?? []), ...(index.eventStarts[id] ?? [])]
  if (el.event === 'conditional' || events.some(e => graph.elements[e]?.event === 'conditional')) return true
  const outs = (index.outgoing[id] ?? []).map(f => graph.flows[f]).filter(f => f !== undefined)
  if (el.type === 'eventBasedGateway') return outs.some(f => graph.elements[f.target]?.event === 'conditional')
  if (alwaysRests(el)) return false
  if (el.type === 'businessRuleTask') return true
  if (el.type !== 'subProcess' && asksOnLeaving(graph, index, id, seen)) return true
  return (index.starts[id] ?? []).some(s => asksFrom(graph, index, s, seen))
}

function asksOnLeaving(graph: Graph, index: ProcessIndex, id: string, seen: Set<string>): boolean {
  const outs = (index.outgoing[id] ?? []).map(f => graph.flows[f]).filter(f => f !== undefined)
  const scope = graph.elements[id]?.scope
  if (graph.elements[id]?.loop) return true
  if (outs.length === 0 && scope) return asksOnLeaving(graph, index, scope, seen)
  return outs.some(f => f.condition !== undefined || asksFrom(graph, index, f.target, seen))
}

/** Builds every look-up once; `asks` is kept for elements (leaving them) and flows (arriving at their target). */
export function buildIndex(graph: Graph): ProcessIndex {
  const index: ProcessIndex = { outgoing: {}, incoming: {}, boundaries: {}, starts: {}, eventStarts: {}, ordinal: {}, size: 0, undo: {}, asks: {} }
  for (const el of Object.values(graph.elements)) {
    index.ordinal[el.id] = ++index.size
    if (el.event === 'compensate' && el.attachedTo && el.handler) index.undo[el.attachedTo] = el.handler
    if (el.attachedTo) push(index.boundaries, el.attachedTo, el.id)
    if (el.type !== 'startEvent') continue
    const host = el.scope ? graph.elements[el.scope] : undefined
    push(index.starts, el.scope ?? '', el.id)
    if (host?.type === 'eventSubProcess') push(index.eventStarts, host.scope ?? '', el.id)
  }
  for (const flow of Object.values(graph.flows)) {
    push(index.outgoing, flow.source, flow.id)
    push(index.incoming, flow.target, flow.id)
  }
  for (const id of Object.keys(graph.elements)) if (asksOnLeaving(graph, index, id, new Set())) index.asks[id] = true
  for (const flow of Object.values(graph.flows)) if (asksFrom(graph, index, flow.target, new Set())) index.asks[flow.id] = true
  return index
}

/** Effects on nothing but the record itself may go with the step; all others may be a long job. */
export const reachesBeyond = (effects: EffectDef[]): boolean =>
  effects.some(e => e.kind === 'make' || e.entity !== undefined || e.rows !== undefined || e.draw !== undefined)
