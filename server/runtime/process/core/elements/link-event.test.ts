import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect, type ElementSpec } from '#tests/support/process/build.ts'

const u = { type: 'userTask' as const, outcomes: ['ok', 'again'] }
const s: ElementSpec = { type: 'startEvent' }
const thrown = (link: string, scope?: string): ElementSpec => ({ type: 'intermediateThrowEvent', event: 'link', link, ...(scope ? { scope } : {}) })
const caught = (link: string, scope?: string): ElementSpec => ({ type: 'intermediateCatchEvent', event: 'link', link, ...(scope ? { scope } : {}) })

describe('link events', () => {
  it('go on at the catch of the same name, from several throws', () => {
    const p = build({ s, x: { type: 'exclusiveGateway' }, go1: thrown('L'), go2: thrown('L'), come: caught('L'), t: u }, ['f0: s -> x', 'f1: x -> go1 [left]', '*f2: x -> go2', 'f3: come -> t'])

    expect(new Instance(p, { left: true }).places).toEqual(['t'])
    expect(new Instance(p, { left: false }).places).toEqual(['t'])
  })
  it('draw a loop', () => {
    const p = build({ s, come: caught('L'), t: u, x: { type: 'exclusiveGateway' }, go: thrown('L'), e: { type: 'endEvent' }, m: { type: 'exclusiveGateway' } }, ['f0: s -> m', 'f9: come -> m', 'f1: m -> t', 'f2: t -> x', 'f3: x -> go [outcome = "again"]', '*f4: x -> e'])
    const i = new Instance(p).do('t', 'again')

    expect(i.places).toEqual(['t'])
    expect(i.do('t').state.marking.ended).toBe(true)
  })
  it('stay within their sub-process, whose names are its own', () => {
    const p = build({ s, sub: { type: 'subProcess' }, in: { ...s, scope: 'sub' }, goIn: thrown('L', 'sub'), comeIn: caught('L', 'sub'), a: { ...u, scope: 'sub' }, go: thrown('L'), come: caught('L'), b: u },
      ['f0: s -> sub', 'i0: in -> goIn', 'i1: comeIn -> a', 'f1: sub -> go', 'f2: come -> b'])
    const i = new Instance(p)

    expect(i.places).toEqual(['a', 'sub'])
    expect(i.do('a').places).toEqual(['b'])
  })
  it('run the effects of the throw first, waiting where a condition follows the catch', () => {
    const p = build({ s, go: { ...thrown('L'), effects: [setEffect({ paid: 'true' })] }, come: caught('L'), x: { type: 'exclusiveGateway' }, a: u, b: u }, ['f0: s -> go', 'f1: come -> x', 'fa: x -> a [paid]', '*fb: x -> b'])
    const i = new Instance(p, { paid: false })
    expect(i.of('apply')).toMatchObject([{ element: 'go', wait: true }])
    i.answers = { paid: true }

    expect(i.send({ kind: 'effectDone', token: i.at('go') }).places).toEqual(['a'])
  })
})
