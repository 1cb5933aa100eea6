import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'
import { waits } from '../waits.ts'

const race = () => build({
  s: { type: 'startEvent' }, g: { type: 'eventBasedGateway' },
  paid: { type: 'intermediateCatchEvent', event: 'message', message: 'paid', status: 'UNPAID' },
  late: { type: 'intermediateCatchEvent', event: 'timer', timer: { kind: 'duration', expr: 'duration("P3D")' } },
  a: { type: 'userTask' }, b: { type: 'userTask' },
}, ['f0: s -> g', 'f1: g -> paid', 'f2: g -> late', 'f3: paid -> a', 'f4: late -> b'])

describe('event-based gateway', () => {
  it('waits for all its events at once and states their status', () => {
    const i = new Instance(race())

    expect(i.of('status')).toEqual([{ kind: 'status', value: 'UNPAID' }])
    expect(waits(i.process, i.state).map(w => [w.kind, w.element])).toEqual([['message', 'paid'], ['timer', 'late']])
  })
  it('goes the way of the first event and cancels the other timers', () => {
    const i = new Instance(race())
    const token = i.at('g')

    i.send({ kind: 'message', name: 'paid' })

    expect(i.of('cancelTimer')).toEqual([{ kind: 'cancelTimer', token, element: 'late' }])
    expect(i.places).toEqual(['a'])
    expect(i.try({ kind: 'timer', token, element: 'late' })).toMatchObject({ refused: 'noCatcher' })
  })
  it('does not cancel the timer that fired', () => {
    const i = new Instance(race())

    i.send({ kind: 'timer', token: i.at('g'), element: 'late' })

    expect(i.of('cancelTimer')).toEqual([])
    expect(i.places).toEqual(['b'])
  })
})
