import type { ElementInfo, FlowInfo } from '../core/types.ts'
import type { ProcessGraph } from './graph.ts'

export type Resolve = (calledElement: string) => ProcessGraph | undefined
interface Parts { elements: Record<string, ElementInfo>; flows: Record<string, FlowInfo> }

/** Puts called processes in the place of call activities; a call in a circle is left as it is, for lint to refuse. */
export function inlineCalls(graph: ProcessGraph, resolve: Resolve, path: string[] = [graph.id]): Parts {
  const parts: Parts = { elements: {}, flows: { ...graph.flows } }
  for (const el of Object.values(graph.elements)) {
    const called = el.type === 'callActivity' && el.calledElement !== undefined ? resolve(el.calledElement) : undefined
    if (!called || path.includes(called.id)) { parts.elements[el.id] = el; continue }
    parts.elements[el.id] = { ...el, type: 'subProcess' }
    const inner = inlineCalls(called, resolve, [...path, called.id])
    const name = (id: string): string => `${el.id}/${id}`
    for (const e of Object.values(inner.elements)) parts.elements[name(e.id)] = {
      ...e, id: name(e.id), scope: e.scope === undefined ? el.id : name(e.scope), line: el.line, origin: e.origin ?? { file: called.file, line: e.line },
      ...(e.attachedTo === undefined ? {} : { attachedTo: name(e.attachedTo) }), ...(e.handler === undefined ? {} : { handler: name(e.handler) }), ...(e.notBy === undefined ? {} : { notBy: e.notBy.map(n => (n === 'initiator' ? n : name(n))) }),
      ...(e.moves === undefined ? {} : { moves: e.moves.map(m => (m.to === undefined ? m : { ...m, to: m.to.map(t => (t === '*' || t === 'initiator' ? t : name(t))) })) }),
      ...(e.activityRef === undefined ? {} : { activityRef: name(e.activityRef) }),
    }
    for (const f of Object.values(inner.flows)) parts.flows[name(f.id)] = { ...f, id: name(f.id), source: name(f.source), target: name(f.target), line: el.line, origin: f.origin ?? { file: called.file, line: f.line } }
  }
  return parts
}
