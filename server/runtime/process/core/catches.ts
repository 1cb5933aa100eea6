import { elementOf } from './run.ts'
import type { CompiledProcess, ElementInfo, Token } from './types.ts'

/** One event that is being listened for, and the token (0 = the instance) that holds the ear open. */
export interface Catch { token: number; event: ElementInfo; how: 'direct' | 'gateway' | 'boundary' | 'scope' | 'start' }
interface Held { process: CompiledProcess; tokens: (Token & { fired: string[] })[]; rootFired: string[]; ended?: boolean }

const isActivity = (el: ElementInfo): boolean => el.type.endsWith('Task') || el.type === 'task' || el.type === 'subProcess'

/** An activity goes on while its job runs or has failed, not once its outcome is known. */
const hostIsOpen = (token: Token): boolean => token.note === undefined || token.note === 'loop' || token.note === 'sign' || token.note.replace('!', '').startsWith('failed')

function boundaryCatches(held: Held, token: Token & { fired: string[] }): Catch[] {
  // the boundary belongs to the loop as a whole, not to each of its runs
  if (token.nth !== undefined) return []
  return (held.process.index.boundaries[token.at] ?? [])
    .filter(id => !token.fired.includes(id))
    .map(id => ({ token: token.id, event: elementOf(held, id), how: 'boundary' as const }))
}

/** Events the token itself listens for: its own, those behind its gateway, those on its boundary. */
export function tokenCatches(held: Held, token: Token & { fired: string[] }): Catch[] {
  const el = elementOf(held, token.at)
  if (isActivity(el) && hostIsOpen(token)) {
    const own = el.type === 'receiveTask' && token.note === undefined ? [{ token: token.id, event: el, how: 'direct' as const }] : []
    return [...own, ...boundaryCatches(held, token), ...(el.type === 'subProcess' && token.note !== 'loop' ? scopeCatches(held, token.id, el.id, token.fired) : [])]
  }
  if (token.note !== undefined) return []
  if (el.type === 'intermediateCatchEvent') return [{ token: token.id, event: el, how: 'direct' }]
  if (el.type === 'eventBasedGateway')
    return (held.process.index.outgoing[el.id] ?? []).map(f => ({ token: token.id, event: elementOf(held, held.process.flows[f]?.target ?? ''), how: 'gateway' as const }))
  if (el.type === 'eventSubProcess') return scopeCatches(held, token.id, el.id, token.fired)
  return []
}

/** Starts of event sub-processes of one scope instance; an interrupting one that runs ends them all. */
export function scopeCatches(held: Held, scope: number, element: string, fired: string[]): Catch[] {
  const starts = held.process.index.eventStarts[element] ?? []
  if (starts.length === 0) return []
  const taken = held.tokens.some(t => t.scope === scope && elementOf(held, t.at).type === 'eventSubProcess' && interrupts(held, t.at))
  if (taken) return []
  return starts.filter(id => !fired.includes(id)).map(id => ({ token: scope, event: elementOf(held, id), how: 'scope' as const }))
}

/** Whether an event sub-process ends what runs in its scope. */
export const interrupts = (held: Held, sub: string): boolean =>
  (held.process.index.starts[sub] ?? []).some(id => elementOf(held, id).interrupting !== false)

/** Starts of an instance that has not begun. */
export const startCatches = (held: Held): Catch[] =>
  (held.process.index.starts[''] ?? []).map(id => elementOf(held, id)).filter(e => e.event !== 'none').map(event => ({ token: 0, event, how: 'start' as const }))

/** Every event the instance listens for: the most specific first (own, gateway, boundary, inner scopes, the process). */
export function allCatches(held: Held): Catch[] {
  if (held.tokens.length === 0) return held.ended ? [] : startCatches(held)
  const rank = { direct: 0, gateway: 1, boundary: 2, scope: 3, start: 4 }
  const found = held.tokens.flatMap(t => tokenCatches(held, t))
  const root = scopeCatches(held, 0, '', held.rootFired)
  return [...found.sort((a, b) => rank[a.how] - rank[b.how]), ...root]
}
