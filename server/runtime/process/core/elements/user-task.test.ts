import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect } from '#tests/support/process/build.ts'
import { waits } from '../waits.ts'

const review = () => build({
  s: { type: 'startEvent' },
  review: { type: 'userTask', status: 'PENDING', outcomes: [{ id: 'approve', label: '通过', comment: 'none' }, { id: 'sign', label: '签字', comment: 'none', when: 'isSigner' }] },
  done: { type: 'endEvent' },
}, ['f1: s -> review', 'f2: review -> done'])

describe('user task', () => {
  it('states its status and opens a task for the token that waits', () => {
    const i = new Instance(review())

    expect(i.effects).toEqual([{ kind: 'status', value: 'PENDING' }, { kind: 'createTask', token: i.at('review'), element: 'review' }])
    expect(waits(i.process, i.state)).toEqual([{ token: i.at('review'), element: 'review', kind: 'task', name: 'review' }])
  })
  it('ends the instance when its outcome leads to the end', () => {
    const i = new Instance(review())
    const token = i.at('review')

    i.do('review', 'approve')

    expect(i.effects).toEqual([{ kind: 'completeTask', token, element: 'review', outcome: 'approve' }, { kind: 'end', element: 'done', how: 'none' }])
    expect(i.state.marking).toEqual({ tokens: [], scopes: [], next: 1, ended: true })
  })
  it('refuses an outcome whose `when` does not hold for the person', () => {
    const i = new Instance(review(), { isSigner: false })

    expect(i.try({ kind: 'outcome', token: i.at('review'), outcome: 'sign' })).toMatchObject({ refused: 'notAvailable', person: expect.stringContaining('不能') })
  })
  it('refuses unknown outcomes, unknown tokens and anything after the end as values', () => {
    const i = new Instance(review())

    expect(i.try({ kind: 'outcome', token: i.at('review'), outcome: 'fly' })).toMatchObject({ refused: 'unknownOutcome', message: expect.stringContaining('approve, sign') })
    expect(i.try({ kind: 'outcome', token: 999, outcome: 'approve' })).toMatchObject({ refused: 'unknownToken' })
    i.do('review', 'approve')
    expect(i.try({ kind: 'outcome', token: 2, outcome: 'approve' })).toMatchObject({ refused: 'ended' })
  })
  it('runs its own effects after it is complete, and goes on when they are done', () => {
    const p = build({
      s: { type: 'startEvent' }, t: { type: 'userTask', outcomes: ['ok'], effects: [setEffect({ paid: 'true' }, { entity: 'entry', where: 'x' })] }, e: { type: 'endEvent' },
    }, ['f1: s -> t', 'f2: t -> e'])
    const i = new Instance(p)

    i.do('t')

    expect(i.effects.map(e => e.kind)).toEqual(['completeTask', 'apply'])
    expect(i.of('apply')[0]).toMatchObject({ element: 't', token: i.at('t'), wait: true, names: { outcome: 'ok' } })
    expect(waits(p, i.state)).toMatchObject([{ kind: 'effect', element: 't' }])
    i.send({ kind: 'effectDone', token: i.at('t') })
    expect(i.state.marking.ended).toBe(true)
  })
  it('takes every flow whose condition holds', () => {
    const p = build({ s: { type: 'startEvent' }, t: { type: 'userTask', outcomes: ['ok'] }, a: { type: 'userTask' }, b: { type: 'userTask' }, c: { type: 'userTask' } },
      ['f1: s -> t', 'fa: t -> a [yes]', 'fb: t -> b', 'fc: t -> c [no]'])

    expect(new Instance(p, { yes: true, no: false }).do('t').places).toEqual(['a', 'b'])
  })
})
