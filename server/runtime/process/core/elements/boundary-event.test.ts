import { describe, expect, it } from 'vitest'
import { build, Instance, type ElementSpec } from '#tests/support/process/build.ts'

const withBoundary = (spec: Partial<ElementSpec>, more: Record<string, ElementSpec> = {}) => build({
  s: { type: 'startEvent' }, t: { type: 'userTask', outcomes: ['ok'] }, b: { type: 'boundaryEvent', attachedTo: 't', ...spec }, after: { type: 'userTask', outcomes: ['ok'] }, e: { type: 'endEvent' }, ...more,
}, ['f0: s -> t', 'f1: t -> e', 'f2: b -> after', 'f3: after -> e'])

describe('boundary event', () => {
  it('interrupts: the task is cancelled and the token goes the other way', () => {
    const i = new Instance(withBoundary({ event: 'message', message: 'withdraw' }))
    const token = i.at('t')

    i.send({ kind: 'message', name: 'withdraw' })

    expect(i.effects[0]).toEqual({ kind: 'cancelTask', token, element: 't' })
    expect(i.places).toEqual(['after'])
  })
  it('does not interrupt: the task stays, a second token goes on, a message may come again', () => {
    const i = new Instance(withBoundary({ event: 'message', message: 'ask', interrupting: false }))

    i.send({ kind: 'message', name: 'ask' }).send({ kind: 'message', name: 'ask' })

    expect(i.places).toEqual(['after', 'after', 't'])
    expect(i.do('t').do('after').do('after').state.marking.ended).toBe(true)
  })
  it('fires a reminding timer once, a cycle again and again, and cancels both when the task is done', () => {
    const once = new Instance(withBoundary({ event: 'timer', timer: { kind: 'duration', expr: 'd' }, interrupting: false }))
    const timer = { kind: 'timer' as const, token: once.at('t'), element: 'b' }
    once.send(timer)
    expect(once.try(timer)).toMatchObject({ refused: 'noCatcher' })
    expect(once.do('t').of('cancelTimer')).toEqual([])

    const cycle = new Instance(withBoundary({ event: 'timer', timer: { kind: 'cycle', expr: 'c' }, interrupting: false }))
    cycle.send(timer).send(timer)
    expect(cycle.places).toEqual(['after', 'after', 't'])
    expect(cycle.do('t').of('cancelTimer')).toEqual([{ kind: 'cancelTimer', token: timer.token, element: 'b' }])
  })
  it('fires a condition when it becomes true, not again while it stays true, and again after it was false', () => {
    const i = new Instance(withBoundary({ event: 'conditional', condition: 'late', interrupting: false }), { late: false })
    i.answers = { late: true }
    i.send({ kind: 'changed' }).send({ kind: 'changed' })
    expect(i.places).toEqual(['after', 't'])
    i.answers = { late: false }
    i.send({ kind: 'changed' })
    i.answers = { late: true }
    expect(i.send({ kind: 'changed' }).places).toEqual(['after', 'after', 't'])
  })
  it('checks an interrupting condition when it is armed', () => {
    const i = new Instance(withBoundary({ event: 'conditional', condition: 'closed' }), { closed: true })

    expect(i.places).toEqual(['after'])
    expect(i.effects).toEqual([{ kind: 'createTask', token: i.at('after'), element: 'after' }])
  })
})
