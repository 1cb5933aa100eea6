import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answering, build, Instance, type ElementSpec } from '#tests/support/process/build.ts'
import { namesOfToken } from './loop-state.ts'
import { step } from './step.ts'
import { compensable } from './undo-state.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
/** An activity with its compensation boundary and handler. */
const undoable = (id: string, scope?: string, more: Partial<ElementSpec> = {}): Record<string, ElementSpec> => {
  const at = scope === undefined ? {} : { scope }
  return { [id]: { ...u, ...more, ...at }, [`${id}Event`]: { type: 'boundaryEvent', event: 'compensate', attachedTo: id, handler: `${id}Undo`, ...at }, [`${id}Undo`]: { ...u, forCompensation: true, ...at } }
}
const THROW: ElementSpec = { type: 'intermediateThrowEvent', event: 'compensate' }

describe('compensation', () => {
  const booking = (throwing: Partial<ElementSpec> = {}) => build({ s: { type: 'startEvent' }, ...undoable('hotel'), ...undoable('flight'), ask: u, back: { ...THROW, ...throwing }, after: u },
    ['f0: s -> hotel', 'f1: hotel -> flight', 'f2: flight -> ask', 'f3: ask -> back', 'f4: back -> after'])

  it('undoes what is over, the last first, one after the other, and then goes on', () => {
    const i = new Instance(booking()).do('hotel').do('flight')
    expect(compensable(i.state)).toEqual(['flight', 'hotel'])
    expect(i.do('ask').places).toEqual(['back', 'flightUndo'])
    expect(i.do('flightUndo').places).toEqual(['back', 'hotelUndo'])
    expect(i.do('hotelUndo').places).toEqual(['after'])
    expect(i.state.variables).toEqual({})
  })
  it('undoes only the activity it names', () => {
    const i = new Instance(booking({ activityRef: 'hotel' })).do('hotel').do('flight').do('ask')
    expect(i.places).toEqual(['back', 'hotelUndo'])
    expect(i.do('hotelUndo').places).toEqual(['after'])
    expect(compensable(i.state)).toEqual(['flight'])
  })
  it('leaves alone what is not over', () => {
    const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, ...undoable('a'), ...undoable('b'), back: THROW, after: u }, ['f0: s -> fork', 'f1: fork -> a', 'f2: fork -> b', 'f3: a -> back', 'f4: back -> after'])
    expect(new Instance(p).do('a').places).toEqual(['aUndo', 'b', 'back'])
  })
  it('passes by when nothing is over, and ends the instance at an end event when the handlers are done', () => {
    const p = build({ s: { type: 'startEvent' }, ...undoable('a'), end: { type: 'endEvent', event: 'compensate' }, x: { type: 'exclusiveGateway' } }, ['f0: s -> x', 'f1: x -> a [go]', '*f2: x -> end', 'f3: a -> end'])
    expect(new Instance(p, { go: false }).state.marking.ended).toBe(true)
    const i = new Instance(p, { go: true }).do('a')
    expect(i.places).toEqual(['aUndo', 'end'])
    expect(i.do('aUndo').state).toMatchObject({ marking: { ended: true }, variables: {} })
  })
  it('undoes an activity once for each time it was over', () => {
    const p = build({ s: { type: 'startEvent' }, ...undoable('a', undefined, { outcomes: ['ok', 'again'] }), x: { type: 'exclusiveGateway' }, back: THROW, after: u }, ['f0: s -> a', 'f1: a -> x', 'f2: x -> a [outcome = "again"]', '*f3: x -> back', 'f4: back -> after'])
    expect(new Instance(p).do('a', 'again').do('a').do('aUndo').places).toEqual(['aUndo', 'back'])
  })
})

describe('compensation and scopes', () => {
  const inner = (more: Record<string, ElementSpec> = {}, flows: string[] = []) => build({
    s: { type: 'startEvent' }, ...undoable('before'), sub: { type: 'subProcess' }, in: { type: 'startEvent', scope: 'sub' }, ...undoable('a', 'sub'), ...undoable('b', 'sub'), out: { type: 'endEvent', scope: 'sub' }, back: THROW, after: u, ...more,
  }, ['f0: s -> before', 'f1: before -> sub', 'i0: in -> a', 'i1: a -> b', 'i2: b -> out', 'f2: sub -> back', 'f3: back -> after', ...flows])
  it('undoes what was over in a sub-process that is over, in its place in the order', () => {
    const i = new Instance(inner()).do('before').do('a').do('b')
    const order: string[] = []
    for (let n = 0; n < 3; n++) { const at = i.places.find(p => p.endsWith('Undo')) ?? ''; order.push(at); i.do(at) }
    expect([order, i.places]).toEqual([['bUndo', 'aUndo', 'beforeUndo'], ['after']])
  })
  it('asks the sub-process\'s own handler instead where it has one', () => {
    const i = new Instance(inner({ subEvent: { type: 'boundaryEvent', event: 'compensate', attachedTo: 'sub', handler: 'subUndo' }, subUndo: { ...u, forCompensation: true } })).do('before').do('a').do('b')
    expect(i.places).toEqual(['back', 'subUndo'])
  })
  it('does not undo what was over in a sub-process that was given up', () => {
    const i = new Instance(inner({ stop: { type: 'boundaryEvent', event: 'message', message: 'stop', attachedTo: 'sub' } }, ['f9: stop -> back'])).do('before').do('a').send({ kind: 'message', name: 'stop' })
    expect(i.places).toEqual(['back', 'beforeUndo'])
  })
  it('reaches from an event sub-process into the scope around it', () => {
    const p = build({ s: { type: 'startEvent' }, ...undoable('a'), t: u, ev: { type: 'eventSubProcess' }, on: { type: 'startEvent', event: 'message', message: 'cancel', interrupting: true, scope: 'ev' }, back: { ...THROW, scope: 'ev' }, out: { type: 'endEvent', scope: 'ev' } },
      ['f0: s -> a', 'f1: a -> t', 'v0: on -> back', 'v1: back -> out'])
    const i = new Instance(p).do('a').send({ kind: 'message', name: 'cancel' })
    expect(i.places).toEqual(['aUndo', 'back', 'ev'])
    expect(i.do('aUndo').state.marking.ended).toBe(true)
  })
  it('shows the handler the item of the loop that it undoes', () => {
    const p = build({ s: { type: 'startEvent' }, ...undoable('a', undefined, { loop: { how: 'parallel', each: 'list', line: 1 } }), back: THROW, after: u }, ['f0: s -> a', 'f1: a -> back', 'f2: back -> after'])
    const i = new Instance(p, { list: ['east', 'west'] }).do('a', 'ok', 2).do('a', 'ok', 1)
    expect(namesOfToken(i.state, i.at('aUndo'))).toMatchObject({ each: 'east' })
    expect(namesOfToken(i.do('aUndo').state, i.at('aUndo'))).toMatchObject({ each: 'west' })
    expect(i.do('aUndo').places).toEqual(['after'])
  })
})

it('undoes exactly what was over, in the reverse of any order, whatever was stored in between', () => {
  const names = ['a', 'b', 'c', 'd']
  const p = build({ s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, ...Object.assign({}, ...names.map(n => undoable(n))) as Record<string, ElementSpec>, ask: u, back: THROW, after: u },
    ['f0: s -> fork', ...names.map((n, k) => `g${k}: fork -> ${n}`), 'fq: fork -> ask', 'f1: ask -> back', 'f2: back -> after'])
  fc.assert(fc.property(fc.shuffledSubarray(names), order => {
    const i = new Instance(p)
    const take = (element: string): void => {
      i.state = JSON.parse(JSON.stringify(i.state)) as typeof i.state
      const r = step(p, i.state, { kind: 'outcome', token: i.at(element), outcome: 'ok' }, answering())
      if ('refused' in r) throw new Error(r.message)
      i.state = r.state
    }
    for (const n of order) take(n)
    take('ask')
    for (const n of [...order].reverse()) { expect(i.places.filter(x => x.endsWith('Undo'))).toEqual([`${n}Undo`]); take(`${n}Undo`) }
    expect(i.places).toEqual([...names.filter(n => !order.includes(n)), 'after'].sort())
    expect(i.state.variables).toEqual({})
  }), { numRuns: 60 })
})
