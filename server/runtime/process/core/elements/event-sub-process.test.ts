import { describe, expect, it } from 'vitest'
import { build, Instance, type ElementSpec } from '#tests/support/process/build.ts'
import { waits } from '../waits.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
const withEvent = (start: Partial<ElementSpec>) => build({
  s: { type: 'startEvent' }, t: u, e: { type: 'endEvent' },
  ev: { type: 'eventSubProcess' }, on: { type: 'startEvent', scope: 'ev', ...start }, x: { ...u, scope: 'ev' },
}, ['f0: s -> t', 'f1: t -> e', 'i0: on -> x'])

describe('event sub-process', () => {
  it('runs beside the process when it does not interrupt, as often as the message comes', () => {
    const i = new Instance(withEvent({ event: 'message', message: 'postpone', interrupting: false }))
    expect(waits(i.process, i.state)).toContainEqual({ token: 0, element: 'on', kind: 'message', name: 'postpone' })

    i.send({ kind: 'message', name: 'postpone' }).send({ kind: 'message', name: 'postpone' })

    expect(i.places).toEqual(['ev', 'ev', 't', 'x', 'x'])
    expect(i.do('x').do('x').places).toEqual(['t'])
  })
  it('keeps the instance alive until it is done', () => {
    const i = new Instance(withEvent({ event: 'message', message: 'postpone', interrupting: false })).send({ kind: 'message', name: 'postpone' }).do('t')
    expect(i.state.marking.ended).toBeUndefined()

    i.do('x')

    expect(i.state.marking.ended).toBe(true)
    expect(i.of('end')).toEqual([{ kind: 'end', element: 'ev', how: 'none' }])
  })
  it('ends what runs in the process when it interrupts, and cannot be triggered again', () => {
    const i = new Instance(withEvent({ event: 'message', message: 'stop' }))
    const token = i.at('t')

    i.send({ kind: 'message', name: 'stop' })

    expect(i.of('cancelTask')).toEqual([{ kind: 'cancelTask', token, element: 't' }])
    expect(i.places).toEqual(['ev', 'x'])
    expect(i.try({ kind: 'message', name: 'stop' })).toMatchObject({ refused: 'noCatcher' })
    expect(i.do('x').state.marking.ended).toBe(true)
  })
  it('arms its timer with the instance and cancels it at the end', () => {
    const i = new Instance(withEvent({ event: 'timer', timer: { kind: 'date', expr: 'end' }, interrupting: false }))
    expect(i.of('armTimer')).toEqual([{ kind: 'armTimer', token: 0, element: 'on', timer: 'date', expr: 'end' }])

    expect(i.do('t').of('cancelTimer')).toEqual([{ kind: 'cancelTimer', token: 0, element: 'on' }])
  })
  it('fires its timer once', () => {
    const i = new Instance(withEvent({ event: 'timer', timer: { kind: 'date', expr: 'end' }, interrupting: false })).send({ kind: 'timer', token: 0, element: 'on' })

    expect(i.places).toEqual(['ev', 't', 'x'])
    expect(i.try({ kind: 'timer', token: 0, element: 'on' })).toMatchObject({ refused: 'noCatcher' })
    expect(i.do('t').of('cancelTimer')).toEqual([])
  })
  it('starts when its condition becomes true', () => {
    const i = new Instance(withEvent({ event: 'conditional', condition: 'over', interrupting: true }), { over: false })
    i.answers = { over: true }

    expect(i.send({ kind: 'changed' }).places).toEqual(['ev', 'x'])
  })
})

describe('an event sub-process that begins by an error', () => {
  const caught = (more: { code?: string; boundary?: boolean } = {}) => build({
    s: { type: 'startEvent' }, sub: { type: 'subProcess' }, in: { type: 'startEvent', scope: 'sub' }, call: { type: 'serviceTask', operation: 'o', scope: 'sub' }, a: { type: 'userTask', outcomes: ['ok', 'bad'], scope: 'sub' }, x: { type: 'exclusiveGateway', scope: 'sub' },
    boom: { type: 'endEvent', event: 'error', errorCode: 'A', scope: 'sub' }, out: { type: 'endEvent', scope: 'sub' },
    es: { type: 'eventSubProcess', scope: 'sub' }, on: { type: 'startEvent', event: 'error', interrupting: true, scope: 'es', ...(more.code ? { errorCode: more.code } : {}) }, mend: { type: 'userTask', outcomes: ['ok', 'bad'], scope: 'es' }, y: { type: 'exclusiveGateway', scope: 'es' }, again: { type: 'endEvent', event: 'error', errorCode: 'A', scope: 'es' }, mended: { type: 'endEvent', scope: 'es' },
    side: { type: 'userTask', outcomes: ['ok'], scope: 'sub' }, p: { type: 'parallelGateway', scope: 'sub' }, sideOut: { type: 'endEvent', scope: 'sub' },
    ...(more.boundary ? { failed: { type: 'boundaryEvent', event: 'error', attachedTo: 'sub' } } : {}), after: { type: 'userTask', outcomes: ['ok'] }, other: { type: 'userTask', outcomes: ['ok'] },
  }, ['f0: s -> sub', 'i0: in -> p', 'i1: p -> call', 'i2: p -> side', 'i3: side -> sideOut', 'i4: call -> a', 'i5: a -> x', 'i6: x -> boom [outcome = "bad"]', '*i7: x -> out', 'e0: on -> mend', 'e1: mend -> y', 'e2: y -> again [outcome = "bad"]', '*e3: y -> mended', 'f1: sub -> after', ...(more.boundary ? ['f2: failed -> other'] : [])])

  it('ends what runs in its scope, for a failed operation and for an error end', () => {
    const i = new Instance(caught()).send({ kind: 'operationResult', token: new Instance(caught()).at('call'), error: { code: 'X', message: 'x' } })
    expect(i.places).toEqual(['es', 'mend', 'sub'])
    expect(i.do('mend').places).toEqual(['after'])
    const j = new Instance(caught({ code: 'A' }))
    j.send({ kind: 'operationResult', token: j.at('call') }).do('a', 'bad')
    expect(j.places).toEqual(['es', 'mend', 'sub'])
  })
  it('hears its own code alone, and not itself', () => {
    const i = new Instance(caught({ code: 'A', boundary: true }))
    i.send({ kind: 'operationResult', token: i.at('call'), error: { code: 'X', message: 'x' } })
    expect(i.places).toEqual(['other'])
    const j = new Instance(caught({ code: 'A', boundary: true }))
    j.send({ kind: 'operationResult', token: j.at('call') }).do('a', 'bad').do('mend', 'bad')
    expect(j.places).toEqual(['other'])
  })
})
