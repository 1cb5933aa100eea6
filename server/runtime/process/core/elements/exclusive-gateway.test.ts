import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect } from '#tests/support/process/build.ts'
import { start } from '../start.ts'
import type { Evaluate } from '../types.ts'
import { incidents } from '../waits.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
const choice = (flows: string[]) => build({ s: { type: 'startEvent' }, x: { type: 'exclusiveGateway' }, a: u, b: u, c: u }, ['f0: s -> x', ...flows])

describe('exclusive gateway', () => {
  it('takes the first flow whose condition holds, and only that one', () => {
    expect(new Instance(choice(['fa: x -> a [p]', 'fb: x -> b [q]']), { p: true, q: true }).places).toEqual(['a'])
    expect(new Instance(choice(['fa: x -> a [p]', 'fb: x -> b [q]']), { p: false, q: true }).places).toEqual(['b'])
  })
  it('takes the default flow when no condition holds, also when one is null', () => {
    expect(new Instance(choice(['*fa: x -> a', 'fb: x -> b [q]']), { q: null }).places).toEqual(['a'])
  })
  it('makes an incident when nothing holds; the token stays and retry evaluates again', () => {
    const i = new Instance(choice(['fa: x -> a [p]', 'fb: x -> b [q]']), { p: false, q: false })
    expect(i.of('incident')).toMatchObject([{ element: 'x', code: 'noFlow', token: i.at('x') }])
    expect(incidents(i.state)).toMatchObject([{ at: 'x', phase: 'leave' }])

    i.answers = { p: false, q: true }
    i.send({ kind: 'retry', token: i.at('x') })

    expect(i.places).toEqual(['b'])
  })
  it('says which condition was null', () => {
    const i = new Instance(choice(['fa: x -> a [p]', 'fb: x -> b [q]']), { p: false, q: null })

    expect(i.of('incident')).toMatchObject([{ code: 'conditionNull', message: expect.stringContaining('fb "q"') }])
  })
  it('remembers the outcome for its conditions over effects that wait and over a retry', () => {
    const p = build({ s: { type: 'startEvent' }, t: { type: 'userTask', outcomes: ['yes', 'no'] }, x: { type: 'exclusiveGateway' }, a: u, b: u },
      ['f0: s -> t', { flow: 'f1: t -> x', effects: [setEffect({ n: '1' })] }, 'fa: x -> a [outcome = "yes"]', 'fb: x -> b [outcome = "no"]'])
    const i = new Instance(p).do('t', 'no')
    expect(i.of('apply')).toMatchObject([{ element: 'f1', wait: true, token: i.at('t') }])

    expect(i.send({ kind: 'effectDone', token: i.at('t') }).places).toEqual(['b'])
  })
})

describe('an expression that cannot be computed', () => {
  it('stops its own token with the reason, and no other', () => {
    const p = build({ s: { type: 'startEvent' }, split: { type: 'parallelGateway' }, x: { type: 'exclusiveGateway' }, a: { type: 'endEvent' }, t: { type: 'userTask', outcomes: ['ok'] } }, ['f0: s -> split', 'f1: split -> x', 'f2: split -> t', 'f3: x -> a [loops(1)]'])
    const failing: Evaluate = () => { throw Object.assign(new Error('took more than 100000 steps'), { name: 'FeelRuntimeError' }) }

    const r = start(p, { kind: 'start' }, failing)

    if ('refused' in r) throw new Error(r.message)
    expect(r.state.marking.tokens.map(t => t.at).sort()).toEqual(['t', 'x'])
    expect(r.effects).toContainEqual(expect.objectContaining({ kind: 'incident', code: 'conditionNull', message: expect.stringContaining('(took more than 100000 steps)') as string }))
  })
  it('is no cover for a mistake of another kind', () => {
    const p = build({ s: { type: 'startEvent' }, x: { type: 'exclusiveGateway' }, a: { type: 'endEvent' } }, ['f0: s -> x', 'f1: x -> a [c]'])
    expect(() => start(p, { kind: 'start' }, () => { throw new Error('facts are missing') })).toThrow('facts are missing')
  })
})
