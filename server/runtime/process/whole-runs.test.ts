import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draw, type Drawing } from '#tests/support/process/drawing.ts'
import { OpenRows } from '#tests/support/process/open-rows.ts'
import { pieces } from '#tests/support/process/pieces.ts'
import { compiled } from '#tests/support/process/two-engines.ts'
import { isRefusal, step, waits, type CompiledProcess, type CoreEvent, type Evaluate, type State, type StepRefusal, type StepResult, type Wait } from './core/index.ts'

const RUNS = Number(process.env.CERTFLOW_TEST_RUNS ?? 60)
const NOTHING: State = { marking: { tokens: [], scopes: [], next: 1 }, variables: {} }
const written = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const answers = (drawing: Drawing, again: boolean): Evaluate => text => {
  if (/^\d+$/.test(text)) return Number(text)
  const name = /holds\.(\w+)/.exec(text)?.[1] ?? ''
  return drawing.again[name] === undefined ? drawing.holds[name] ?? null : again
}
function taken(result: StepResult | StepRefusal): StepResult {
  if (isRefusal(result)) throw new Error(result.message)
  return result
}
const eventOf = (w: Wait, fail: boolean): CoreEvent => {
  if (w.kind === 'task') return { kind: 'outcome', token: w.token, outcome: 'ok' }
  if (w.kind === 'timer') return { kind: 'timer', token: w.token, element: w.element }
  if (w.kind === 'message') return { kind: 'message', name: w.name, token: w.token }
  return { kind: 'operationResult', token: w.token, ...(fail ? { error: { code: w.element, message: 'failed' } } : { output: {} }) }
}
interface Past { event: CoreEvent; again: boolean }

/** One run to its end: every event that was taken, and the state after each. */
function run(process: CompiledProcess, drawing: Drawing, moves: [number, boolean][], each: (before: State, past: Past, result: StepResult, used?: Wait) => void): { past: Past[]; state: State } {
  const past: Past[] = [{ event: { kind: 'start' }, again: false }]
  let result = taken(step(process, NOTHING, { kind: 'start' }, answers(drawing, false)))
  each(NOTHING, past[0] as Past, result)
  for (let n = 0; n < 300; n++) {
    const { state } = result
    const open = waits(process, state)
    if (open.length === 0) return { past, state }
    const [pick, other] = moves[n] ?? [0, false]
    const wait = open[pick % open.length] as Wait
    const next: Past = { event: eventOf(wait, other && drawing.boundary[wait.element] !== undefined), again: other }
    past.push(next)
    result = taken(step(process, state, next.event, answers(drawing, other)))
    each(state, next, result, wait)
  }
  throw new Error('the run does not end')
}

const drawings = pieces().map(draw)
const picks = fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 25 })
const everyRun = (check: (process: CompiledProcess, drawing: Drawing, moves: [number, boolean][]) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(drawings, picks, async (drawing, moves) => check(await compiled(drawing), drawing, moves)), { numRuns: RUNS, seed: 11 })

describe('a run of any process, whatever happens in whatever order', () => {
  it('loses and doubles nothing: what is open in rows is what the state waits for, and at the end nothing is', async () => {
    const seen = { task: 0, timer: 0, operation: 0, message: 0 }
    await everyRun(async (process, drawing, moves) => {
      const rows = new OpenRows()
      const { state } = run(process, drawing, moves, (_before, { event }, result, used) => {
        // a failed try leaves its row open, for a retry or for whoever catches the error
        rows.take(result, event.kind === 'operationResult' && event.error ? undefined : used)
        expect(result.effects.filter(e => e.kind === 'incident')).toEqual([])
        expect(rows.list(), drawing.xml).toEqual(OpenRows.of(waits(process, result.state)))
        if (used && used.kind in seen) seen[used.kind as keyof typeof seen]++
      })
      expect(state.marking).toMatchObject({ ended: true, tokens: [], scopes: [] })
      expect(rows.list()).toEqual([])
    })
    for (const [kind, n] of Object.entries(seen)) expect(n, kind).toBeGreaterThan(RUNS / 10)
  }, 60_000)

  it('goes on from what was written down, by a process read anew, exactly as if it had never been put away', async () => {
    await everyRun(async (process, drawing, moves) => {
      const readAnew = written(await compiled(drawing))
      run(process, drawing, moves, (before, { event, again }, result) => {
        expect(step(readAnew, written(before), written(event), answers(drawing, again))).toEqual(result)
      })
    })
  }, 60_000)

  it('is given back by its history: the same events from the start lead to the same state, tokens and variables', async () => {
    await everyRun(async (process, drawing, moves) => {
      const states: State[] = []
      const { past } = run(process, drawing, moves, (_before, _past, result) => { states.push(result.state) })

      let state = NOTHING
      written(past).forEach(({ event, again }, n) => {
        state = taken(step(process, state, event, answers(drawing, again))).state
        expect(state).toEqual(states[n])
      })
    })
  }, 60_000)
})
