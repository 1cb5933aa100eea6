import { namesOfToken } from './loop-state.ts'
import { isRefusal, step } from './step.ts'
import { waits } from './waits.ts'
import type { CompiledProcess, CoreEvent, Effect, Evaluate, State, Wait } from './types.ts'

/** One thing that happens, named as a designer sees it. */
export type SimulationStep =
  /** `each`: whose task it is where several of one element are open; without it the first */
  | { do: string; outcome: string; each?: unknown; input?: Record<string, unknown> }
  | { message: string; input?: Record<string, unknown> }
  | { signal: string }
  /** the timer event of this id comes due */
  | { timer: string }
  | { operation: string; output?: Record<string, unknown>; error?: { code: string; message: string } }
  | { changed: true }
export type SimulationScript = { start?: { element?: string; message?: string; input?: Record<string, unknown> }; steps: SimulationStep[] }

export interface SimulationTurn {
  /** -1 = the start */
  index: number
  refused?: { refused: string; message: string; person: string }
  effects: Effect[]
  /** elements where tokens stand after it */
  at: string[]
  waits: Wait[]
}
export interface Simulation { turns: SimulationTurn[]; state: State; /** last status stated */ status: string | null; ended: boolean }

const ROUNDS = 100

/**
 * A dry run: nothing is written, effects on records are taken as done at once. Goes on after a refusal, so that a
 * script shows everything that is wrong with it.
 */
export function simulate(process: CompiledProcess, script: SimulationScript, evaluate: Evaluate): Simulation {
  const run: Simulation = { turns: [], state: { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }, status: null, ended: false }
  turn(process, run, -1, { kind: 'start', ...script.start }, evaluate)
  script.steps.forEach((s, index) => turn(process, run, index, eventOf(process, run.state, s), evaluate))
  return run
}

function eventOf(process: CompiledProcess, state: State, s: SimulationStep): CoreEvent {
  const open = waits(process, state)
  const isOf = (token: number, item: unknown): boolean => item === undefined || JSON.stringify(namesOfToken(state, token).each) === JSON.stringify(item)
  const tokenAt = (kind: Wait['kind'], element: string, item?: unknown): number => open.find(w => w.kind === kind && w.element === element && isOf(w.token, item))?.token ?? -1
  if ('do' in s) return { kind: 'outcome', token: tokenAt('task', s.do, s.each), outcome: s.outcome, ...(s.input ? { input: s.input } : {}) }
  if ('message' in s) return { kind: 'message', name: s.message, ...(s.input ? { input: s.input } : {}) }
  if ('signal' in s) return { kind: 'signal', name: s.signal }
  if ('timer' in s) return { kind: 'timer', token: tokenAt('timer', s.timer), element: s.timer }
  if ('changed' in s) return { kind: 'changed' }
  return { kind: 'operationResult', token: tokenAt('operation', s.operation), ...(s.error ? { error: s.error } : { output: s.output ?? {} }) }
}

function turn(process: CompiledProcess, run: Simulation, index: number, event: CoreEvent, evaluate: Evaluate): void {
  const result: SimulationTurn = { index, effects: [], at: [], waits: [] }
  const queue: CoreEvent[] = [event]
  for (let round = 0; round < ROUNDS; round++) {
    const next = queue.shift()
    if (!next) break
    const stepped = step(process, run.state, next, evaluate)
    if (isRefusal(stepped)) { result.refused = stepped; break }
    run.state = stepped.state
    result.effects.push(...stepped.effects)
    for (const e of stepped.effects) {
      if (e.kind === 'status') run.status = e.value
      if (e.kind === 'apply' && e.wait) queue.push({ kind: 'effectDone', token: e.token, names: e.names })
    }
  }
  result.at = run.state.marking.tokens.map(t => t.at)
  result.waits = waits(process, run.state)
  run.ended = run.state.marking.ended ?? false
  run.turns.push(result)
}
