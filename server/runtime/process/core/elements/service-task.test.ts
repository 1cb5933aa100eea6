import { describe, expect, it } from 'vitest'
import { build, Instance, setEffect } from '#tests/support/process/build.ts'
import { incidents, waits } from '../waits.ts'

const verify = () => build({
  s: { type: 'startEvent' },
  call: { type: 'serviceTask', operation: 'identity/verify', outputs: [{ name: 'match', expr: 'output.match' }], effects: [setEffect({ checked: 'true' })] },
  noMatch: { type: 'boundaryEvent', event: 'error', errorCode: 'MISMATCH', attachedTo: 'call' },
  ok: { type: 'userTask' }, bad: { type: 'userTask' },
}, ['f1: s -> call', 'f2: call -> ok', 'f3: noMatch -> bad'])

describe('service task', () => {
  it('calls its operation and waits', () => {
    const i = new Instance(verify())

    expect(i.effects).toEqual([{ kind: 'callOperation', token: i.at('call'), element: 'call', operation: 'identity/verify' }])
    expect(waits(i.process, i.state)).toEqual([{ token: i.at('call'), element: 'call', kind: 'operation', name: 'identity/verify' }])
  })
  it('maps the output to variables, shows it to its effects and goes on', () => {
    const i = new Instance(verify(), { 'output.match': 0.97 })

    i.send({ kind: 'operationResult', token: i.at('call'), output: { match: 0.97 } })

    expect(i.state.variables).toEqual({ match: 0.97 })
    expect(i.of('apply')[0]).toMatchObject({ wait: false, token: 0, names: { match: 0.97, output: { match: 0.97 } } })
    expect(i.places).toEqual(['ok'])
  })
  it('hands an error to the boundary event with its code', () => {
    const i = new Instance(verify())

    i.send({ kind: 'operationResult', token: i.at('call'), error: { code: 'MISMATCH', message: 'other face' } })

    expect(i.places).toEqual(['bad'])
    expect(i.of('incident')).toEqual([])
  })
  it('makes an incident of any other error and calls again on retry', () => {
    const i = new Instance(verify())

    i.send({ kind: 'operationResult', token: i.at('call'), error: { code: 'TIMEOUT', message: 'no answer' } })

    expect(i.of('incident')).toMatchObject([{ element: 'call', code: 'TIMEOUT', message: expect.stringContaining('no answer') }])
    expect(incidents(i.state)).toMatchObject([{ at: 'call', phase: 'failed' }])
    i.send({ kind: 'retry', token: i.at('call') })
    expect(i.of('callOperation')).toHaveLength(1)
    expect(incidents(i.state)).toEqual([])
    i.send({ kind: 'operationResult', token: i.at('call'), output: {} })
    expect(i.places).toEqual(['ok'])
  })
  it('abandons the call when a timer interrupts it', () => {
    const p = build({ s: { type: 'startEvent' }, call: { type: 'serviceTask', operation: 'x/y' }, late: { type: 'boundaryEvent', event: 'timer', attachedTo: 'call', timer: { kind: 'duration', expr: 'd' } }, t: { type: 'userTask' } },
      ['f1: s -> call', 'f2: late -> t'])
    const i = new Instance(p)
    const token = i.at('call')
    expect(i.of('armTimer')).toEqual([{ kind: 'armTimer', token, element: 'late', timer: 'duration', expr: 'd' }])

    i.send({ kind: 'timer', token, element: 'late' })

    expect(i.effects).toEqual([{ kind: 'abandon', token, element: 'call', what: 'operation' }, { kind: 'createTask', token: i.at('t'), element: 't' }])
  })
})
