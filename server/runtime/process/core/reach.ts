import type { ElementInfo, FlowInfo, ProcessIndex } from './types.ts'

interface Graph { elements: Record<string, ElementInfo>; flows: Record<string, FlowInfo> }

/** Where a token may have stood one step before it stood at `id`: over flows, links, and from the host of a boundary event. */
function before(graph: Graph, index: ProcessIndex, id: string): string[] {
  const el = graph.elements[id]
  const flows = (index.incoming[id] ?? []).map(f => graph.flows[f]?.source ?? '')
  const links = Object.keys(index.links).filter(thrown => index.links[thrown] === id)
  return [...flows, ...links, ...(el?.attachedTo === undefined ? [] : [el.attachedTo])]
}

/** Elements from which a token can come over `flow`; `join` itself may be one of them, but no way leads through it. */
function sources(graph: Graph, index: ProcessIndex, join: string, flow: string): string[] {
  const found = new Set<string>()
  const open = [graph.flows[flow]?.source ?? '']
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === '' || found.has(id)) continue
    found.add(id)
    if (id !== join) open.push(...before(graph, index, id))
  }
  return [...found].sort()
}

/** Fills `index.joins` for every inclusive gateway with several incoming flows. */
export function indexJoins(graph: Graph, index: ProcessIndex): void {
  for (const el of Object.values(graph.elements)) {
    const incoming = index.incoming[el.id] ?? []
    if (el.type !== 'inclusiveGateway' || incoming.length < 2) continue
    index.joins[el.id] = Object.fromEntries(incoming.map(flow => [flow, sources(graph, index, el.id, flow)]))
  }
}
