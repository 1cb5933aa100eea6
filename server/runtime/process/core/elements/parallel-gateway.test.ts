import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'

const u = { type: 'userTask' as const, outcomes: ['ok', 'again'] }
const forkJoin = () => build({
  s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, a: u, b: u, join: { type: 'parallelGateway' }, after: u,
}, ['f0: s -> fork', 'fa: fork -> a', 'fb: fork -> b', 'ja: a -> join', 'jb: b -> join', 'f1: join -> after'])

describe('parallel gateway', () => {
  it('starts all branches and goes on when every one has come', () => {
    const i = new Instance(forkJoin())
    expect(i.places).toEqual(['a', 'b'])

    expect(i.do('b').places).toEqual(['a', 'join'])
    expect(i.do('a').places).toEqual(['after'])
  })
  it('lets a second token over the same flow queue and never counts it twice', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, a: u, twice: { type: 'parallelGateway' }, m: { type: 'exclusiveGateway' }, b: u, join: { type: 'parallelGateway' }, after: u },
      ['f0: s -> fork', 'fa: fork -> a', 'fb: fork -> b', 'f1: a -> twice', 'f2: twice -> m', 'f3: twice -> m', 'ja: m -> join', 'jb: b -> join', 'f4: join -> after'])
    const i = new Instance(p).do('a')
    expect(i.places).toEqual(['b', 'join', 'join'])

    i.do('b')

    expect(i.places).toEqual(['after', 'join'])
  })
  it('that nobody can come to any more is an incident, not silence', () => {
    const p = build({ s: { type: 'startEvent' }, x: { type: 'exclusiveGateway' }, a: u, b: u, join: { type: 'parallelGateway' }, after: u }, ['f0: s -> x', 'fa: x -> a [left]', '*fb: x -> b', 'ja: a -> join', 'jb: b -> join', 'f1: join -> after'])

    expect(new Instance(p, { left: true }).of('incident')).toEqual([])
    expect(new Instance(p, { left: true }).do('a').of('incident')).toMatchObject([{ element: 'join', code: 'deadlock' }])
  })
  it('waits for a branch that loops back and arrives late', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, a: u, x: { type: 'exclusiveGateway' }, b: u, join: { type: 'parallelGateway' }, after: u },
      ['f0: s -> fork', 'fa: fork -> a', 'fb: fork -> b', 'f1: a -> x', 'back: x -> a [outcome = "again"]', '*ja: x -> join', 'jb: b -> join', 'f4: join -> after'])
    const i = new Instance(p).do('b').do('a', 'again').do('a', 'again')
    expect(i.places).toEqual(['a', 'join'])

    expect(i.do('a', 'ok').places).toEqual(['after'])
  })
})
