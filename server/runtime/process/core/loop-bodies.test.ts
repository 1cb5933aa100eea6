import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answering, build, Instance } from '#tests/support/process/build.ts'
import { Ledger } from '#tests/support/process/ledger.ts'
import { namesOfToken } from './loop-state.ts'
import { simulate } from './simulate.ts'
import { step } from './step.ts'
import type { LoopDef } from './types.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
const each = (more: Partial<LoopDef> = {}): LoopDef => ({ how: 'parallel', each: 'list', line: 1, ...more })
/** A sub-process per item, whose first task may be reminded of, and a timer over the whole. */
const rooms = (loop: LoopDef) => build({
  s: { type: 'startEvent' }, sub: { type: 'subProcess', loop }, in: { type: 'startEvent', scope: 'sub' }, a: { ...u, scope: 'sub' }, b: { ...u, outcomes: ['ok', 'bad'], scope: 'sub' },
  x: { type: 'exclusiveGateway', scope: 'sub' }, out: { type: 'endEvent', scope: 'sub' }, boom: { type: 'endEvent', event: 'error', errorCode: 'E', scope: 'sub' },
  late: { type: 'boundaryEvent', event: 'timer', attachedTo: 'a', scope: 'sub', timer: { kind: 'duration', expr: 'd' } }, lateOut: { type: 'endEvent', scope: 'sub' },
  stop: { type: 'boundaryEvent', event: 'message', message: 'stop', attachedTo: 'sub' }, failed: { type: 'boundaryEvent', event: 'error', errorCode: 'E', attachedTo: 'sub' },
  after: u, other: u,
}, ['f0: s -> sub', 'i0: in -> a', 'i1: a -> b', 'i2: b -> x', 'i3: x -> boom [outcome = "bad"]', '*i4: x -> out', 'i5: late -> lateOut', 'f1: sub -> after', 'f2: stop -> other', 'f3: failed -> other'])

describe('a sub-process for each of several', () => {
  it('is a scope per item, and each has its own boundary events', () => {
    const i = new Instance(rooms(each()), { list: ['east', 'west'] })
    expect(i.places).toEqual(['a', 'a', 'sub', 'sub', 'sub'])
    expect(i.of('armTimer').map(t => t.token).sort()).toEqual([i.at('a', 0), i.at('a', 1)].sort())
    expect([0, 1].map(n => namesOfToken(i.state, i.at('a', n)).each)).toEqual(['east', 'west'])

    i.send({ kind: 'timer', token: i.at('a', 1), element: 'late' })

    expect(i.places).toEqual(['a', 'sub', 'sub'])
    expect(namesOfToken(i.state, i.at('a')).each).toBe('east')
    expect(i.do('a').do('b').places).toEqual(['after'])
  })
  it('is interrupted as a whole by its boundary', () => {
    const i = new Instance(rooms(each()), { list: [1, 2, 3] }).send({ kind: 'message', name: 'stop' })
    expect(i.places).toEqual(['other'])
    expect(i.of('cancelTask')).toHaveLength(3)
    expect(i.state.variables).toEqual({})
  })
  it('hands an error of one to the boundary of all', () => {
    const i = new Instance(rooms(each()), { list: [1, 2] }).do('a', 'ok', 0).do('b', 'bad')
    expect(i.places).toEqual(['other'])
  })
  it('begins the next when it runs one after the other', () => {
    const i = new Instance(rooms(each({ how: 'sequential' })), { list: ['east', 'west'] }).do('a').do('b')
    expect(namesOfToken(i.state, i.at('a'))).toMatchObject({ each: 'west', loopCounter: 2 })
  })
})

describe('loops in loops', () => {
  const nested = build({
    s: { type: 'startEvent' }, sub: { type: 'subProcess', loop: each() }, in: { type: 'startEvent', scope: 'sub' }, t: { ...u, scope: 'sub', loop: each({ each: 'inner' }) }, out: { type: 'endEvent', scope: 'sub' }, after: u,
  }, ['f0: s -> sub', 'i0: in -> t', 'i1: t -> out', 'f1: sub -> after'])
  it('keep the runs of each apart', () => {
    const i = new Instance(nested, { list: ['A', 'B'], inner: [1, 2] })
    const tasks = () => i.state.marking.tokens.filter(t => t.at === 't' && t.nth !== undefined)
    expect(tasks()).toHaveLength(4)

    for (let n = 0; n < 4; n++) i.send({ kind: 'outcome', token: tasks()[n % tasks().length]?.id ?? 0, outcome: 'ok' })

    expect(i.places).toEqual(['after'])
  })
})

describe('a service task for each of several', () => {
  const p = build({ s: { type: 'startEvent' }, call: { type: 'serviceTask', operation: 'x/y', loop: each() }, after: u }, ['f0: s -> call', 'f1: call -> after'])
  it('calls once per item, and one that fails keeps the others', () => {
    const i = new Instance(p, { list: [1, 2, 3] })
    expect(i.of('callOperation')).toHaveLength(3)
    i.send({ kind: 'operationResult', token: i.at('call', 2), error: { code: 'DOWN', message: 'no answer' } })
    expect(i.of('incident')).toMatchObject([{ code: 'DOWN' }])
    i.send({ kind: 'operationResult', token: i.at('call', 1), output: {} })
    const left = i.state.marking.tokens.filter(t => t.nth !== undefined)
    expect(left.map(t => [t.nth, t.note])).toEqual([[1, '!failed'], [2, undefined]])

    i.send({ kind: 'retry', token: left[0]?.id ?? 0 })
    i.send({ kind: 'operationResult', token: i.at('call', 1), output: {} })

    expect(i.send({ kind: 'operationResult', token: i.at('call', 1), output: {} }).places).toEqual(['after'])
  })
})

describe('a dry run', () => {
  it('names the item whose task is done', () => {
    const p = build({ s: { type: 'startEvent' }, t: { ...u, loop: each() }, e: { type: 'endEvent' } }, ['f0: s -> t', 'f1: t -> e'])
    const run = simulate(p, { steps: [{ do: 't', each: 'west', outcome: 'ok' }, { do: 't', each: 'west', outcome: 'ok' }, { do: 't', outcome: 'ok' }] }, answering({ list: ['east', 'west'] }))
    expect(run.turns.map(t => t.refused?.refused)).toEqual([undefined, undefined, 'unknownToken', undefined])
    expect(run.ended).toBe(true)
  })
})

/** Any order of completion, stored as JSON and read again before every step. */
describe('no run is lost or doubled', () => {
  const shape = fc.record({ how: fc.constantFrom('parallel' as const, 'sequential' as const), size: fc.nat(6), body: fc.constantFrom('task' as const, 'sub' as const), stopAt: fc.option(fc.nat(6)), order: fc.array(fc.nat(20), { maxLength: 30 }) })
  it('in whatever order they are completed', () => {
    fc.assert(fc.property(shape, ({ how, size, body, stopAt, order }) => {
      const loop = each({ how, ...(stopAt === null ? {} : { until: 'enough' }) })
      const p = body === 'sub' ? rooms(loop) : build({ s: { type: 'startEvent' }, a: { ...u, loop }, after: u }, ['f0: s -> a', 'f1: a -> after'])
      const items = Array.from({ length: size }, (_, n) => `item${n}`)
      let over: string[] = []
      const evaluate = (text: string, extra: Record<string, unknown> = {}): unknown => {
        if (text === 'list') return items
        if (text !== 'enough') return answering()(text, extra)
        over = (extra['done'] as { each: string }[]).map(d => d.each)
        return over.length > (stopAt ?? 0)
      }
      const i = new Instance(p, { list: items })
      const ledger = new Ledger().take(i)
      const finished: unknown[] = []
      for (const pick of order) {
        if (i.places.includes('after')) break
        const tasks = i.state.marking.tokens.filter(t => p.elements[t.at]?.type === 'userTask' && t.note === undefined)
        const task = tasks[pick % tasks.length]
        if (!task) throw new Error(`nothing is open: ${JSON.stringify(i.state)}`)
        const item = namesOfToken(i.state, task.id).each
        i.state = JSON.parse(JSON.stringify(i.state)) as typeof i.state
        const r = step(p, i.state, { kind: 'outcome', token: task.id, outcome: 'ok' }, evaluate)
        if ('refused' in r) throw new Error(r.message)
        i.state = r.state
        ledger.take({ effects: r.effects, renumbered: r.renumbered })
        if (task.at !== 'a' || body === 'task') finished.push(item)
        expect(ledger.open('task')).toEqual(i.state.marking.tokens.filter(t => p.elements[t.at]?.type === 'userTask' && t.note === undefined).map(t => `${t.id} ${t.at}`).sort())
        const open = i.places.includes('after') ? [] : i.state.marking.tokens.filter(t => t.nth !== undefined).map(t => namesOfToken(i.state, t.id).each)
        expect(new Set([...open, ...finished]).size).toBe(open.length + finished.length)
        if (how === 'parallel' && !i.places.includes('after')) expect(open.length + finished.length).toBe(size)
        if (stopAt !== null && over.length > 0) expect(over).toEqual(finished.slice(0, over.length))
      }
      const wanted = stopAt === null ? size : Math.min(size, stopAt + 1)
      if (i.places.includes('after')) expect([finished.length, i.state.variables]).toEqual([wanted, {}])
      else expect(finished.length).toBeLessThan(wanted)
    }), { numRuns: 300 })
  })
})
