import { expect, it } from 'vitest'
import { answering, build, type ElementSpec } from '#tests/support/process/build.ts'
import { start } from './start.ts'
import { isRefusal, step } from './step.ts'

it('steps a process of twenty elements in under fifty microseconds', () => {
  const elements: Record<string, ElementSpec> = { s: { type: 'startEvent' } }
  const flows: string[] = []
  for (let n = 1; n <= 19; n++) {
    elements[`t${n}`] = n % 3 === 0 ? { type: 'exclusiveGateway' } : { type: 'userTask', outcomes: ['ok'] }
    flows.push(`f${n}: ${n === 1 ? 's' : `t${n - 1}`} -> t${n}${n % 3 === 1 && n > 1 ? ' [yes]' : ''}`)
  }
  const process = build(elements, flows)
  const evaluate = answering({ yes: true })
  const run = (): number => {
    let steps = 0
    let state = start(process, { kind: 'start' }, evaluate)
    while (!isRefusal(state) && !state.state.marking.ended) {
      state = step(process, state.state, { kind: 'outcome', token: state.state.marking.tokens[0]?.id ?? 0, outcome: 'ok' }, evaluate)
      steps++
    }
    return steps
  }
  for (let n = 0; n < 300; n++) run()

  // The quickest of many rounds: other work on the machine does not count.
  let best = Infinity
  for (let n = 0; n < 200; n++) {
    const from = performance.now()
    const steps = run()
    best = Math.min(best, (performance.now() - from) / steps)
  }

  expect(best * 1000).toBeLessThan(50)
})
