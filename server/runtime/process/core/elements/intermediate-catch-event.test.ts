import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'
import { waits } from '../waits.ts'
import type { ElementSpec } from '#tests/support/process/build.ts'

const catching = (spec: Partial<ElementSpec>) => build({ s: { type: 'startEvent' }, c: { type: 'intermediateCatchEvent', ...spec }, t: { type: 'userTask' } }, ['f0: s -> c', 'f1: c -> t'])

describe('intermediate catch event', () => {
  it('waits for its message and takes its input along', () => {
    const i = new Instance(catching({ event: 'message', message: 'return', status: 'APPROVED' }))
    expect(i.of('status')).toEqual([{ kind: 'status', value: 'APPROVED' }])
    expect(waits(i.process, i.state)).toEqual([{ token: i.at('c'), element: 'c', kind: 'message', name: 'return' }])
    expect(i.try({ kind: 'message', name: 'other' })).toMatchObject({ refused: 'noCatcher' })

    expect(i.send({ kind: 'message', name: 'return' }).places).toEqual(['t'])
  })
  it('arms its timer on entering and does not cancel it when it fires', () => {
    const i = new Instance(catching({ event: 'timer', timer: { kind: 'date', expr: 'window.end' } }))
    const token = i.at('c')
    expect(i.effects).toEqual([{ kind: 'armTimer', token, element: 'c', timer: 'date', expr: 'window.end' }])

    i.send({ kind: 'timer', token, element: 'c' })

    expect(i.effects.map(e => e.kind)).toEqual(['createTask'])
    expect(i.try({ kind: 'timer', token, element: 'c' })).toMatchObject({ refused: 'noCatcher' })
  })
  it('passes at once when its condition holds, else when a change makes it hold', () => {
    const p = catching({ event: 'conditional', condition: 'photo != null' })
    expect(new Instance(p, { 'photo != null': true }).places).toEqual(['t'])

    const i = new Instance(p, { 'photo != null': null })
    expect(i.send({ kind: 'changed' }).places).toEqual(['c'])
    i.answers = { 'photo != null': true }
    expect(i.send({ kind: 'changed' }).places).toEqual(['t'])
  })
  it('hears a signal together with everyone else who listens', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, c1: { type: 'intermediateCatchEvent', event: 'signal', signal: 'go' }, c2: { type: 'intermediateCatchEvent', event: 'signal', signal: 'go' }, a: { type: 'userTask' }, b: { type: 'userTask' } },
      ['f0: s -> fork', 'f1: fork -> c1', 'f2: fork -> c2', 'f3: c1 -> a', 'f4: c2 -> b'])

    expect(new Instance(p).send({ kind: 'signal', name: 'go' }).places).toEqual(['a', 'b'])
    expect(new Instance(p).send({ kind: 'signal', name: 'unheard' }).effects).toEqual([])
  })
  it('waits in a receive task alike, whose boundary timer is cancelled', () => {
    const p = build({ s: { type: 'startEvent' }, r: { type: 'receiveTask', event: 'message', message: 'paid' }, late: { type: 'boundaryEvent', event: 'timer', attachedTo: 'r', timer: { kind: 'duration', expr: 'd' } }, t: { type: 'userTask' } },
      ['f0: s -> r', 'f1: r -> t', 'f2: late -> t'])
    const i = new Instance(p)
    const token = i.at('r')

    i.send({ kind: 'message', name: 'paid' })

    expect(i.of('cancelTimer')).toEqual([{ kind: 'cancelTimer', token, element: 'late' }])
    expect(i.places).toEqual(['t'])
  })
})
