import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build, Instance, answering } from '#tests/support/process/build.ts'
import { Ledger } from '#tests/support/process/ledger.ts'
import { step } from './step.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
/** Any number of tokens may be on their way: beside the task, in sub-processes, over two joined branches. */
const crowded = () => build({
  s: { type: 'startEvent' }, t: u, e: { type: 'endEvent' },
  ask: { type: 'boundaryEvent', event: 'message', message: 'ask', interrupting: false, attachedTo: 't' },
  sub: { type: 'subProcess' }, in: { type: 'startEvent', scope: 'sub' }, fork: { type: 'parallelGateway', scope: 'sub' },
  a: { ...u, scope: 'sub' }, b: { ...u, scope: 'sub' }, join: { type: 'parallelGateway', scope: 'sub' }, c: { ...u, scope: 'sub' },
  ev: { type: 'eventSubProcess' }, on: { type: 'startEvent', event: 'message', message: 'note', interrupting: false, scope: 'ev' }, x: { ...u, scope: 'ev' }, y: { ...u, scope: 'ev' },
}, ['f0: s -> t', 'f1: t -> e', 'f2: ask -> sub', 'f3: sub -> e', 'i0: in -> fork', 'i1: fork -> a', 'i2: fork -> b', 'i3: a -> join', 'i4: b -> join', 'i5: join -> c', 'v0: on -> x', 'v1: x -> y'])

const commands = fc.array(fc.oneof(fc.constant('ask'), fc.constant('note'), fc.nat(20).map(n => n)), { maxLength: 14 })

/** How the instance stands, without ids: what stands in which scope, as nested texts. */
function standing(i: Instance): string {
  const { tokens } = i.state.marking
  const inside = (scope: number): string => tokens.filter(t => t.scope === scope).map(t => `${t.at}${t.note ?? ''}(${inside(t.id)})`).sort().join(' ')
  return inside(0)
}

describe('markings', () => {
  it('are the same for instances that stand alike, whatever their history, and open rows follow the numbers', () => {
    const process = crowded()
    fc.assert(fc.property(fc.array(commands, { minLength: 2, maxLength: 6 }), runs => {
      const seen = new Map<string, string>()
      for (const run of runs) {
        const i = new Instance(process)
        const ledger = new Ledger().take(i)
        for (const command of run) {
          if (i.state.marking.ended) break
          const tasks = i.state.marking.tokens.filter(t => process.elements[t.at]?.type === 'userTask')
          if (typeof command === 'string') {
            if (command === 'ask' && !tasks.some(t => t.at === 't')) continue
            i.send({ kind: 'message', name: command })
          } else i.send({ kind: 'outcome', token: tasks[command % tasks.length]?.id ?? 0, outcome: 'ok' })
          ledger.take(i)
          expect(ledger.open('task')).toEqual(i.state.marking.tokens.filter(t => process.elements[t.at]?.type === 'userTask').map(t => `${t.id} ${t.at}`).sort())
          const json = JSON.stringify(i.state.marking)
          expect(seen.get(standing(i)) ?? json).toBe(json)
          seen.set(standing(i), json)
        }
      }
    }), { numRuns: 150 })
  })
  it('do not depend on object identity: a copy steps alike and the input is left as it was', () => {
    const process = crowded()
    fc.assert(fc.property(commands, run => {
      const i = new Instance(process)
      for (const command of run) {
        if (i.state.marking.ended) break
        const tasks = i.state.marking.tokens.filter(t => process.elements[t.at]?.type === 'userTask')
        const event = typeof command === 'string' ? { kind: 'message' as const, name: command } : { kind: 'outcome' as const, token: tasks[command % tasks.length]?.id ?? 0, outcome: 'ok' }
        const before = JSON.stringify(i.state)
        const copy = structuredClone(i.state)
        const once = step(process, i.state, event, answering())
        expect(JSON.stringify(i.state)).toBe(before)
        expect(step(structuredClone(process), copy, event, answering())).toEqual(once)
        if (!('refused' in once)) i.state = once.state
      }
    }), { numRuns: 60 })
  })
  it('number several tokens at one place densely and report who was renumbered', () => {
    const process = crowded()
    const i = new Instance(process).send({ kind: 'message', name: 'note' }).send({ kind: 'message', name: 'note' })
    const [first, second] = [i.at('x', 0), i.at('x', 1)]
    expect(second - first).toBe(process.index.size)

    i.do('x', 'ok', 0).do('y')

    expect(i.at('x')).toBe(first)
    const alone = new Instance(process).send({ kind: 'message', name: 'note' })
    expect(i.state.marking).toEqual(alone.state.marking)
  })
  it('leave the other token its number when one comes back to the place it left', () => {
    const process = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, m: { type: 'exclusiveGateway' }, t: u }, ['f0: s -> fork', 'f1: fork -> m', 'f2: fork -> m', 'f3: m -> t', 'f4: t -> m'])
    const i = new Instance(process)
    const token = i.at('t', 0)

    i.do('t', 'ok', 0)

    expect(i.effects).toEqual([{ kind: 'completeTask', token, element: 't', outcome: 'ok' }, { kind: 'createTask', token, element: 't' }])
    expect(i.renumbered).toBeUndefined()
  })
})
