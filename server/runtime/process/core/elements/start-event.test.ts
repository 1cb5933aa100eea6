import { describe, expect, it } from 'vitest'
import { build, Instance, type ElementSpec } from '#tests/support/process/build.ts'
import { simulate } from '../simulate.ts'
import { waits } from '../waits.ts'

const u = { type: 'userTask' as const, outcomes: ['ok'] }
const on = (spec: Partial<ElementSpec>): ElementSpec => ({ type: 'startEvent', ...spec })
const from = (...starts: Partial<ElementSpec>[]) => build({ ...Object.fromEntries(starts.map((x, n) => [`s${n}`, on(x)])), t: u }, starts.map((_, n) => `f${n}: s${n} -> t`))

describe('a process that begins by an event', () => {
  it('waits for its signal, states what it waits as, and begins once', () => {
    const i = new Instance(from({ event: 'signal', signal: 'open', status: 'WAITING' }))
    expect(i.effects).toEqual([{ kind: 'status', value: 'WAITING' }])
    expect(i.state.marking).toEqual({ tokens: [], scopes: [], next: 1 })
    expect(waits(i.process, i.state)).toEqual([{ token: 0, element: 's0', kind: 'signal', name: 'open' }])

    expect(i.send({ kind: 'signal', name: 'other' }).places).toEqual([])
    expect(i.send({ kind: 'signal', name: 'open' }).places).toEqual(['t'])
    expect(i.send({ kind: 'signal', name: 'open' }).places).toEqual(['t'])
  })
  it('begins when its condition holds: at once, or after a change', () => {
    const p = from({ event: 'conditional', condition: 'paid' })
    expect(new Instance(p, { paid: true }).places).toEqual(['t'])

    const i = new Instance(p, { paid: false })
    expect(i.places).toEqual([])
    i.answers = { paid: true }
    expect(i.send({ kind: 'changed' }).places).toEqual(['t'])
    expect(i.send({ kind: 'changed' }).places).toEqual(['t'])
  })
  it('begins by the first of several, and the others are called off', () => {
    const p = from({ event: 'timer', timer: { kind: 'date', expr: 'begin' } }, { event: 'signal', signal: 'open' }, { event: 'message', message: 'now' })
    const arm = { kind: 'armTimer' as const, token: 0, element: 's0', timer: 'date' as const, expr: 'begin' }
    const byMessage = new Instance(p)
    expect(byMessage.effects).toEqual([arm])
    expect(byMessage.send({ kind: 'message', name: 'now' }).of('cancelTimer')).toEqual([{ kind: 'cancelTimer', token: 0, element: 's0' }])
    expect(byMessage.try({ kind: 'message', name: 'now' })).toMatchObject({ refused: 'noCatcher' })

    const byTimer = new Instance(p).send({ kind: 'timer', token: 0, element: 's0' })
    expect([byTimer.places, byTimer.of('cancelTimer')]).toEqual([['t'], []])
  })
  it('begins at its plain start where it has one, and hears no event as a start', () => {
    const i = new Instance(from({ event: 'none' }, { event: 'signal', signal: 'open' }))
    expect(i.places).toEqual(['t'])

    expect(i.send({ kind: 'signal', name: 'open' }).places).toEqual(['t'])
    expect(i.do('t').state.marking.ended).toBe(true)
  })
  it('is tried out by a dry run like any other', () => {
    const run = simulate(from({ event: 'signal', signal: 'open' }), { steps: [{ signal: 'open' }, { do: 't', outcome: 'ok' }] }, () => null)

    expect(run.turns.map(t => [t.at, t.waits.map(w => w.kind)])).toEqual([[[], ['signal']], [['t'], ['task']], [[], []]])
    expect(run.ended).toBe(true)
  })
})
