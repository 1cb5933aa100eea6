import { readSigns, signNames } from './sign-state.ts'
import { readUndo } from './undo-state.ts'
import type { CompiledProcess, State, Token } from './types.ts'

/** One run that is over: its item, the outcome taken in it and by whom. */
export interface DoneRun { each?: unknown; outcome?: string; by?: unknown }
/** What a loop has to remember besides its tokens; kept among the variables under the id of the token that holds it. */
export interface LoopState {
  items?: unknown[]
  /** null = a standard loop, which does not know */
  total: number | null
  active: number
  done: DoneRun[]
  /** one run after the other: the running one is the next of `done` */
  one?: boolean
  /** who took the outcome of runs whose effects are not over yet */
  acted?: Record<string, unknown>
}
type Names = Record<string, unknown>
const KEY = '$loops'
const isEmpty = (names: Names): boolean => { for (const _ in names) return false; return true }
const isOurs = (name: string): boolean => name.startsWith('$')

export const readLoops = (variables: Names): Record<number, LoopState> => (variables[KEY] ?? {}) as Record<number, LoopState>
/** What authors call variables: without what the core keeps beside the tokens. */
export function withoutLoops(variables: Names): Names {
  return Object.keys(variables).some(isOurs) ? Object.fromEntries(Object.entries(variables).filter(([k]) => !isOurs(k))) : variables
}

interface Holder { id: number; note?: string; loop?: LoopState }
/** The variables with the loops that go on, or whose results a token that waits for its effects or has an incident still needs. */
export function writeLoops(variables: Names, tokens: Holder[], ids: Map<number, number>): Names {
  const kept = tokens.filter(t => t.loop && t.note !== undefined && !t.note.startsWith('by'))
  if (kept.length === 0) return variables
  return { ...variables, [KEY]: Object.fromEntries(kept.map(t => [ids.get(t.id) ?? t.id, t.loop])) }
}

/** What FEEL sees of a loop as a whole, while it runs and on the way on from it. */
export const totalsOf = (loop: LoopState): Names => ({
  nrOfInstances: loop.total ?? loop.done.length + loop.active, nrOfActiveInstances: loop.active, nrOfCompletedInstances: loop.done.length,
  outcomes: loop.done.flatMap(d => (d.outcome === undefined ? [] : [d.outcome])), done: loop.done,
})
/** Names that a loop, or people asked to sign, give; a process cannot use them for anything else. */
export const LOOP_NAMES = ['each', 'loopCounter', 'nrOfInstances', 'nrOfActiveInstances', 'nrOfCompletedInstances', 'outcomes', 'done', 'signs'] as const
/** Names handed back after a wait, without what the loop says anew. */
export const withoutLoopNames = (names: Names): Names => Object.fromEntries(Object.entries(names).filter(([k]) => !(LOOP_NAMES as readonly string[]).includes(k)))
export const placeOf = (loop: LoopState, nth: number): number => (loop.one ? loop.done.length : nth)
const runNames = (loop: LoopState, nth: number): Names => ({ loopCounter: placeOf(loop, nth) + 1, ...(loop.items ? { each: loop.items[placeOf(loop, nth)] ?? null } : {}) })

/** Names of every loop around a token, the inner ones first. */
export function aroundNames<T extends Pick<Token, 'scope' | 'nth'>>(token: T, find: (id: number) => T | undefined, loopOf: (t: T) => LoopState | undefined, undone: (t: T) => Names | undefined = () => undefined): Names {
  let names: Names = {}
  for (let t: T | undefined = token; t; t = find(t.scope)) {
    const own = loopOf(t)
    if (own) names = { ...totalsOf(own), ...names }
    if (t !== token) names = { ...undone(t), ...names }
    const host = t.nth === undefined ? undefined : find(t.scope)
    const around = host && loopOf(host)
    if (around && t.nth !== undefined) names = { ...runNames(around, t.nth), ...names }
  }
  return names
}

/** What FEEL sees at a token besides the record: variables, and the item of the loop that it stands in. */
export function namesOfToken(state: State, token: number): Names {
  // by far the most processes have no variables, and nothing to remember of loops
  if (isEmpty(state.variables)) return {}
  const loops = readLoops(state.variables)
  const { going } = readUndo(state.variables)
  const find = (id: number): Token | undefined => state.marking.tokens.find(t => t.id === id)
  const at = find(token)
  return { ...withoutLoops(state.variables), ...(at ? aroundNames(at, find, t => loops[t.id], t => going?.[t.id]?.now?.names) : {}), ...signNames(readSigns(state.variables)[token]) }
}

const who = (value: unknown): string => (value !== null && typeof value === 'object' && 'id' in value ? String(value.id) : JSON.stringify(value))
export const actedIn = (loop: LoopState | undefined, by: unknown): boolean =>
  by !== undefined && loop !== undefined && [...loop.done.map(d => d.by), ...Object.values(loop.acted ?? {})].some(b => b !== undefined && who(b) === who(by))

/** True where the loop is for different people and this one has completed a run already. */
export function hasActedIn(process: CompiledProcess, state: State, token: number, by: unknown): boolean {
  const at = state.marking.tokens.find(t => t.id === token)
  return at?.nth !== undefined && process.elements[at.at]?.loop?.distinct === true && actedIn(readLoops(state.variables)[at.scope], by)
}

/** The variables of one state with the loops and compensations of another. */
export const sameLoops = (variables: Names, state: State): Names => ({ ...withoutLoops(variables), ...Object.fromEntries(Object.entries(state.variables).filter(([k]) => isOurs(k))) })
