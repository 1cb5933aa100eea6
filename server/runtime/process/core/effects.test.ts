import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect } from '#tests/support/process/build.ts'
import { step } from './step.ts'
import { incidents, waits } from './waits.ts'
import type { EffectDef } from './types.ts'

const u = { type: 'userTask' as const, outcomes: ['ok', 'no'] }
const withFlow = (effects: EffectDef[], after: 'task' | 'gateway') => build(
  { s: { type: 'startEvent' }, t: u, ...(after === 'gateway' ? { x: { type: 'exclusiveGateway' as const } } : {}), a: u, b: u },
  ['f0: s -> t', { flow: `f1: t -> ${after === 'gateway' ? 'x' : 'a'}`, effects }, ...(after === 'gateway' ? ['fa: x -> a [paid]', '*fb: x -> b'] : [])])

describe('effects of flows', () => {
  it('go with the step when they only write the own record and a wait follows', () => {
    const i = new Instance(withFlow([setEffect({ paid: 'true' })], 'task')).send({ kind: 'outcome', token: 2, outcome: 'ok', input: { note: 'x' } })

    expect(i.of('apply')).toEqual([{ kind: 'apply', element: 'f1', token: 0, wait: false, names: { outcome: 'ok', input: { note: 'x' } } }])
    expect(i.places).toEqual(['a'])
  })
  it('are waited for when a condition follows, which then sees what they wrote', () => {
    const i = new Instance(withFlow([setEffect({ paid: 'true' })], 'gateway'), { paid: false }).do('t')
    expect(i.of('apply')).toMatchObject([{ wait: true, token: i.at('t') }])
    expect(waits(i.process, i.state)).toEqual([{ token: i.at('t'), element: 'f1', kind: 'effect', name: 't' }])
    i.answers = { paid: true }

    i.send({ kind: 'effectDone', token: i.at('t') })

    expect(i.places).toEqual(['a'])
  })
  it('are waited for when they reach other records, number or make', () => {
    for (const more of [{ entity: 'entry', where: 'true' }, { draw: 'number' }, { kind: 'make' as const, into: 'bill' }])
      expect(new Instance(withFlow([setEffect({ a: '1' }, more)], 'task')).do('t').of('apply')).toMatchObject([{ wait: true }])
  })
  it('show what was made, and the names given back, to the conditions behind them', () => {
    const i = new Instance(withFlow([setEffect({ a: '1' }, { kind: 'make', into: 'bill' })], 'gateway')).do('t')
    const asked: unknown[] = []

    step(i.process, i.state, { kind: 'effectDone', token: i.at('t'), result: { bill: { made: 3 } }, names: { input: { n: 1 } } }, (text, extra) => { asked.push([text, extra]); return true })

    expect(asked).toEqual([['paid', { outcome: 'ok', input: { n: 1 }, made: { bill: { made: 3 } } }]])
  })
  it('that fail are an incident; retry applies them again', () => {
    const i = new Instance(withFlow([setEffect({ a: '1' }, { entity: 'entry', where: 'x' })], 'task')).do('t', 'no')
    const token = i.at('t')

    i.send({ kind: 'operationResult', token, error: { code: 'UNIQUE', message: 'number taken' } })

    expect(i.of('incident')).toMatchObject([{ element: 'f1', code: 'UNIQUE', message: expect.stringContaining('number taken') }])
    expect(incidents(i.state)).toEqual([{ token, at: 't', phase: 'flow' }])
    expect(waits(i.process, i.state)).toEqual([])
    expect(i.send({ kind: 'retry', token }).of('apply')).toMatchObject([{ element: 'f1', wait: true, names: { outcome: 'no' } }])
    expect(i.send({ kind: 'effectDone', token: i.at('t') }).places).toEqual(['a'])
  })
  it('are abandoned when the process is ended over them', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, t: u, a: u, k: u, stop: { type: 'endEvent', event: 'terminate' } },
      ['f0: s -> fork', 'f1: fork -> t', 'f2: fork -> k', { flow: 'f3: t -> a', effects: [setEffect({ a: '1' }, { entity: 'e', where: 'x' })] }, 'f4: k -> stop'])
    const i = new Instance(p).do('t')
    const token = i.at('t')

    expect(i.do('k').of('abandon')).toEqual([{ kind: 'abandon', token, element: 'f3', what: 'effect' }])
    expect(i.try({ kind: 'effectDone', token })).toMatchObject({ refused: 'ended' })
  })
  it('of a task and of its flow follow each other', () => {
    const p = build({ s: { type: 'startEvent' }, c: { type: 'serviceTask', operation: 'o', effects: [setEffect({ a: '1' }, { entity: 'e', where: 'x' })] }, t: u },
      ['f0: s -> c', { flow: 'f1: c -> t', effects: [setEffect({ b: '2' })] }])
    const i = new Instance(p).send({ kind: 'operationResult', token: 2, output: { rows: [1] } })
    expect(i.of('apply')).toMatchObject([{ element: 'c', names: { output: { rows: [1] } } }])

    expect(i.send({ kind: 'effectDone', token: i.at('c') }).effects.map(e => ('element' in e ? `${e.kind} ${e.element}` : e.kind))).toEqual(['apply f1', 'createTask t'])
  })
})
