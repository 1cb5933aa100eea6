import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'
import { Ledger } from '#tests/support/process/ledger.ts'
import { namesOfToken } from './loop-state.ts'
import { signatureAt } from './sign-state.ts'
import { isRefusal } from './step.ts'
import type { LoopDef } from './types.ts'

const u = { type: 'userTask' as const, outcomes: ['ok', 'no'] }
const checked = (loop?: LoopDef) => build({
  s: { type: 'startEvent' }, check: { ...u, ...(loop ? { loop } : {}) }, late: { type: 'boundaryEvent', event: 'timer', attachedTo: 'check', timer: { kind: 'duration', expr: 'd' } }, end: { type: 'endEvent' }, next: u, after: u,
}, ['f0: s -> check', 'f1: check -> next', 'f2: late -> after', 'f3: next -> end', 'f4: after -> end'])
const signers = (i: Instance): number[] => i.state.marking.tokens.filter(t => signatureAt(i.process, i.state, t.id)).map(t => t.id)
const ask = (i: Instance, how: 'before' | 'after', who: string[], token = i.at('check')): Instance => i.send({ kind: 'addSigners', token, how, who })
const sign = (i: Instance, outcome = 'agree', n = 0, by = `p${n}`): Instance => i.send({ kind: 'outcome', token: signers(i)[n] ?? 0, outcome, by })

describe('signatures before an outcome', () => {
  it('are awaited: the task takes no outcome, its row stays, its timer runs', () => {
    const i = ask(new Instance(checked()), 'before', ['anna', 'ben'])
    expect(i.of('createTask').map(e => e.who)).toEqual(['anna', 'ben'])
    expect(i.of('cancelTask')).toEqual([])
    expect(isRefusal(i.try({ kind: 'outcome', token: i.at('check'), outcome: 'ok' }))).toBe(true)
    expect(i.send({ kind: 'timer', token: i.at('check'), element: 'late' }).places).toEqual(['after'])
    expect(i.of('cancelTask')).toHaveLength(3)
    expect(i.state.variables).toEqual({})
  })
  it('are known to what follows', () => {
    const i = ask(new Instance(checked()), 'before', ['anna', 'ben'])
    sign(sign(i, 'disagree', 0, 'anna'), 'agree', 0, 'ben')
    expect(i.of('createTask')).toEqual([])
    expect(namesOfToken(i.state, i.at('check')).signs).toEqual([{ by: 'anna', outcome: 'disagree' }, { by: 'ben', outcome: 'agree' }])
    expect(i.do('check').places).toEqual(['next'])
    expect(i.state.variables).toEqual({})
  })
  it('belong to one run of a repeated task', () => {
    const i = new Instance(checked({ how: 'parallel', count: 'n', line: 1 }), { n: 2 })
    const ledger = new Ledger().take(i)
    const runs = (): number[] => i.state.marking.tokens.filter(t => t.nth !== undefined && !signatureAt(i.process, i.state, t.id)).map(t => t.id)
    ledger.take(ask(i, 'before', ['anna'], runs()[1]))
    expect(ledger.open('task')).toHaveLength(3)
    ledger.take(i.send({ kind: 'outcome', token: runs()[0] ?? 0, outcome: 'ok' }))
    expect(signers(i)).toHaveLength(1)
    ledger.take(sign(i))
    ledger.take(i.send({ kind: 'outcome', token: runs()[0] ?? 0, outcome: 'ok' }))
    expect(i.places).toEqual(['next'])
    expect(ledger.open('task')).toEqual([`${i.at('next')} next`])
  })
})

describe('signatures after an outcome', () => {
  it('are asked for once it is taken; it counts when all agree', () => {
    const i = ask(new Instance(checked()), 'after', ['anna', 'ben'])
    expect(i.of('createTask')).toEqual([])
    i.send({ kind: 'outcome', token: i.at('check'), outcome: 'ok', by: 'carl' })
    expect(i.of('completeTask').map(e => e.outcome)).toEqual(['ok'])
    expect(i.of('createTask').map(e => e.who)).toEqual(['anna', 'ben'])
    expect(sign(sign(i)).places).toEqual(['next'])
  })
  it('give the task back when one does not agree, and take the others’ along', () => {
    const i = ask(new Instance(checked()), 'after', ['anna', 'ben'])
    i.send({ kind: 'outcome', token: i.at('check'), outcome: 'ok', by: 'carl' })
    sign(i, 'disagree', 0, 'anna')
    expect(i.places).toEqual(['check'])
    expect(i.of('cancelTask')).toHaveLength(1)
    expect(i.of('createTask').map(e => e.who)).toEqual(['carl'])
    expect(i.do('check').places).toEqual(['next'])
  })
  it('keep the input of the outcome as it was', () => {
    const i = ask(new Instance(checked()), 'after', ['anna'])
    i.send({ kind: 'outcome', token: i.at('check'), outcome: 'ok', raw: { n: 5 } })
    expect(signatureAt(i.process, i.state, signers(i)[0] ?? 0)?.held).toEqual({ outcome: 'ok', input: { n: 5 } })
  })
})
