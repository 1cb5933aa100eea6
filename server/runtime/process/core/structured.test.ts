import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answering, Instance } from '#tests/support/process/build.ts'
import { Ledger } from '#tests/support/process/ledger.ts'
import { step } from './step.ts'
import type { CoreEvent, State } from './types.ts'
import { blocks, complete, enter, open, processOf } from '#tests/support/process/structured.ts'

const walks = fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 25 })

describe('structured processes', () => {
  it('have the same tasks open as the tree they were built from, never one lost or doubled', () => {
    fc.assert(fc.property(blocks, fc.array(walks, { minLength: 1, maxLength: 3 }), (block, runs) => {
      const { process, answers } = processOf(block)
      const markings = new Map<string, string>()
      for (const walk of runs) {
        const i = new Instance(process, answers)
        const ledger = new Ledger().take(i)
        let going = enter(block)
        const check = (): void => {
          const expected = open(block, going).sort()
          expect(i.state.marking.tokens.filter(t => process.elements[t.at]?.type === 'userTask').map(t => t.at).sort()).toEqual(expected)
          expect(ledger.open('task').map(r => r.split(' ')[1]).sort()).toEqual(expected)
          expect(i.state.marking.ended ?? false).toBe(going === null)
          const marking = JSON.stringify(i.state.marking)
          expect(markings.get(JSON.stringify(going)) ?? marking).toBe(marking)
          markings.set(JSON.stringify(going), marking)
        }
        check()
        for (const [pick, again] of walk) {
          const tasks = open(block, going).sort()
          if (tasks.length === 0) break
          const task = tasks[pick % tasks.length] ?? ''
          const outcome = again && process.elements[task]?.outcomes.some(o => o.id === 'again') ? 'again' : 'ok'
          going = complete(block, going, task, outcome)
          const event: CoreEvent = again && process.index.boundaries[task] ? { kind: 'message', name: `${task}!` } : { kind: 'outcome', token: i.at(task), outcome }
          // what was written down and read again goes on as what was never put away
          const read = step(process, JSON.parse(JSON.stringify(i.state)) as State, event, answering(answers))
          i.send(event)
          expect(read).toEqual({ state: i.state, effects: i.effects, ...(i.renumbered ? { renumbered: i.renumbered } : {}) })
          ledger.take(i)
          check()
        }
      }
    }), { numRuns: 300 })
  })
  it('end whenever every task is completed', () => {
    fc.assert(fc.property(blocks, block => {
      const { process, answers } = processOf(block)
      const i = new Instance(process, answers)
      for (let n = 0; n < 500 && !i.state.marking.ended; n++) {
        const task = i.state.marking.tokens.find(t => process.elements[t.at]?.type === 'userTask')
        if (!task) break
        i.send({ kind: 'outcome', token: task.id, outcome: 'ok' })
      }
      expect(i.state.marking.ended).toBe(true)
    }), { numRuns: 200 })
  })
})
