import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
const nested = () => build({
  s: { type: 'startEvent' }, sub: { type: 'subProcess' },
  in: { type: 'startEvent', scope: 'sub' }, fork: { type: 'parallelGateway', scope: 'sub' }, a: { ...u, scope: 'sub' }, b: { ...u, scope: 'sub' },
  out: { type: 'endEvent', scope: 'sub' }, boom: { type: 'endEvent', event: 'error', errorCode: 'E1', scope: 'sub' },
  caught: { type: 'boundaryEvent', event: 'error', errorCode: 'E1', attachedTo: 'sub' }, cancel: { type: 'boundaryEvent', event: 'message', message: 'cancel', attachedTo: 'sub' },
  after: u, handled: u,
}, ['f0: s -> sub', 'i0: in -> fork', 'i1: fork -> a', 'i2: fork -> b', 'i3: a -> out', 'i4: b -> boom', 'f1: sub -> after', 'f2: caught -> handled', 'f3: cancel -> handled'])

describe('sub-process', () => {
  it('opens a scope carried by the token that rests on it', () => {
    const i = new Instance(nested())

    expect(i.places).toEqual(['a', 'b', 'sub'])
    expect(i.state.marking.scopes).toEqual([{ id: i.at('sub'), parent: 0, element: 'sub' }])
    expect(i.state.marking.tokens.find(t => t.at === 'a')?.scope).toBe(i.at('sub'))
  })
  it('goes on when the last token inside has ended', () => {
    const p = build({ s: { type: 'startEvent' }, sub: { type: 'subProcess' }, in: { type: 'startEvent', scope: 'sub' }, a: { ...u, scope: 'sub' }, out: { type: 'endEvent', scope: 'sub' }, after: u },
      ['f0: s -> sub', 'i0: in -> a', 'i1: a -> out', 'f1: sub -> after'])

    expect(new Instance(p).do('a').places).toEqual(['after'])
  })
  it('is left by an error end, which takes the other branch along', () => {
    const i = new Instance(nested())
    const token = i.at('a')

    i.do('b')

    expect(i.places).toEqual(['handled'])
    expect(i.of('cancelTask')).toEqual([{ kind: 'cancelTask', token, element: 'a' }])
    expect(i.state.marking.scopes).toEqual([])
  })
  it('is interrupted as a whole by its boundary message', () => {
    const i = new Instance(nested()).send({ kind: 'message', name: 'cancel' })

    expect(i.places).toEqual(['handled'])
    expect(i.of('cancelTask').map(e => e.element).sort()).toEqual(['a', 'b'])
  })
  it('keeps an uncaught error as an incident', () => {
    const p = build({ s: { type: 'startEvent' }, boom: { type: 'endEvent', event: 'error', errorCode: 'E2' } }, ['f0: s -> boom'])
    const i = new Instance(p)

    expect(i.of('incident')).toMatchObject([{ code: 'uncaughtError', element: 'boom' }])
    expect(i.state.marking.ended).toBeUndefined()
  })
})
