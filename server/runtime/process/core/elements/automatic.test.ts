import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'
import { incidents } from '../waits.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }

describe('elements that do not wait', () => {
  it('sends, throws and passes in the order of the flow', () => {
    const p = build({ s: { type: 'startEvent' }, tell: { type: 'sendTask' }, hand: { type: 'manualTask' }, plain: { type: 'task' }, shout: { type: 'intermediateThrowEvent', event: 'message', message: 'm' }, flare: { type: 'intermediateThrowEvent', event: 'signal', signal: 'x' }, mark: { type: 'intermediateThrowEvent' }, t: u },
      ['f0: s -> tell', 'f1: tell -> hand', 'f2: hand -> plain', 'f3: plain -> shout', 'f4: shout -> flare', 'f5: flare -> mark', 'f6: mark -> t'])
    const i = new Instance(p)

    expect(i.effects).toEqual([
      { kind: 'send', element: 'tell' }, { kind: 'throwMessage', name: 'm', element: 'shout' }, { kind: 'throwSignal', name: 'x', element: 'flare' },
      { kind: 'createTask', token: i.at('t'), element: 't' },
    ])
  })
  it('asks the rule of a business-rule task with its inputs and keeps the mapped result', () => {
    const p = build({ s: { type: 'startEvent' }, r: { type: 'businessRuleTask', rule: 'fee', inputs: [{ name: 'level', expr: 'record.level' }, { name: 'n', expr: '3' }], outputs: [{ name: 'fee', expr: 'output' }] }, t: u }, ['f0: s -> r', 'f1: r -> t'])

    expect(new Instance(p, { 'rules.fee(record.level, 3)': 280 }).state.variables).toEqual({ fee: 280 })
  })
  it('stops an endless loop with an incident instead of hanging', () => {
    const p = build({ s: { type: 'startEvent' }, a: { type: 'task' }, b: { type: 'task' } }, ['f0: s -> a', 'f1: a -> b', 'f2: b -> a'])
    const i = new Instance(p)

    expect(i.of('incident')).toMatchObject([{ code: 'endlessLoop', message: expect.stringContaining('1000 elements') }])
    expect(incidents(i.state)).toMatchObject([{ phase: 'enter' }])
  })
  it('starts by message or by the start event that is named, and refuses a start that is not there', () => {
    const p = build({ s: { type: 'startEvent', event: 'message', message: 'join' }, nightly: { type: 'startEvent', event: 'timer', timer: { kind: 'cycle', expr: '"R/P1D"' } }, t: u, v: u }, ['f0: s -> t', 'f1: nightly -> v'])

    expect(new Instance(p, {}, { message: 'join' }).places).toEqual(['t'])
    expect(new Instance(p, {}, { element: 'nightly' }).places).toEqual(['v'])
    expect(() => new Instance(p, {}, { message: 'leave' })).toThrow('"leave"')
    expect(() => new Instance(build({ t: u }, []))).toThrow('no start event')
  })
})
