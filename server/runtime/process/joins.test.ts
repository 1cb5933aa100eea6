import { describe, expect, it } from 'vitest'
import { build, Instance } from '#tests/support/process/build.ts'
import { draw } from '#tests/support/process/drawing.ts'
import type { Piece } from '#tests/support/process/pieces.ts'
import { compiled, runOurs, runTheirs } from '#tests/support/process/two-engines.ts'

const SPACES = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t"'
const flow = (id: string, from: string, to: string, condition?: string): string =>
  `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${condition ? `<conditionExpression xsi:type="tFormalExpression">\${environment.variables.holds.${condition}}</conditionExpression>` : ''}</sequenceFlow>`
const theirs = (elements: string, holds: Record<string, boolean>) =>
  runTheirs({ xml: `<definitions ${SPACES}><process id="p" isExecutable="true">${elements}</process></definitions>`, holds, again: {}, several: new Set<string>(), links: new Set<string>(), boundary: {} })
const user = { type: 'userTask' as const, outcomes: ['ok', 'again'] }

/** fork -> a -> (again? back to a) -> join; fork -> b -> join; join -> c */
const looping = () => new Instance(build(
  { s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, m: { type: 'exclusiveGateway' }, a: user, x: { type: 'exclusiveGateway' }, b: user, join: { type: 'parallelGateway' }, c: user, e: { type: 'endEvent' } },
  ['f0: s -> fork', 'f1: fork -> m', 'f2: fork -> b', 'f3: m -> a', 'f4: a -> x', 'f5: x -> m [outcome = "again"]', '*f6: x -> join', 'f7: b -> join', 'f8: join -> c', 'f9: c -> e']), {})
const LOOPING = `<startEvent id="s"/><parallelGateway id="fork"/><exclusiveGateway id="m"/><userTask id="a"/><exclusiveGateway id="x" default="f6"/><userTask id="b"/><parallelGateway id="join"/><userTask id="c"/><endEvent id="e"/>
${[flow('f0', 's', 'fork'), flow('f1', 'fork', 'm'), flow('f2', 'fork', 'b'), flow('f3', 'm', 'a'), flow('f4', 'a', 'x'), flow('f5', 'x', 'm', 'again'), flow('f6', 'x', 'join'), flow('f7', 'b', 'join'), flow('f8', 'join', 'c'), flow('f9', 'c', 'e')].join('')}`

describe('a parallel join (BPMN 2.0.2, 13.4.1: one token on each incoming flow)', () => {
  it('waits for a branch that loops back and comes late', () => {
    const i = looping()

    i.do('b').do('a', 'again')
    expect(i.places).toEqual(['a', 'join'])
    i.do('a', 'again').do('a')

    expect(i.places).toEqual(['c'])
    expect(i.do('c').state.marking.ended).toBe(true)
  })
  it('is let through early by bpmn-engine when a branch loops back: why it is no oracle for that shape', async () => {
    const holds = { again: true }
    const run = await theirs(LOOPING, holds)

    run.do('task b')
    run.do('task a')

    expect(run.open()).toContain('task c')
  })
  it('takes one token per flow and leaves the second of a flow for the next round', () => {
    const i = new Instance(build(
      { s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, m: { type: 'exclusiveGateway' }, a: user, b: user, n: user, join: { type: 'parallelGateway' }, c: user },
      ['f0: s -> fork', 'f1: fork -> a', 'f2: fork -> n', 'f3: fork -> b', 'f4: a -> m', 'f5: n -> m', 'f6: m -> join', 'f7: b -> join', 'f8: join -> c']))

    i.do('a').do('n')
    expect(i.places).toEqual(['b', 'join', 'join'])
    i.do('b')

    expect(i.places).toEqual(['c', 'join'])
  })
})

/** split -> a, b (both conditions hold), c otherwise; join -> d */
const choosing = () => new Instance(build(
  { s: { type: 'startEvent' }, split: { type: 'inclusiveGateway' }, a: user, b: user, c: user, join: { type: 'inclusiveGateway' }, d: user, e: { type: 'endEvent' } },
  ['f0: s -> split', 'f1: split -> a [p]', 'f2: split -> b [q]', '*f3: split -> c', 'f4: a -> join', 'f5: b -> join', 'f6: c -> join', 'f7: join -> d', 'f8: d -> e']), { p: true, q: true })
const CHOOSING = `<startEvent id="s"/><inclusiveGateway id="split" default="f3"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><inclusiveGateway id="join"/><userTask id="d"/><endEvent id="e"/>
${[flow('f0', 's', 'split'), flow('f1', 'split', 'a', 'p'), flow('f2', 'split', 'b', 'q'), flow('f3', 'split', 'c'), flow('f4', 'a', 'join'), flow('f5', 'b', 'join'), flow('f6', 'c', 'join'), flow('f7', 'join', 'd'), flow('f8', 'd', 'e')].join('')}`

describe('an inclusive join (BPMN 2.0.2, 13.4.3: every token that can still come)', () => {
  it('waits for the branches that were taken and goes on once', () => {
    const i = choosing()

    expect(i.do('a').places).toEqual(['b', 'join'])
    expect(i.do('b').places).toEqual(['d'])
    expect(i.do('d').state.marking.ended).toBe(true)
  })
  it('does not wait for a branch that was not taken', () => {
    const i = choosing()
    const alone = new Instance(i.process, { p: true, q: false })

    expect(alone.do('a').places).toEqual(['d'])
  })
  it('is passed by the first token in bpmn-engine and once more by the second, and the process never ends: why it is no oracle for that shape', async () => {
    const run = await theirs(CHOOSING, { p: true, q: true })

    run.do('task a')
    expect(run.trace()).toEqual(['done a', 'passed join', 'passed split'])
    run.do('task b')

    expect(run.trace()).toEqual(['done a', 'done b', 'passed join', 'passed join', 'passed split'])
    expect([run.open(), run.ended()]).toEqual([[], false])
  })
})

/** The same drawing in both engines; its pieces are named n1, n2, … in the order in which they are written. */
async function both(piece: Piece) {
  const drawing = draw(piece)
  return { ours: runOurs(await compiled(drawing), drawing), theirs: await runTheirs(drawing) }
}

describe('a way that was not taken', () => {
  it('counts for no join, while bpmn-engine takes it for the second token of a branch with a choice', async () => {
    const { ours, theirs: other } = await both({ kind: 'par', of: [{ kind: 'sub', body: { kind: 'pause' } }, { kind: 'xor', of: [{ kind: 'call' }, { kind: 'pause' }], take: 1 }] })

    for (const run of [ours, other]) run.do('timer n3')

    expect([ours.open(), ours.trace().includes('reached end')]).toEqual([['timer n6'], false])
    expect(other.trace()).toContain('reached end')
  })
  it('holds up no join, while bpmn-engine never ends after a boundary event that did not happen', async () => {
    const { ours, theirs: other } = await both({ kind: 'seq', of: [{ kind: 'fails', aside: { kind: 'pause' } }, { kind: 'fails', aside: { kind: 'task' } }, { kind: 'par', of: [{ kind: 'task' }, { kind: 'mail' }, { kind: 'task' }] }] })

    for (const run of [ours, other]) for (const what of ['call n2', 'call n4', 'mail n8', 'task n9', 'task n7']) run.do(what)

    expect([ours.open(), ours.ended()]).toEqual([[], true])
    expect([other.open(), other.ended()]).toEqual([[], false])
  })
})

/** two sub-processes, one after the other; the first ends in an error that both boundaries could catch */
const CAUGHT_TWICE = `<error id="r" errorCode="R"/><process id="p" isExecutable="true"><startEvent id="s"/>
<subProcess id="first"><startEvent id="s1"/><endEvent id="e1"><errorEventDefinition errorRef="r"/></endEvent>${flow('i1', 's1', 'e1')}</subProcess><boundaryEvent id="b1" attachedToRef="first"><errorEventDefinition errorRef="r"/></boundaryEvent>
<subProcess id="second"><startEvent id="s2"/><userTask id="work"/>${flow('i2', 's2', 'work')}</subProcess><boundaryEvent id="b2" attachedToRef="second"><errorEventDefinition errorRef="r"/></boundaryEvent>
<userTask id="after"/>${[flow('f0', 's', 'first'), flow('f1', 'b1', 'second'), flow('f2', 'b2', 'after')].join('')}</process>`

describe('an error (BPMN 2.0.2, 10.5.6: caught by the nearest boundary around it)', () => {
  it('is caught once', () => {
    const error = { event: 'error' as const, errorCode: 'R' }
    const i = new Instance(build(
      { s: { type: 'startEvent' }, first: { type: 'subProcess' }, s1: { type: 'startEvent', scope: 'first' }, e1: { type: 'endEvent', ...error, scope: 'first' }, b1: { type: 'boundaryEvent', ...error, attachedTo: 'first' },
        second: { type: 'subProcess' }, s2: { type: 'startEvent', scope: 'second' }, work: { ...user, scope: 'second' }, b2: { type: 'boundaryEvent', ...error, attachedTo: 'second' }, after: user },
      ['f0: s -> first', 'f1: b1 -> second', 'f2: b2 -> after', 'i1: s1 -> e1', 'i2: s2 -> work']))

    expect(i.places).toEqual(['second', 'work'])
  })
  it('is caught again by a later boundary in bpmn-engine: why every error of the compared drawings has one catcher', async () => {
    const run = await runTheirs({ xml: `<definitions ${SPACES}>${CAUGHT_TWICE}</definitions>`, holds: {}, again: {}, several: new Set<string>(), links: new Set<string>(), boundary: {} })

    expect(run.open()).toEqual(['task after'])
  })
})
