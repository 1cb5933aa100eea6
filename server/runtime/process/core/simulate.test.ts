import { describe, expect, it } from 'vitest'
import { answering, build, setEffect } from '#tests/support/process/build.ts'
import { simulate } from './simulate.ts'

const process = build({
  s: { type: 'startEvent' }, t: { type: 'userTask', status: 'OPEN', outcomes: ['ok'] }, call: { type: 'serviceTask', operation: 'x/y' },
  w: { type: 'intermediateCatchEvent', event: 'timer', timer: { kind: 'duration', expr: 'd' }, status: 'WAITING' }, e: { type: 'endEvent' },
}, ['f0: s -> t', { flow: 'f1: t -> call', effects: [setEffect({ n: '1' }, { entity: 'other', where: 'x' })] }, 'f2: call -> w', 'f3: w -> e'])

describe('dry run', () => {
  it('follows a script by element names and takes effects on records as done', () => {
    const run = simulate(process, { steps: [{ do: 't', outcome: 'ok' }, { operation: 'call', output: {} }, { timer: 'w' }] }, answering())

    expect(run.turns.map(t => t.at)).toEqual([['t'], ['call'], ['w'], []])
    expect(run.turns[1]?.effects.map(e => e.kind)).toEqual(['completeTask', 'apply', 'callOperation'])
    expect([run.status, run.ended]).toEqual(['WAITING', true])
  })
  it('shows joins that wait, links that are followed and escalations that nobody takes up', () => {
    const u = { type: 'userTask' as const, outcomes: ['ok'] }
    const p = build({ s: { type: 'startEvent', event: 'signal', signal: 'open' }, split: { type: 'inclusiveGateway' }, a: u, b: u, c: u, join: { type: 'inclusiveGateway' }, go: { type: 'intermediateThrowEvent', event: 'link', link: 'L' }, come: { type: 'intermediateCatchEvent', event: 'link', link: 'L' }, up: { type: 'endEvent', event: 'escalation', escalationCode: 'LATE' } },
      ['f0: s -> split', 'fa: split -> a [yes]', 'fb: split -> b [yes]', '*fc: split -> c', 'ja: a -> join', 'jb: b -> join', 'jc: c -> join', 'f1: join -> go', 'f2: come -> up'])

    const run = simulate(p, { steps: [{ signal: 'open' }, { do: 'b', outcome: 'ok' }, { do: 'a', outcome: 'ok' }] }, answering({ yes: true }))

    expect(run.turns.map(t => t.at)).toEqual([[], ['a', 'b'], ['a', 'join'], []])
    expect(run.turns.at(-1)?.effects.slice(1)).toEqual([{ kind: 'uncaughtEscalation', element: 'up', code: 'LATE' }, { kind: 'end', element: 'up', how: 'escalation' }])
  })
  it('tells what was refused and goes on', () => {
    const run = simulate(process, { steps: [{ timer: 'w' }, { do: 't', outcome: 'fly' }, { do: 't', outcome: 'ok' }] }, answering())

    expect(run.turns.map(t => t.refused?.refused)).toEqual([undefined, 'noCatcher', 'unknownOutcome', undefined])
    expect(run.turns.at(-1)?.waits).toMatchObject([{ kind: 'operation', element: 'call' }])
  })
})
