import { FRESH, type Run, type WorkToken } from './run.ts'
import type { CompiledProcess, Effect, Marking, ScopeState } from './types.ts'

interface Placed { marking: Marking; ids: Map<number, number> }

/** How a token stands, without any id: equal texts mean interchangeable tokens. */
function standing(token: WorkToken, inside: Map<number, WorkToken[]>): string {
  const inner = (inside.get(token.id) ?? []).map(t => standing(t, inside)).sort()
  return `${token.at}|${token.nth === undefined ? '' : `#${String(token.nth).padStart(6, '0')}`}|${token.note ?? ''}|${[...token.fired].sort().join(',')}|${inner.length > 0 ? `[${inner.join(';')}]` : ''}`
}

/** Ids of one element's tokens: ordinal, ordinal + size, … Interchangeable tokens keep theirs where they can. */
function numberGroup(group: WorkToken[], keys: Map<WorkToken, string>, base: number, size: number, ids: Map<number, number>): void {
  const slots = group.map((_, k) => base + k * size)
  for (let from = 0; from < group.length;) {
    let to = from
    while (to < group.length && keys.get(group[to] as WorkToken) === keys.get(group[from] as WorkToken)) to++
    const alike = group.slice(from, to)
    const free = new Set(slots.slice(from, to))
    for (const t of alike) if (free.delete(t.id)) ids.set(t.id, t.id)
    const rest = [...free]
    for (const t of alike) if (!ids.has(t.id)) ids.set(t.id, rest.shift() ?? 0)
    from = to
  }
}

/** The marking in its one canonical form, and old or fresh id -> id. */
export function place(process: CompiledProcess, tokens: WorkToken[], rootFired: string[], ended: boolean): Placed {
  const ids = idsOf(process, tokens)
  return { marking: assemble(process, tokens, ids, rootFired, ended), ids }
}

function idsOf(process: CompiledProcess, tokens: WorkToken[]): Map<number, number> {
  const ids = new Map<number, number>()
  const [only] = tokens
  // by far the most instances have one token
  if (only && tokens.length === 1) return ids.set(only.id, process.index.ordinal[only.at] ?? 0)
  const inside = new Map<number, WorkToken[]>()
  for (const t of tokens) inside.set(t.scope, [...(inside.get(t.scope) ?? []), t])
  const byElement = new Map<string, WorkToken[]>()
  for (const t of tokens) byElement.set(t.at, [...(byElement.get(t.at) ?? []), t])
  // Hosts first: what stands inside a scope is ordered by the scope's final id.
  for (const [at, group] of [...byElement].sort(([a], [b]) => depth(process, a) - depth(process, b))) {
    let base = process.index.ordinal[at] ?? 0
    for (const layer of layersOf(group)) {
      const keys = new Map(layer.length > 1 ? layer.map(t => [t, `${String(ids.get(t.scope) ?? 0).padStart(9, '0')}#${standing(t, inside)}`] as const) : [])
      if (layer.length > 1) layer.sort((a, b) => compare(keys.get(a) ?? '', keys.get(b) ?? '') || a.id - b.id)
      numberGroup(layer, keys, base, process.index.size, ids)
      base += layer.length * process.index.size
    }
  }
  return ids
}

/** What holds a loop comes before its runs, and a task before those who sign it: they stand at the same element. */
function layersOf(group: WorkToken[]): WorkToken[][] {
  if (group.every(t => t.nth === undefined)) return [group]
  const layers: WorkToken[][] = []
  let rest = group
  while (rest.length > 0) {
    const left = rest
    const layer = left.filter(t => !left.some(h => h.id === t.scope))
    layers.push(layer)
    rest = left.filter(t => !layer.includes(t))
  }
  return layers
}

function depth(process: CompiledProcess, at: string): number {
  let n = 0
  for (let scope = process.elements[at]?.scope; scope !== undefined; scope = process.elements[scope]?.scope) n++
  return n
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function assemble(process: CompiledProcess, tokens: WorkToken[], ids: Map<number, number>, rootFired: string[], ended: boolean): Marking {
  const id = (n: number): number => (n === 0 ? 0 : ids.get(n) ?? n)
  const list = tokens.map(t => ({ id: id(t.id), at: t.at, scope: id(t.scope), ...(t.note ? { note: t.note } : {}), ...(t.nth === undefined ? {} : { nth: t.nth }) })).sort((a, b) => a.id - b.id)
  const scopes: ScopeState[] = list
    .filter(t => { const type = process.elements[t.at]?.type; return type === 'eventSubProcess' || (type === 'subProcess' && list.some(i => i.scope === t.id)) })
    .map(t => ({ id: t.id, parent: t.scope, element: t.at }))
  const fired = ended ? [] : [...rootFired.map(element => ({ token: 0, element })), ...tokens.flatMap(t => t.fired.map(element => ({ token: id(t.id), element })))]
    .sort((a, b) => a.token - b.token || compare(a.element, b.element))
  return { tokens: list, scopes, next: 1 + Math.max(0, ...list.map(t => t.id)), ...(ended ? { ended } : {}), ...(fired.length > 0 ? { fired } : {}) }
}

const opens = (e: Effect): boolean => e.kind === 'createTask' || e.kind === 'armTimer' || e.kind === 'callOperation'
const closes = (e: Effect): boolean => e.kind === 'cancelTask' || e.kind === 'dropIncident' || e.kind === 'cancelTimer' || e.kind === 'abandon' || e.kind === 'completeTask'

/** Effects with final ids. What a token that is gone again had opened or closed within the step is left out. */
export function settleEffects(effects: Effect[], ids: Map<number, number>): Effect[] {
  const settled: Effect[] = []
  for (const e of effects) {
    if (!('token' in e) || e.token === 0) { settled.push(e); continue }
    if (closes(e)) { if (e.token < FRESH) settled.push(e); continue }
    const id = ids.get(e.token)
    if (id !== undefined) settled.push({ ...e, token: id })
    else if (!opens(e) && e.kind === 'apply') settled.push({ ...e, token: 0, wait: false })
  }
  return settled
}

/** Old tokens that stay where they were under another id; joins are nobody's business but ours. */
export function renumberings(run: Run, ids: Map<number, number>): { from: number; to: number }[] {
  return run.tokens
    .filter(t => t.id < FRESH && ids.get(t.id) !== t.id && !t.note?.startsWith('by:'))
    .map(t => ({ from: t.id, to: ids.get(t.id) ?? t.id }))
}
