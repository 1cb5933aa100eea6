import { aroundNames, readLoops, withoutLoops, type LoopState } from './loop-state.ts'
import { readSigns, signNames, type Signing } from './sign-state.ts'
import { readUndo, type Undo, type Undoing } from './undo-state.ts'
import type { CompiledProcess, Effect, ElementInfo, Evaluate, FlowInfo, State, Token } from './types.ts'

export type Names = Record<string, unknown>
/** A token while a step runs; ids from FRESH on are given in this step and replaced by canonical ones at its end. */
export interface WorkToken extends Token {
  /** flow it arrived by */
  via: string | undefined
  /** outcome, input and output of what it last left */
  names: Names
  fired: string[]
  /** of the token that holds a loop */
  loop: LoopState | undefined
  /** of the token that waits for compensation */
  undoing: Undoing | undefined
  /** of a task that further people sign */
  signing: Signing | undefined
  /** whose the task is that it comes to, whatever the definition says */
  who: unknown
}
/** Every member from the start and none ever deleted: engines keep such objects small and quick. */
const workToken = ({ id, at, scope, note, nth }: Token, names: Names, fired: string[]): WorkToken =>
  ({ id, at, scope, note, nth, via: undefined, names, fired, loop: undefined, undoing: undefined, signing: undefined, who: undefined })
export const FRESH = 1_000_000
/** Elements one event may pass before it counts as an endless loop. */
export const STEP_LIMIT = 1000

/** Everything one step changes. Nothing outside the step sees it. */
export interface Run {
  process: CompiledProcess
  evaluate: Evaluate
  variables: Names
  tokens: WorkToken[]
  rootFired: string[]
  effects: Effect[]
  agenda: WorkToken[]
  /** conditional events armed in this step: token (0 = instance) and event */
  checks: { token: number; element: string }[]
  /** tokens at error ends and at escalations, to be raised */
  raised: WorkToken[]
  /** activities that are over and have a handler, in the order of completion */
  undo: Undo[]
  /** runs of a loop that are over, to be counted; compensations whose handler is done */
  runs: WorkToken[]
  fresh: number
  moves: number
  ended: boolean
  lastElement: string
  /** why the last expression had no answer */
  failed: string | undefined
}

export function openRun(process: CompiledProcess, state: State, evaluate: Evaluate): Run {
  const { fired } = state.marking
  const loops = readLoops(state.variables)
  const { done, going } = readUndo(state.variables)
  const signs = readSigns(state.variables)
  const firedOf = (id: number): string[] => (fired ? fired.filter(f => f.token === id).map(f => f.element) : [])
  const resumed = (t: Token): WorkToken => {
    const token = workToken(t, {}, firedOf(t.id))
    token.loop = loops[t.id]
    token.undoing = going?.[t.id]
    token.signing = signs[t.id]
    return token
  }
  return {
    process, evaluate, variables: withoutLoops(state.variables),
    tokens: state.marking.tokens.map(resumed),
    rootFired: firedOf(0),
    effects: [], agenda: [], checks: [], raised: [], undo: done ?? [], runs: [], fresh: FRESH, moves: 0, ended: state.marking.ended ?? false, lastElement: '', failed: undefined,
  }
}

export function elementOf(run: { process: CompiledProcess }, id: string): ElementInfo {
  const el = run.process.elements[id]
  if (!el) throw new Error(`process ${run.process.id}: a token stands at "${id}", which this version does not have; migrate the instance`)
  return el
}

export const flowsOf = (run: { process: CompiledProcess }, ids: string[] | undefined): FlowInfo[] =>
  (ids ?? []).map(id => run.process.flows[id]).filter(f => f !== undefined)

/** What FEEL sees besides the record at this token. */
export const namesAt = (run: Run, token: WorkToken): Names => 
  token.signing ? { ...run.variables, ...loopNames(run, token), ...signNames(token.signing), ...token.names } : { ...run.variables, ...loopNames(run, token), ...token.names }
export const loopNames = (run: Run, token: WorkToken): Names => aroundNames(token, id => run.tokens.find(t => t.id === id), t => t.loop, t => t.undoing?.now?.names)
export const ask = (run: Run, token: WorkToken, text: string): unknown => answer(run, text, namesAt(run, token))
/** An expression that cannot be computed has no answer; the incident that follows says why. */
export function answer(run: Run, text: string, names: Names, keep?: 'rows'): unknown {
  run.failed = undefined
  try { return run.evaluate(text, names, keep) } catch (error) {
    if (!(error instanceof Error) || error.name !== 'FeelRuntimeError') throw error
    run.failed = error.message
    return null
  }
}
export const whyNot = (run: Run): string => (run.failed === undefined ? '' : ` (${run.failed})`)

/** A new token in the same scope. */
export function addToken(run: Run, at: string, scope: number, names: Names): WorkToken {
  const token = workToken({ id: run.fresh++, at, scope }, names, [])
  run.tokens.push(token)
  return token
}

/** The token goes on: rows that named it are closed by now, what it does next is news. */
export function moveOn(run: Run, token: WorkToken): void {
  token.id = run.fresh++
  token.fired = []
  token.note = undefined
}

export function removeToken(run: Run, token: WorkToken): void {
  const at = run.tokens.indexOf(token)
  if (at >= 0) run.tokens.splice(at, 1)
  const queued = run.agenda.indexOf(token)
  if (queued >= 0) run.agenda.splice(queued, 1)
}

export function incident(run: Run, token: WorkToken, code: string, message: string, person: string): void {
  run.effects.push({ kind: 'incident', token: token.id, element: token.at, code, message, person })
}

/** Enter `token.at` when its turn comes. */
export const schedule = (run: Run, token: WorkToken): void => { run.agenda.push(token) }
