import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect, type ElementSpec } from '#tests/support/process/build.ts'
import { waits } from '../waits.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
const s: ElementSpec = { type: 'startEvent' }
const e: ElementSpec = { type: 'endEvent' }
const esc = (escalationCode?: string) => ({ event: 'escalation' as const, ...(escalationCode ? { escalationCode } : {}) })

/** a sub-process that throws between two tasks, and what catches on its boundary */
const sub = (boundary: Partial<ElementSpec> | null, more: Record<string, ElementSpec> = {}, flows: string[] = []) => build({
  s, sub: { type: 'subProcess' }, in: { ...s, scope: 'sub' }, a: { ...u, scope: 'sub' }, tell: { type: 'intermediateThrowEvent', ...esc('LATE'), scope: 'sub' }, b: { ...u, scope: 'sub' }, out: { ...e, scope: 'sub' },
  ...(boundary ? { heard: { type: 'boundaryEvent' as const, attachedTo: 'sub', ...boundary } } : {}), boss: u, after: u, e, ...more,
}, ['f0: s -> sub', 'i0: in -> a', 'i1: a -> tell', 'i2: tell -> b', 'i3: b -> out', 'f1: sub -> after', ...(boundary ? ['f2: heard -> boss'] : []), 'f3: boss -> e', 'f4: after -> e', ...flows])

describe('escalation', () => {
  it('runs beside the one that threw it when its boundary does not interrupt, as often as it is thrown', () => {
    const i = new Instance(sub({ ...esc('LATE'), interrupting: false })).do('a')

    expect(i.places).toEqual(['b', 'boss', 'sub'])
    expect(i.of('uncaughtEscalation')).toEqual([])
    expect(i.do('b').do('boss').places).toEqual(['after'])
  })
  it('ends the sub-process when its boundary interrupts', () => {
    const i = new Instance(sub(esc('LATE'))).do('a')

    expect(i.places).toEqual(['boss'])
    expect(i.of('createTask').map(t => t.element)).toEqual(['boss'])
  })
  it('is caught by code, or by a boundary without code', () => {
    expect(new Instance(sub({ ...esc('OTHER'), interrupting: false })).do('a').places).toEqual(['b', 'sub'])
    expect(new Instance(sub({ ...esc(), interrupting: false })).do('a').places).toEqual(['b', 'boss', 'sub'])
    const both = sub({ ...esc(), interrupting: false }, { exact: { type: 'boundaryEvent', attachedTo: 'sub', ...esc('LATE'), interrupting: false }, chief: u }, ['f9: exact -> chief'])
    expect(new Instance(both).do('a').places).toEqual(['b', 'chief', 'sub'])
  })
  it('that nobody catches goes on, and the history is told', () => {
    const i = new Instance(sub(null)).do('a')

    expect(i.places).toEqual(['b', 'sub'])
    expect(i.of('uncaughtEscalation')).toEqual([{ kind: 'uncaughtEscalation', element: 'tell', code: 'LATE' }])
    expect(i.of('incident')).toEqual([])
  })
  it('of an end event is thrown when the token ends, after its effects', () => {
    const p = build({ s, sub: { type: 'subProcess' }, in: { ...s, scope: 'sub' }, a: { ...u, scope: 'sub' }, up: { ...e, ...esc('LATE'), scope: 'sub', status: 'UP', effects: [setEffect({ n: '1' }, { entity: 'other', where: 'x' })] }, heard: { type: 'boundaryEvent', attachedTo: 'sub', ...esc('LATE'), interrupting: false }, boss: u, after: u },
      ['f0: s -> sub', 'i0: in -> a', 'i1: a -> up', 'f1: sub -> after', 'f2: heard -> boss'])
    const i = new Instance(p).do('a')
    expect(i.places).toEqual(['sub', 'up'])

    expect(i.send({ kind: 'effectDone', token: i.at('up') }).places).toEqual(['after', 'boss'])
  })
  it('of the last end event says how the process ended', () => {
    const p = build({ s, up: { ...e, ...esc('LATE') } }, ['f0: s -> up'])

    expect(new Instance(p).effects).toEqual([{ kind: 'uncaughtEscalation', element: 'up', code: 'LATE' }, { kind: 'end', element: 'up', how: 'escalation' }])
  })
  it('is caught by an event sub-process of its own scope before any boundary', () => {
    const eventSub = (interrupting: boolean): Record<string, ElementSpec> => ({ ev: { type: 'eventSubProcess', scope: 'sub' }, on: { ...s, ...esc('LATE'), interrupting, scope: 'ev' }, x: { ...u, scope: 'ev' } })
    const beside = new Instance(sub(esc('LATE'), eventSub(false), ['v0: on -> x'])).do('a')
    expect(beside.places).toEqual(['b', 'ev', 'sub', 'x'])
    expect(waits(beside.process, beside.state).map(w => w.kind)).toEqual(['task', 'task'])

    const instead = new Instance(sub(esc('LATE'), eventSub(true), ['v0: on -> x'])).do('a')
    expect(instead.places).toEqual(['ev', 'sub', 'x'])
    expect(instead.do('x').places).toEqual(['after'])
  })
  it('thrown in an event sub-process is not heard by that one again, but by the scope around', () => {
    const p = sub({ ...esc('LATE'), interrupting: false }, { ev: { type: 'eventSubProcess', scope: 'sub' }, on: { ...s, ...esc('LATE'), interrupting: false, scope: 'ev' }, x: { ...u, scope: 'ev' }, more: { ...e, ...esc('LATE'), scope: 'ev' } }, ['v0: on -> x', 'v1: x -> more'])
    const i = new Instance(p).do('a')
    expect(i.places).toEqual(['b', 'ev', 'sub', 'x'])

    expect(i.do('x').places).toEqual(['b', 'boss', 'sub'])
  })
  it('passes a scope that does not know it, to the process itself at last', () => {
    const p = sub(null, { ev: { type: 'eventSubProcess' }, on: { ...s, ...esc(), scope: 'ev' }, x: { ...u, scope: 'ev' } }, ['v0: on -> x'])

    expect(new Instance(p).do('a').places).toEqual(['ev', 'x'])
  })
  it('reaches the join outside that waits for it', () => {
    const p = build({
      s, split: { type: 'inclusiveGateway' }, sub: { type: 'subProcess' }, in: { ...s, scope: 'sub' }, a: { ...u, scope: 'sub' }, up: { ...e, ...esc('U'), scope: 'sub' }, heard: { type: 'boundaryEvent', attachedTo: 'sub', ...esc('U') }, b: u, join: { type: 'inclusiveGateway' }, after: u, e,
    }, ['f0: s -> split', 'f1: split -> sub [yes]', 'f2: split -> b [yes]', 'i0: in -> a', 'i1: a -> up', 'f3: sub -> e', 'f4: heard -> join', 'f5: b -> join', 'f6: join -> after'])
    const i = new Instance(p, { yes: true }).do('b')
    expect(i.places).toEqual(['a', 'join', 'sub'])

    expect(i.do('a').places).toEqual(['after'])
  })
})
