import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect, type ElementSpec } from '#tests/support/process/build.ts'
import { namesOfToken } from './loop-state.ts'
import { step } from './step.ts'
import { waits } from './waits.ts'
import type { LoopDef } from './types.ts'

const loop = (more: Partial<LoopDef>): LoopDef => ({ how: 'parallel', each: 'experts', line: 1, ...more })
const person = (id: string) => ({ $: 'row', entity: 'core/user', id })
const EXPERTS = [person('1'), person('2'), person('3')]
const outcomes = ['yes', 'no']
const around = (t: ElementSpec, more: Record<string, ElementSpec> = {}, flows: string[] = []) =>
  build({ s: { type: 'startEvent' }, t, u: { type: 'userTask', outcomes: ['ok'] }, ...more }, ['f1: s -> t', 'f2: t -> u', ...flows])
const task = (l: Partial<LoopDef>, more: Partial<ElementSpec> = {}): ElementSpec => ({ type: 'userTask', loop: loop(l), ...more, outcomes })
const counted = (l: Partial<LoopDef>): ElementSpec => ({ type: 'userTask', loop: { how: 'parallel', count: 'n', line: 1, ...l }, outcomes })
const open = (i: Instance): unknown[] => waits(i.process, i.state).filter(w => w.kind === 'task').map(w => namesOfToken(i.state, w.token).each ?? w.element)

describe('an activity for each of several', () => {
  it('opens one task per item, each with its own item and number', () => {
    const i = new Instance(around(task({})), { experts: EXPERTS })

    expect(i.of('createTask')).toHaveLength(3)
    expect(open(i)).toEqual(EXPERTS)
    expect(i.state.marking.tokens.filter(t => t.nth !== undefined).map(t => namesOfToken(i.state, t.id).loopCounter)).toEqual([1, 2, 3])
  })
  it('goes on when the last one is done, whatever the order', () => {
    const i = new Instance(around(task({})), { experts: EXPERTS }).do('t', 'yes', 2)
    expect(i.of('completeTask')).toMatchObject([{ outcome: 'yes' }])
    expect(open(i)).toEqual([EXPERTS[0], EXPERTS[2]])

    i.do('t', 'no', 2)
    expect(open(i)).toEqual([EXPERTS[0]])
    expect(i.do('t', 'yes', 1).places).toEqual(['u'])
    expect(i.of('loopCut')).toEqual([])
    expect(i.state.variables).toEqual({})
  })
  it('ends early when its completion condition holds, takes the rest back and says so', () => {
    const i = new Instance(around(task({ until: 'majority' })), { experts: EXPERTS, majority: false }).do('t', 'yes', 1)
    expect(i.places).toEqual(['t', 't', 't'])
    i.answers['majority'] = true

    i.do('t', 'yes', 1)

    expect(i.places).toEqual(['u'])
    expect(i.of('cancelTask')).toHaveLength(1)
    expect(i.of('loopCut')).toEqual([{ kind: 'loopCut', element: 't', completed: 2, cancelled: 1 }])
  })
  it('shows counts, outcomes and who took them to the completion condition', () => {
    const i = new Instance(around(task({ until: 'enough' })), { experts: EXPERTS, enough: false })
    const asked: unknown[] = []

    step(i.process, i.state, { kind: 'outcome', token: i.at('t', 2), outcome: 'no', by: person('7') }, (_, extra) => { asked.push(extra); return false })

    expect(asked).toEqual([{
      outcome: 'no', each: EXPERTS[1], loopCounter: 2, nrOfInstances: 3, nrOfActiveInstances: 2, nrOfCompletedInstances: 1, outcomes: ['no'], done: [{ each: EXPERTS[1], outcome: 'no', by: person('7') }],
    }])
  })
  it('runs as often as a number says', () => {
    const i = new Instance(around(counted({})), { n: 2 })
    expect(i.of('createTask')).toHaveLength(2)
  })
  it('passes by when there is nobody', () => {
    expect(new Instance(around(task({})), { experts: [] }).places).toEqual(['u'])
  })
  it('makes an incident of a list that is not there, of too many, and begins again on retry', () => {
    const i = new Instance(around(task({})), { experts: null })
    expect(i.of('incident')).toMatchObject([{ element: 't', code: 'loopUnknown', person: expect.stringContaining('无法确定') }])
    i.answers['experts'] = EXPERTS
    expect(i.send({ kind: 'retry', token: i.at('t') }).of('createTask')).toHaveLength(3)

    expect(new Instance(around(task({})), { experts: Array.from({ length: 201 }, () => 1) }).of('incident')).toMatchObject([{ code: 'loopTooLarge' }])
  })
  it('keeps a run with an incident when its condition cannot be answered, and counts it once on retry', () => {
    const i = new Instance(around(task({ until: 'enough' })), { experts: EXPERTS, enough: null })
    i.do('t', 'yes', 1)
    expect(i.of('incident')).toMatchObject([{ code: 'conditionNull', element: 't' }])
    expect(open(i)).toHaveLength(2)
    i.answers['enough'] = false
    const stuck = i.state.marking.tokens.find(t => t.note?.startsWith('!'))

    i.send({ kind: 'retry', token: stuck?.id ?? 0 })

    expect(i.places).toEqual(['t', 't', 't'])
    i.answers['enough'] = true
    expect(i.do('t', 'yes', 1).of('loopCut')).toMatchObject([{ completed: 2, cancelled: 1 }])
  })
  it('bars whoever acted already where it is for different people', () => {
    const i = new Instance(around(counted({ distinct: true })), { n: 2 })
    i.send({ kind: 'outcome', token: i.at('t', 1), outcome: 'yes', by: person('7') })

    expect(i.try({ kind: 'outcome', token: i.at('t', 1), outcome: 'yes', by: person('7') })).toMatchObject({ refused: 'notAvailable' })
    expect(i.send({ kind: 'outcome', token: i.at('t', 1), outcome: 'yes', by: person('8') }).places).toEqual(['u'])
  })
  it('runs its effects per run, with its item, and counts the run when they are done', () => {
    const i = new Instance(around(task({ until: 'enough', distinct: true }, { effects: [setEffect({ a: 'each' })] })), { experts: EXPERTS, enough: false })
    i.send({ kind: 'outcome', token: i.at('t', 2), outcome: 'yes', by: person('7') })
    expect(i.of('apply')).toMatchObject([{ element: 't', wait: true, names: { each: EXPERTS[1], outcome: 'yes', nrOfCompletedInstances: 0 } }])
    const [apply] = i.of('apply')
    expect(i.try({ kind: 'outcome', token: i.at('t', 1), outcome: 'yes', by: person('7') })).toMatchObject({ refused: 'notAvailable' })

    i.send({ kind: 'effectDone', token: apply?.token ?? 0, names: apply?.names ?? {} })

    expect(namesOfToken(i.state, i.at('t', 0))).toMatchObject({ nrOfCompletedInstances: 1, nrOfActiveInstances: 2, outcomes: ['yes'], done: [{ by: person('7') }] })
  })
  it('shows its results to the flows behind it, also after their effects and after an incident', () => {
    const p = build({ s: { type: 'startEvent' }, t: task({}), g: { type: 'exclusiveGateway' }, a: { type: 'userTask' } },
      ['f1: s -> t', { flow: 'f2: t -> g', effects: [setEffect({ a: '1' })] }, 'f3: g -> a [passed]'])
    const i = new Instance(p, { experts: [1], passed: null }).do('t', 'yes', 1)
    const [apply] = i.of('apply')
    expect(apply).toMatchObject({ element: 'f2', wait: true, names: { outcomes: ['yes'], nrOfInstances: 1, outcome: 'yes' } })

    i.send({ kind: 'effectDone', token: apply?.token ?? 0, names: apply?.names ?? {} })

    expect(i.of('incident')).toMatchObject([{ code: 'conditionNull' }])
    expect(namesOfToken(i.state, i.at('g'))).toMatchObject({ outcomes: ['yes'] })
    i.answers['passed'] = true
    i.send({ kind: 'retry', token: i.at('g') })
    expect([i.places, i.state.variables]).toEqual([['a'], {}])
  })
})

describe('one after the other', () => {
  it('opens the next task when one is done', () => {
    const i = new Instance(around(task({ how: 'sequential' })), { experts: EXPERTS })
    expect(open(i)).toEqual([EXPERTS[0]])
    expect(open(i.do('t', 'yes', 1))).toEqual([EXPERTS[1]])
    expect(open(i.do('t', 'no', 1))).toEqual([EXPERTS[2]])
    expect(i.do('t', 'yes', 1).places).toEqual(['u'])
  })
  it('stands alike whoever is next, so that instances share one marking', () => {
    const i = new Instance(around(task({ how: 'sequential' })), { experts: EXPERTS })
    const before = JSON.stringify(i.state.marking)
    expect(JSON.stringify(i.do('t', 'yes', 1).state.marking)).toBe(before)
  })
  it('leaves out those that come later when the condition holds', () => {
    const i = new Instance(around(task({ how: 'sequential', until: 'veto' })), { experts: EXPERTS, veto: true }).do('t', 'no', 1)
    expect(i.places).toEqual(['u'])
    expect(i.of('cancelTask')).toEqual([])
    expect(i.of('loopCut')).toEqual([{ kind: 'loopCut', element: 't', completed: 1, cancelled: 2 }])
  })
})

describe('a standard loop', () => {
  const again = (more: Partial<LoopDef>, answers: Record<string, unknown>) => new Instance(around({ type: 'userTask', outcomes, loop: { how: 'standard', while: 'more', line: 1, ...more } }), answers)
  it('runs at least once and goes on while its condition holds', () => {
    const i = again({}, { more: true }).do('t', 'no', 1)
    expect(i.places).toEqual(['t', 't'])
    i.answers['more'] = false
    expect(i.do('t', 'yes', 1).places).toEqual(['u'])
  })
  it('asks first when it is told to', () => {
    expect(again({ testBefore: true }, { more: false }).places).toEqual(['u'])
    expect(again({ testBefore: true }, { more: true }).places).toEqual(['t', 't'])
  })
  it('stops at its maximum', () => {
    expect(again({ most: 2 }, { more: true }).do('t', 'no', 1).do('t', 'no', 1).places).toEqual(['u'])
  })
})

describe('tasks without a person that run several times', () => {
  const of = (type: 'receiveTask' | 'manualTask' | 'task', loop: LoopDef) => build({ s: { type: 'startEvent' }, t: { type, loop, ...(type === 'receiveTask' ? { event: 'message' as const, message: 'm' } : {}) }, after: { type: 'userTask', outcomes: ['ok'] } }, ['f0: s -> t', 'f1: t -> after'])
  it('receive one message per run', () => {
    const i = new Instance(of('receiveTask', { how: 'parallel', count: 'n', line: 1 }), { n: 2 }).send({ kind: 'message', name: 'm' })
    expect(i.places).toEqual(['t', 't'])
    expect(i.send({ kind: 'message', name: 'm' }).places).toEqual(['after'])
  })
  it('go on at once as often as asked', () => {
    expect(new Instance(of('manualTask', { how: 'sequential', count: 'n', line: 1 }), { n: 3 }).places).toEqual(['after'])
    expect(new Instance(of('task', { how: 'standard', while: 'nrOfCompletedInstances < 4', most: 5, line: 1 }), { 'nrOfCompletedInstances < 4': true }).places).toEqual(['after'])
  })
})
