import { readFileSync } from 'node:fs'
import { compileCached, type FeelValue, type Model } from '#server/runtime/expressions/index.ts'
import { compileProcess, parseBpmn } from '#server/runtime/process/bpmn/index.ts'
import { isRefusal, start, step, type CompiledProcess, type Evaluate, type State } from '#server/runtime/process/core/index.ts'
import { otherEngine, PROCESS_FILE, type OtherEngine } from './harness/bpmn-engine.ts'
import { against, check, inTurns, perSecond, timed } from './harness/measure.ts'
import type { Benchmark } from './harness/types.ts'

/** One instance: returned once, then approved. */
const WAY = [['write', 'submit'], ['review', 'return'], ['mend', 'submit'], ['review', 'approve']] as const

const NOTHING: Model = { entity: () => undefined, rule: () => undefined }
const NAMES = { outcome: { kind: 'string' } } as const
const evaluate: Evaluate = (text, extra = {}) =>
  compileCached(text, { model: NOTHING, names: NAMES }).evaluate({ names: { outcome: (extra['outcome'] ?? null) as FeelValue }, now: 0, zone: 'UTC' })

function ours(process: CompiledProcess, instances: number): { largest: number } {
  let largest: State | undefined
  for (let n = 0; n < instances; n++) {
    let at = start(process, { kind: 'start' }, evaluate)
    for (const [element, outcome] of WAY) {
      if (isRefusal(at)) throw new Error(at.message)
      const token = at.state.marking.tokens[0]!
      if (token.at !== element) throw new Error(`stands at ${token.at}, not at ${element}`)
      largest = at.state
      at = step(process, at.state, { kind: 'outcome', token: token.id, outcome }, evaluate)
    }
    if (isRefusal(at) || !at.state.marking.ended || !at.effects.some((e) => e.kind === 'status' && e.value === 'APPROVED')) throw new Error('did not end as approved')
  }
  return { largest: JSON.stringify(largest).length }
}

async function theirs(engine: OtherEngine, instances: number): Promise<void> {
  for (let n = 0; n < instances; n++) {
    const run = await engine.start()
    for (const [element, outcome] of WAY) {
      check(run.at() === element, `bpmn-engine waits at ${run.at()}, not at ${element}`)
      run.signal(outcome)
    }
    check(run.ended() === 'approved', `bpmn-engine ended at ${run.ended()}`)
  }
}

const benchmark: Benchmark = {
  title: 'Task completions of a review with return, in memory, against bpmn-engine running the same process; instances are started on both sides',
  async run(ctx) {
    const parsed = await parseBpmn(readFileSync(PROCESS_FILE, 'utf8'), PROCESS_FILE)
    check(parsed.process !== undefined && parsed.process !== null, 'the process does not parse')
    const process = compileProcess(parsed.process)
    const engine = await otherEngine()
    const many = ctx.size(25_000)
    const few = ctx.size(100)
    let bytes = 0
    const rate = await inTurns(ctx.rounds,
      async () => perSecond(many * WAY.length, await timed(() => { bytes = ours(process, many).largest })),
      async () => perSecond(few * WAY.length, await timed(() => theirs(engine, few))))
    const waiting = await engine.start()
    return [
      { id: 'ratio', what: 'completions per second', value: rate.ratio, unit: '×', goal: { atLeast: 300 }, behind: against(rate.ours, rate.theirs) },
      { id: 'state', what: 'state of an instance as JSON', value: bytes, unit: ' bytes', goal: { atMost: 1024 }, behind: `bpmn-engine ${(await waiting.state()).length} bytes` },
    ]
  },
}
export default benchmark
