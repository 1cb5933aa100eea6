import { indexJoins } from './reach.ts'
import type { EffectDef, ElementInfo, FlowInfo, ProcessIndex } from './types.ts'

interface Graph { elements: Record<string, ElementInfo>; flows: Record<string, FlowInfo> }
const push = (map: Record<string, string[]>, key: string, value: string): void => { (map[key] ??= []).push(value) }

/** Where a token rests by itself, whatever the data. */
const alwaysRests = (el: ElementInfo): boolean =>
  el.type === 'userTask' || el.type === 'serviceTask' || el.type === 'receiveTask' || el.type === 'eventBasedGateway' ||
  (el.type === 'intermediateCatchEvent' && el.event !== 'conditional' && el.event !== 'link')

/** Whoever catches it may ask anything. */
const throwsEscalation = (el: ElementInfo): boolean => (el.event === 'escalation' || el.event === 'error') && (el.type === 'endEvent' || el.type === 'intermediateThrowEvent')

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
  if (el.type === 'businessRuleTask' || throwsEscalation(el)) return true
  if (el.type !== 'subProcess' && asksOnLeaving(graph, index, id, seen)) return true
  return (index.starts[id] ?? []).some(s => asksFrom(graph, index, s, seen))
}

function asksOnLeaving(graph: Graph, index: ProcessIndex, id: string, seen: Set<string>): boolean {
  const outs = (index.outgoing[id] ?? []).map(f => graph.flows[f]).filter(f => f !== undefined)
  const el = graph.elements[id]
  if (el?.loop) return true
  if (el && throwsEscalation(el)) return true
  const link = index.links[id]
  if (link !== undefined) return asksFrom(graph, index, link, seen)
  const scope = el?.scope
  if (outs.length === 0 && scope) return asksOnLeaving(graph, index, scope, seen)
  return outs.some(f => f.condition !== undefined || asksFrom(graph, index, f.target, seen))
}

/** Builds every look-up once; `asks` is kept for elements (leaving them) and flows (arriving at their target). */
export function buildIndex(graph: Graph): ProcessIndex {
  const index: ProcessIndex = { outgoing: {}, incoming: {}, boundaries: {}, starts: {}, eventStarts: {}, ordinal: {}, size: 0, links: {}, joins: {}, undo: {}, asks: {} }
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
  indexLinks(graph, index)
  indexJoins(graph, index)
  // Any token that moves, ends or is taken away may let an inclusive join go on: if that asks, all that moves must be written first.
  if (Object.keys(index.joins).some(id => asksOnLeaving(graph, index, id, new Set()))) {
    for (const id of [...Object.keys(graph.elements), ...Object.keys(graph.flows)]) index.asks[id] = true
    return index
  }
  for (const id of Object.keys(graph.elements)) if (asksOnLeaving(graph, index, id, new Set())) index.asks[id] = true
  for (const flow of Object.values(graph.flows)) if (asksFrom(graph, index, flow.target, new Set())) index.asks[flow.id] = true
  return index
}

/** A throwing link goes on at the catching one of the same name in its own scope; lint refuses what does not pair. */
function indexLinks(graph: Graph, index: ProcessIndex): void {
  const links = Object.values(graph.elements).filter(e => e.event === 'link')
  for (const thrown of links.filter(e => e.type === 'intermediateThrowEvent')) {
    const caught = links.find(e => e.type === 'intermediateCatchEvent' && e.link === thrown.link && e.scope === thrown.scope)
    if (caught) index.links[thrown.id] = caught.id
  }
}

/** Effects on nothing but the record itself may go with the step; all others may be a long job. */
export const reachesBeyond = (effects: EffectDef[]): boolean =>
  effects.some(e => e.kind === 'make' || e.entity !== undefined || e.rows !== undefined || e.draw !== undefined)
