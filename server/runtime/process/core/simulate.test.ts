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
  it('tells what was refused and goes on', () => {
    const run = simulate(process, { steps: [{ timer: 'w' }, { do: 't', outcome: 'fly' }, { do: 't', outcome: 'ok' }] }, answering())

    expect(run.turns.map(t => t.refused?.refused)).toEqual([undefined, 'noCatcher', 'unknownOutcome', undefined])
    expect(run.turns.at(-1)?.waits).toMatchObject([{ kind: 'operation', element: 'call' }])
  })
})
