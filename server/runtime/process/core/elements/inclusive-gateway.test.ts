import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect, type ElementSpec } from '#tests/support/process/build.ts'
import { incidents } from '../waits.ts'

const u = { type: 'userTask' as const, outcomes: ['ok', 'again', 'out'] }
const or: ElementSpec = { type: 'inclusiveGateway' }
const xor: ElementSpec = { type: 'exclusiveGateway' }
const s: ElementSpec = { type: 'startEvent' }
const e: ElementSpec = { type: 'endEvent' }
/** split -> a, b, c -> join -> after */
const three = () => build({ s, split: or, a: u, b: u, c: u, join: or, after: u, e },
  ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pb]', '*fc: split -> c', 'ja: a -> join', 'jb: b -> join', 'jc: c -> join', 'f1: join -> after', 'f2: after -> e'])

describe('inclusive split', () => {
  it('takes every flow whose condition holds, the default flow only when none does', () => {
    expect(new Instance(three(), { pa: true, pb: true }).places).toEqual(['a', 'b'])
    expect(new Instance(three(), { pa: false, pb: true }).places).toEqual(['b'])
    expect(new Instance(three(), { pa: false, pb: false }).places).toEqual(['c'])
  })
  it('makes an incident when nothing holds and there is no default; retry asks again', () => {
    const i = new Instance(build({ s, split: or, a: u, b: u }, ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pb]']), { pa: false, pb: false })
    expect(i.of('incident')).toMatchObject([{ element: 'split', code: 'noFlow' }])

    i.answers = { pa: true, pb: true }

    expect(i.send({ kind: 'retry', token: i.at('split') }).places).toEqual(['a', 'b'])
  })
  it('does not drop a branch whose condition has no answer: that is an incident, whatever else holds', () => {
    const i = new Instance(three(), { pa: true, pb: null })

    expect(i.of('incident')).toMatchObject([{ element: 'split', code: 'conditionNull', message: expect.stringContaining('fb "pb"') }])
    expect(incidents(i.state)).toMatchObject([{ at: 'split', phase: 'leave' }])
  })
})

describe('inclusive join', () => {
  it('waits for the branches that were taken and for no other', () => {
    const both = new Instance(three(), { pa: true, pb: true }).do('b')
    expect(both.places).toEqual(['a', 'join'])
    expect(both.do('a').places).toEqual(['after'])

    expect(new Instance(three(), { pa: true, pb: false }).do('a').places).toEqual(['after'])
  })
  it('waits for a branch that goes in a circle before it comes', () => {
    const p = build({ s, split: or, a: u, x: xor, b: u, join: or, after: u },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pb]', 'a1: a -> x', 'back: x -> a [outcome = "again"]', '*ja: x -> join', 'jb: b -> join', 'f1: join -> after'])
    const i = new Instance(p, { pa: true, pb: true }).do('b').do('a', 'again').do('a', 'again')
    expect(i.places).toEqual(['a', 'join'])

    expect(i.do('a', 'ok').places).toEqual(['after'])
  })
  it('goes on when the branch it waited for leaves by another way', () => {
    const p = build({ s, split: or, a: u, x: xor, other: u, b: u, join: or, after: u, e },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pb]', 'a1: a -> x', 'f9: x -> other [outcome = "out"]', '*ja: x -> join', 'fo: other -> e', 'jb: b -> join', 'f1: join -> after'])
    const i = new Instance(p, { pa: true, pb: true }).do('b')
    expect(i.places).toEqual(['a', 'join'])

    expect(i.do('a', 'out').places).toEqual(['after', 'other'])
  })
  it('may head a loop: what comes back passes, and nobody is waited for who is not on the way', () => {
    const p = build({ s, head: or, t: u, x: xor, e }, ['f0: s -> head', 'f1: head -> t', 'f2: t -> x', 'back: x -> head [outcome = "again"]', '*f3: x -> e'])
    const i = new Instance(p)

    expect(i.do('t', 'again').do('t', 'again').places).toEqual(['t'])
    expect(i.do('t').state.marking.ended).toBe(true)
  })
  it('takes one token per flow; a second one over the same flow waits for the next round', () => {
    const p = build({ s, fork: { type: 'parallelGateway' }, a: u, twice: { type: 'parallelGateway' }, m: xor, b: u, join: or, after: u },
      ['f0: s -> fork', 'fa: fork -> a', 'fb: fork -> b', 'f1: a -> twice', 'f2: twice -> m', 'f3: twice -> m', 'ja: m -> join', 'jb: b -> join', 'f4: join -> after'])
    const i = new Instance(p).do('a')
    expect(i.places).toEqual(['b', 'join', 'join'])

    expect(i.do('b').places).toEqual(['after', 'after'])
  })
  it('is not held up by a token that can also come over a flow that has one (13.4.3, iv to vi)', () => {
    const p = build({ s, fork: { type: 'parallelGateway' }, a: u, b: u, m: xor, x: xor, join: or, after: u },
      ['f0: s -> fork', 'fa: fork -> a', 'fb: fork -> b', 'fm: a -> m', 'ja: m -> join', 'fx: b -> x', 'xm: x -> m [outcome = "again"]', '*jb: x -> join', 'f1: join -> after'])

    expect(new Instance(p).do('a').places).toEqual(['after', 'b'])
    expect(new Instance(p).do('b').places).toEqual(['a', 'join'])
  })
  it('joins nested and crossing splits', () => {
    const nested = build({ s, o1: or, a: u, o2: or, b: u, c: u, j2: or, j1: or, after: u },
      ['f0: s -> o1', 'fa: o1 -> a [pa]', 'f2: o1 -> o2 [p2]', 'fb: o2 -> b [pb]', 'fc: o2 -> c [pc]', 'jb: b -> j2', 'jc: c -> j2', 'j21: j2 -> j1', 'ja: a -> j1', 'f9: j1 -> after'])
    const n = new Instance(nested, { pa: true, p2: true, pb: true, pc: true }).do('a').do('b')
    expect(n.places).toEqual(['c', 'j1', 'j2'])
    expect(n.do('c').places).toEqual(['after'])

    // x1 goes to both joins, x2 too: j1 and j2 share their branches
    const crossing = build({ s, fork: { type: 'parallelGateway' }, x1: or, x2: or, a: u, b: u, c: u, d: u, j1: or, j2: or, one: u, two: u },
      ['f0: s -> fork', 'f1: fork -> x1', 'f2: fork -> x2', 'fa: x1 -> a [pa]', 'fb: x1 -> b [pb]', 'fc: x2 -> c [pc]', 'fd: x2 -> d [pd]', 'a1: a -> j1', 'b2: b -> j2', 'c1: c -> j1', 'd2: d -> j2', 'g1: j1 -> one', 'g2: j2 -> two'])
    const i = new Instance(crossing, { pa: true, pb: true, pc: true, pd: false })
    expect(i.do('b').places).toEqual(['a', 'c', 'two'])
    expect(i.do('a').places).toEqual(['c', 'j1', 'two'])
    expect(i.do('c').places).toEqual(['one', 'two'])
  })
  it('counts a task upstream as able to come by its boundary, as long as that may fire', () => {
    const boundary = (more: Partial<ElementSpec>) => build({ s, split: or, a: u, late: { type: 'boundaryEvent', attachedTo: 'a', ...more }, b: u, join: or, after: u, e },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pb]', 'a1: a -> e', 'jl: late -> join', 'jb: b -> join', 'f1: join -> after'])
    const timer = { event: 'timer' as const, timer: { kind: 'duration' as const, expr: 'd' } }

    const done = new Instance(boundary(timer), { pa: true, pb: true }).do('b')
    expect(done.places).toEqual(['a', 'join'])
    expect(done.do('a').places).toEqual(['after'])

    const late = new Instance(boundary(timer), { pa: true, pb: true }).do('b')
    expect(late.send({ kind: 'timer', token: late.at('a'), element: 'late' }).places).toEqual(['after'])

    const beside = new Instance(boundary({ ...timer, interrupting: false }), { pa: true, pb: true })
    beside.send({ kind: 'timer', token: beside.at('a'), element: 'late' })
    expect(beside.places).toEqual(['a', 'b', 'join'])
    expect(beside.do('b').places).toEqual(['a', 'after'])
  })
  it('counts a boundary on a task that is still ahead', () => {
    const p = build({ s, split: or, first: u, a: u, late: { type: 'boundaryEvent', event: 'message', message: 'late', attachedTo: 'a' }, b: u, join: or, after: u, e },
      ['f0: s -> split', 'f1: split -> first [pa]', 'fb: split -> b [pa]', 'f2: first -> a', 'a1: a -> e', 'jl: late -> join', 'jb: b -> join', 'f3: join -> after'])
    const i = new Instance(p, { pa: true }).do('b')
    expect(i.places).toEqual(['first', 'join'])

    expect(i.do('first').places).toEqual(['a', 'join'])
    expect(i.send({ kind: 'message', name: 'late' }).places).toEqual(['after'])
  })
  it('in a loop beside another branch does not wait for what can only come round again', () => {
    // t leads back to the split over pj, which waits for the inclusive join: waiting for t would be for ever
    const p = build({ s, m: xor, ps: { type: 'parallelGateway' }, os: or, x: u, y: u, oj: or, t: u, pj: { type: 'parallelGateway' }, ask: u, g: xor, e },
      ['f0: s -> m', 'f1: m -> ps', 'f2: ps -> os', 'f3: ps -> t', 'ox: os -> x [px]', '*oy: os -> y', 'xj: x -> oj', 'yj: y -> oj', 'p1: oj -> pj', 'p2: t -> pj', 'f4: pj -> ask', 'f5: ask -> g', 'back: g -> m [outcome = "again"]', '*f6: g -> e'])
    const i = new Instance(p, { px: true })

    expect(i.do('x').places).toEqual(['pj', 't'])
    expect(i.do('t').do('ask', 'again').places).toEqual(['t', 'x'])
  })
  it('waits for a sub-process as a whole, and for what its boundary may throw', () => {
    const p = build({
      s, split: or, sub: { type: 'subProcess' }, in: { ...s, scope: 'sub' }, a: { ...u, scope: 'sub' }, x: { ...xor, scope: 'sub' }, out: { ...e, scope: 'sub' }, boom: { ...e, event: 'error', errorCode: 'E', scope: 'sub' },
      caught: { type: 'boundaryEvent', event: 'error', errorCode: 'E', attachedTo: 'sub' }, b: u, join: or, after: u, over: e,
    }, ['f0: s -> split', 'fa: split -> sub [pa]', 'fb: split -> b [pb]', 'i0: in -> a', 'i1: a -> x', 'i2: x -> boom [outcome = "out"]', '*i3: x -> out', 'f1: sub -> over', 'jc: caught -> join', 'jb: b -> join', 'f2: join -> after'])
    const i = () => new Instance(p, { pa: true, pb: true }).do('b')

    expect(i().places).toEqual(['a', 'join', 'sub'])
    expect(i().do('a', 'out').places).toEqual(['after'])
    expect(i().do('a', 'ok').places).toEqual(['after'])
  })
  it('in a sub-process looks at its own scope alone, each instance for itself', () => {
    const p = build({
      s, t: u, ask: { type: 'boundaryEvent', event: 'message', message: 'ask', interrupting: false, attachedTo: 't' }, sub: { type: 'subProcess' }, e,
      in: { ...s, scope: 'sub' }, split: { ...or, scope: 'sub' }, a: { ...u, scope: 'sub' }, b: { ...u, scope: 'sub' }, join: { ...or, scope: 'sub' }, c: { ...u, scope: 'sub' },
    }, ['f0: s -> t', 'f1: t -> e', 'f2: ask -> sub', 'f3: sub -> e', 'i0: in -> split', 'ia: split -> a [pa]', 'ib: split -> b [pb]', 'ja: a -> join', 'jb: b -> join', 'i1: join -> c'])
    const i = new Instance(p, { pa: true, pb: true }).send({ kind: 'message', name: 'ask' }).send({ kind: 'message', name: 'ask' })
    const [first, second] = i.state.marking.scopes.map(x => x.id)
    const within = (scope: number | undefined) => i.state.marking.tokens.filter(t => t.scope === scope).map(t => t.at).sort()

    i.do('a', 'ok', 0)
    expect([within(first), within(second)].sort()).toEqual([['a', 'b'], ['b', 'join']])
    const half = i.state.marking.tokens.find(t => t.at === 'join')?.scope
    i.send({ kind: 'outcome', token: i.state.marking.tokens.find(t => t.at === 'b' && t.scope === half)?.id ?? 0, outcome: 'ok' })

    expect(i.places).toEqual(['a', 'b', 'c', 'sub', 'sub', 't'])
  })
  it('is taken away with the rest when the process is terminated over it', () => {
    const p = build({ s, split: or, a: u, b: u, k: u, stop: { type: 'endEvent', event: 'terminate' }, join: or, after: u },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pa]', 'fk: split -> k [pa]', 'ja: a -> join', 'jb: b -> join', 'f1: join -> after', 'f2: k -> stop'])
    const i = new Instance(p, { pa: true }).do('a')
    expect(i.places).toEqual(['b', 'join', 'k'])

    expect(i.do('k').state.marking).toEqual({ tokens: [], scopes: [], next: 1, ended: true })
  })
  it('goes on when the last one it waited for ends elsewhere, and asks only after what that one wrote', () => {
    const p = build({ s, split: or, a: u, x: xor, b: u, join: or, good: u, bad: u, e },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pa]', 'a1: a -> x', 'ja: x -> join [outcome = "again"]', { flow: '*ae: x -> e', effects: [setEffect({ paid: 'true' })] }, 'jb: b -> join', 'g: join -> good [paid]', '*h: join -> bad'])
    const i = new Instance(p, { pa: true, paid: false }).do('b').do('a')
    expect(i.of('apply')).toMatchObject([{ element: 'ae', wait: true }])
    expect(i.places).toEqual(['join', 'x'])
    i.answers = { paid: true }

    expect(i.send({ kind: 'effectDone', token: i.at('x') }).places).toEqual(['good'])
  })
  it('waits for a token whose effects on the way to it still run', () => {
    const p = build({ s, split: or, a: u, b: u, join: or, after: u },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pa]', { flow: 'ja: a -> join', effects: [setEffect({ n: '1' }, { entity: 'other', where: 'x' })] }, 'jb: b -> join', 'f1: join -> after'])
    const i = new Instance(p, { pa: true }).do('a').do('b')
    expect(i.places).toEqual(['a', 'join'])

    expect(i.send({ kind: 'effectDone', token: i.at('a') }).places).toEqual(['after'])
  })
  it('lets a parallel join behind it count it once', () => {
    const p = build({ s, fork: { type: 'parallelGateway' }, split: or, a: u, b: u, oj: or, d: u, join: { type: 'parallelGateway' }, after: u },
      ['f0: s -> fork', 'f1: fork -> split', 'f2: fork -> d', 'fa: split -> a [pa]', 'fb: split -> b [pa]', 'ja: a -> oj', 'jb: b -> oj', 'p1: oj -> join', 'p2: d -> join', 'f3: join -> after'])

    const i = new Instance(p, { pa: true }).do('d').do('a')
    expect(i.places).toEqual(['b', 'join', 'oj'])
    expect(i.do('b').places).toEqual(['after'])
  })
  it('in a circle of two that wait for each other is an incident, not silence', () => {
    const p = build({ s, f: { type: 'parallelGateway' }, j1: or, j2: or, a: u, b: u, x: xor, y: xor, e },
      ['f0: s -> f', 'f1: f -> j1', 'f2: f -> j2', 'f3: j1 -> a', 'f4: j2 -> b', 'f5: a -> x', 'f6: b -> y', 'c1: x -> j2 [p]', '*f7: x -> e', 'c2: y -> j1 [q]', '*f8: y -> e'])

    expect(new Instance(p).of('incident')).toMatchObject([{ element: 'j1', code: 'deadlock', message: expect.stringContaining('j1, j2') }])
  })
  it('counts a link on the way as a way', () => {
    const p = build({ s, split: or, a: u, go: { type: 'intermediateThrowEvent', event: 'link', link: 'L' }, come: { type: 'intermediateCatchEvent', event: 'link', link: 'L' }, b: u, join: or, after: u },
      ['f0: s -> split', 'fa: split -> a [pa]', 'fb: split -> b [pa]', 'f1: a -> go', 'ja: come -> join', 'jb: b -> join', 'f2: join -> after'])
    const i = new Instance(p, { pa: true }).do('b')
    expect(i.places).toEqual(['a', 'join'])

    expect(i.do('a').places).toEqual(['after'])
  })
})
