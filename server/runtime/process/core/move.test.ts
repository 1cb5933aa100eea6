import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'
import { Ledger } from '#tests/support/process/ledger.ts'
import { isRefusal } from './step.ts'
import type { StepRefusal } from './types.ts'

const u = { type: 'userTask' as const, outcomes: ['ok', 'again'] }
/** fill, then two branches (a1 a2 beside b), then check */
const branches = () => build({
  s: { type: 'startEvent' }, fill: u, split: { type: 'parallelGateway' }, a1: u, a2: u, b: u, join: { type: 'parallelGateway' }, check: u, end: { type: 'endEvent' },
  late: { type: 'boundaryEvent', event: 'timer', attachedTo: 'a2', interrupting: false, timer: { kind: 'duration', expr: 'd' } }, urge: u, urged: { type: 'endEvent' },
}, ['f0: s -> fill', 'f1: fill -> split', 'f2: split -> a1', 'f3: a1 -> a2', 'f4: a2 -> join', 'f5: split -> b', 'f6: b -> join', 'f7: join -> check', 'f8: check -> end', 'f9: late -> urge', 'f10: urge -> urged'])
const move = (i: Instance, from: string, to: string): Instance => i.send({ kind: 'move', to, token: i.at(from) })
const refusal = (i: Instance, from: string | null, to: string): string => {
  const r = i.try({ kind: 'move', to, ...(from === null ? {} : { token: i.at(from) }) })
  if (!isRefusal(r)) throw new Error(`${to} was reached`)
  return (r as StepRefusal).person
}

describe('a token that goes back', () => {
  it('leaves the other branches alone while it stays in its own', () => {
    const i = new Instance(branches()).do('fill').do('a1')
    move(i, 'a2', 'a1')
    expect(i.places).toEqual(['a1', 'b'])
    expect(i.of('cancelTimer').map(e => e.element)).toEqual(['late'])
    expect(i.do('a1').do('b').do('a2').places).toEqual(['check'])
  })
  it('takes the other branches along when it goes before the split', () => {
    const i = new Instance(branches()).do('fill').do('b')
    expect(i.places).toEqual(['a1', 'join'])
    move(i, 'a1', 'fill')
    expect(i.places).toEqual(['fill'])
    expect(i.do('fill').places).toEqual(['a1', 'b'])
  })
  it('takes along what an event beside its task began', () => {
    const i = new Instance(branches()).do('fill').do('a1')
    i.send({ kind: 'timer', token: i.at('a2'), element: 'late' })
    expect(i.places).toEqual(['a2', 'b', 'urge'])
    move(i, 'a2', 'a1')
    expect(i.places).toEqual(['a1', 'b'])
  })
  it('does not change over into another branch', () => {
    const i = new Instance(branches()).do('fill')
    expect(refusal(i, 'a1', 'b')).toBe('目标步骤在另一条并行支路上，不能跨支路')
  })
  it('does not go into one branch of a split that is over', () => {
    const i = new Instance(branches()).do('fill').do('a1').do('a2').do('b')
    expect(refusal(i, 'check', 'a1')).toBe('目标步骤所在的并行支路已汇合或尚未开始，请选择分支之前的步骤')
    expect(move(i, 'check', 'fill').places).toEqual(['fill'])
  })
  it('opens and closes each task once', () => {
    const i = new Instance(branches())
    const ledger = new Ledger().take(i)
    for (const go of [() => i.do('fill'), () => i.do('a1'), () => move(i, 'a2', 'fill'), () => i.do('fill'), () => i.do('b'), () => move(i, 'a1', 'fill')]) { go(); ledger.take(i) }
    expect(ledger.open('task')).toEqual([`${i.at('fill')} fill`])
  })
})

describe('a token moved without saying whose', () => {
  it('takes all that cannot stand beside the target', () => {
    const i = new Instance(branches()).do('fill')
    expect(i.send({ kind: 'move', to: 'check' }).places).toEqual(['check'])
  })
  it('is refused where a branch would come to its join alone', () => {
    const i = new Instance(branches())
    expect(refusal(i, null, 'a2')).toBe('目标步骤所在的并行支路已汇合或尚未开始，请选择分支之前的步骤')
  })
  it('may end the process', () => {
    const i = new Instance(branches()).do('fill')
    i.send({ kind: 'move', to: 'end' })
    expect(i.state.marking.ended).toBe(true)
    expect(i.of('cancelTask')).toHaveLength(2)
  })
})

describe('sub-processes', () => {
  const nested = (loop = false) => build({
    s: { type: 'startEvent' }, fill: u, sub: { type: 'subProcess', ...(loop ? { loop: { how: 'parallel' as const, count: '2', line: 1 } } : {}) }, in: { type: 'startEvent', scope: 'sub' }, x: { ...u, scope: 'sub' }, y: { ...u, scope: 'sub' }, out: { type: 'endEvent', scope: 'sub' },
    stop: { type: 'boundaryEvent', event: 'message', message: 'stop', attachedTo: 'sub' }, stopped: { type: 'endEvent' }, check: u, end: { type: 'endEvent' },
  }, ['f0: s -> fill', 'f1: fill -> sub', 'f2: sub -> check', 'f3: check -> end', 'i0: in -> x', 'i1: x -> y', 'i2: y -> out', 'f4: stop -> stopped'])
  it('are left by a return to before them, and entered anew by one into them', () => {
    const i = new Instance(nested()).do('fill').do('x')
    expect(move(i, 'y', 'fill').places).toEqual(['fill'])
    i.do('fill').do('x').do('y')
    expect(i.places).toEqual(['check'])
    expect(move(i, 'check', 'y').places).toEqual(['sub', 'y'])
    expect(i.do('y').places).toEqual(['check'])
  })
  it('hear their events again when they are entered anew', () => {
    const i = new Instance(nested()).do('fill').do('x').do('y')
    move(i, 'check', 'x')
    expect(i.send({ kind: 'message', name: 'stop' }).state.marking.ended).toBe(true)
  })
  it('that run several times are left as a whole and not entered from outside', () => {
    const i = new Instance(nested(true), { 2: 2 }).do('fill')
    expect(i.places).toEqual(['sub', 'sub', 'sub', 'x', 'x'])
    expect(move(i, 'x', 'fill').places).toEqual(['fill'])
    i.do('fill').do('x').do('x').do('y').do('y')
    expect(refusal(i, 'check', 'x')).toBe('目标步骤所在的子流程不能从外部进入')
  })
  it('that run several times are gone back in one by one', () => {
    const i = new Instance(nested(true), { 2: 2 }).do('fill').do('x')
    move(i, 'y', 'x')
    expect(i.places).toEqual(['sub', 'sub', 'sub', 'x', 'x'])
    expect(i.do('x').do('x').do('y').do('y').places).toEqual(['check'])
  })
})

describe('what waits elsewhere', () => {
  it('a running operation is given up, an incident with it is closed', () => {
    const p = build({ s: { type: 'startEvent' }, fill: u, call: { type: 'serviceTask', operation: 'o' }, end: { type: 'endEvent' } }, ['f0: s -> fill', 'f1: fill -> call', 'f2: call -> end'])
    const i = new Instance(p).do('fill')
    i.send({ kind: 'operationResult', token: i.at('call'), error: { code: 'X', message: 'x' } })
    i.send({ kind: 'move', to: 'fill' })
    expect(i.places).toEqual(['fill'])
    expect(i.effects.filter(e => e.kind === 'abandon' || e.kind === 'dropIncident').map(e => e.kind).sort()).toEqual(['abandon', 'dropIncident'])
  })
  it('votes that run beside one another are begun anew', () => {
    const p = build({ s: { type: 'startEvent' }, fill: u, vote: { ...u, loop: { how: 'parallel', count: 'n', line: 1 } }, check: u, end: { type: 'endEvent' } }, ['f0: s -> fill', 'f1: fill -> vote', 'f2: vote -> check', 'f3: check -> end'])
    const i = new Instance(p, { n: 3 }).do('fill')
    i.send({ kind: 'outcome', token: i.state.marking.tokens.find(t => t.nth === 0)?.id ?? 0, outcome: 'ok' })
    i.send({ kind: 'move', to: 'fill', token: i.state.marking.tokens.find(t => t.nth === 1)?.id ?? 0 })
    expect(i.places).toEqual(['fill'])
    expect(i.state.variables).toEqual({})
    expect(i.do('fill').of('createTask')).toHaveLength(3)
  })
  it('an interrupting event sub-process is left, and heard again', () => {
    const p = build({
      s: { type: 'startEvent' }, fill: u, end: { type: 'endEvent' }, es: { type: 'eventSubProcess' }, on: { type: 'startEvent', event: 'message', message: 'stop', interrupting: true, scope: 'es' }, deal: { ...u, scope: 'es' }, done: { type: 'endEvent', scope: 'es' },
    }, ['f0: s -> fill', 'f1: fill -> end', 'e0: on -> deal', 'e1: deal -> done'])
    const i = new Instance(p).send({ kind: 'message', name: 'stop' })
    expect(i.places).toEqual(['deal', 'es'])
    expect(move(i, 'deal', 'fill').places).toEqual(['fill'])
    expect(i.send({ kind: 'message', name: 'stop' }).places).toEqual(['deal', 'es'])
  })
})
