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
