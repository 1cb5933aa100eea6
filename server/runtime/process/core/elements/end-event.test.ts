import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }

describe('end event', () => {
  it('ends the instance only with the last token', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, a: u, b: u, e: { type: 'endEvent', status: 'DONE' } }, ['f0: s -> fork', 'f1: fork -> a', 'f2: fork -> b', 'f3: a -> e', 'f4: b -> e'])
    const i = new Instance(p).do('a')
    expect(i.of('end')).toEqual([])

    expect(i.do('b').of('end')).toEqual([{ kind: 'end', element: 'e', how: 'none' }])
    expect(i.of('status')).toEqual([{ kind: 'status', value: 'DONE' }])
  })
  it('throws its message', () => {
    const p = build({ s: { type: 'startEvent' }, e: { type: 'endEvent', event: 'message', message: 'done' } }, ['f0: s -> e'])

    expect(new Instance(p).effects).toEqual([{ kind: 'throwMessage', name: 'done', element: 'e' }, { kind: 'end', element: 'e', how: 'message' }])
  })
  it('terminates everything else, running calls and tasks included', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, a: u, b: u, call: { type: 'serviceTask', operation: 'o' }, kill: { type: 'endEvent', event: 'terminate' } },
      ['f0: s -> fork', 'f1: fork -> a', 'f2: fork -> b', 'f3: fork -> call', 'f4: a -> kill'])
    const i = new Instance(p)
    const [b, call] = [i.at('b'), i.at('call')]

    i.do('a')

    expect(i.state.marking).toEqual({ tokens: [], scopes: [], next: 1, ended: true })
    expect(i.effects.slice(1)).toEqual([
      { kind: 'cancelTask', token: b, element: 'b' }, { kind: 'abandon', token: call, element: 'call', what: 'operation' }, { kind: 'end', element: 'kill', how: 'terminate' },
    ])
  })
  it('terminates only its own sub-process', () => {
    const p = build({ s: { type: 'startEvent' }, sub: { type: 'subProcess' }, in: { type: 'startEvent', scope: 'sub' }, fork: { type: 'parallelGateway', scope: 'sub' }, a: { ...u, scope: 'sub' }, b: { ...u, scope: 'sub' }, kill: { type: 'endEvent', event: 'terminate', scope: 'sub' }, after: u },
      ['f0: s -> sub', 'i0: in -> fork', 'i1: fork -> a', 'i2: fork -> b', 'i3: a -> kill', 'f1: sub -> after'])

    expect(new Instance(p).do('a').places).toEqual(['after'])
  })
})
