import { describe, expect, it } from 'vitest'
import { build, type ElementSpec, type FlowSpec } from '#tests/support/process/build.ts'
import type { LintContext } from './context.ts'
import { lintProcess } from './index.ts'

const task = (more: Partial<ElementSpec> = {}): ElementSpec => ({ type: 'userTask', role: ['r'], outcomes: ['ok'], ...more })
const start: ElementSpec = { type: 'startEvent' }
const end: ElementSpec = { type: 'endEvent' }
/** code, element or flow first named, per finding; the missing diagram is left out */
const codes = (elements: Record<string, ElementSpec>, flows: FlowSpec[], context?: LintContext): string[] =>
  lintProcess(build(elements, flows), context).filter(f => f.code !== 'diagram.missing').map(f => `${f.level} ${f.code}: ${f.message}`)

describe('process lint', () => {
  it('has nothing to say about a sound process, but that it is not drawn', () => {
    const p = build({ s: start, t: task(), e: end }, ['f1: s -> t', 'f2: t -> e'])

    expect(lintProcess(p)).toEqual([expect.objectContaining({ level: 'warning', code: 'diagram.missing', file: 'p.bpmn', line: 1 })])
    expect(lintProcess({ ...p, drawn: ['s', 't', 'e', 'f1', 'f2'] })).toEqual([])
    expect(lintProcess({ ...p, drawn: ['s', 't', 'e', 'f1'] })).toMatchObject([{ code: 'diagram.incomplete', message: 'the diagram does not draw f2' }])
  })
  it('finds what can never be reached, also inside a sub-process', () => {
    expect(codes({ s: start, t: task(), lost: task(), e: end }, ['f1: s -> t', 'f2: t -> e', 'f3: lost -> e'])).toEqual(['error process.unreachable: lost can never be reached'])
    expect(codes({ s: start, sub: { type: 'subProcess' }, in: { ...start, scope: 'sub' }, a: task({ scope: 'sub' }), b: task({ scope: 'sub' }), out: { ...end, scope: 'sub' }, e: end },
      ['f1: s -> sub', 'f2: in -> a', 'f3: a -> out', 'f4: b -> out', 'f5: sub -> e'])).toEqual(['error process.unreachable: b can never be reached'])
  })
  it('finds starts that are missing or one too many', () => {
    expect(codes({ e: end }, [])[0]).toBe('error process.noStart: the process has no start event')
    expect(codes({ s: start, s2: start, e: end }, ['f1: s -> e', 'f2: s2 -> e'])[0]).toContain('process.starts')
  })
  it('finds dead ends', () => {
    expect(codes({ s: start, g: { type: 'exclusiveGateway' } }, ['f1: s -> g'])).toEqual(['error process.deadEnd: g leads nowhere: the token ends here'])
    expect(codes({ s: start, t: task() }, ['f1: s -> t'])).toEqual(['warning process.deadEnd: t leads nowhere: the token ends here'])
  })
  it('finds gateways without default, flows without condition and conditions nobody asks', () => {
    const two = { s: start, g: { type: 'exclusiveGateway' } as ElementSpec, a: task(), b: task(), e: end }
    const rest = ['fa: a -> e', 'fb: b -> e']
    expect(codes(two, ['f0: s -> g', 'f1: g -> a [x]', 'f2: g -> b [y]', ...rest])).toEqual([expect.stringMatching(/^warning process.missingDefault: g has no default flow/)])
    expect(codes(two, ['f0: s -> g', 'f1: g -> a [x]', 'f2: g -> b', ...rest])).toEqual([expect.stringMatching(/^error process.condition: f2 leaves g without condition/)])
    expect(codes(two, ['f0: s -> g', 'f1: g -> a [x]', '*f2: g -> b', ...rest])).toEqual([])
    expect(codes({ ...two, g: { type: 'parallelGateway' } }, ['f0: s -> g', 'f1: g -> a [x]', 'f2: g -> b', ...rest])).toEqual([expect.stringMatching(/^error process.condition: f1 has a condition, but g is a parallelGateway/)])
  })
  it('finds tasks nobody can do or complete', () => {
    expect(codes({ s: start, t: { type: 'userTask' }, e: end }, ['f1: s -> t', 'f2: t -> e'])).toEqual([
      'error task.role: user task t names no role: nobody may act on it', 'error task.outcomes: user task t has no outcomes: nobody can complete it',
    ])
    expect(codes({ s: start, c: { type: 'serviceTask' }, m: { type: 'sendTask', to: 'user' }, e: end }, ['f1: s -> c', 'f2: c -> m', 'f3: m -> e'])).toEqual([
      'error task.operation: service task c names no operation', 'error task.send: send task m lacks certflow:channel, certflow:text',
    ])
  })
  it('finds outcomes that no flow reads, at the task or at a gateway behind it', () => {
    const t = task({ outcomes: ['approve', 'return', 'hold'] })
    expect(codes({ s: start, t, a: task(), e: end }, ['f1: s -> t', 'f2: t -> a [outcome = "approve"]', 'f3: t -> e [outcome = "return"]', 'f4: a -> e']))
      .toEqual(['error task.outcomeUnread: no flow reads the outcome "hold" of t'])
    expect(codes({ s: start, t, g: { type: 'exclusiveGateway' }, a: task(), e: end }, ['f1: s -> t', 'f2: t -> g', 'f3: g -> a [outcome in ["approve", "hold"]]', '*f5: g -> e', 'f6: a -> e'])).toEqual([])
  })
  it('finds an outcome that only some of its ways read', () => {
    const found = codes({ s: start, t: task({ outcomes: ['a', 'b'] }), n: { type: 'exclusiveGateway' }, g: { type: 'exclusiveGateway' }, h: { type: 'exclusiveGateway' }, e: end },
      ['f1: s -> t', 'f2: t -> n', 'n1: n -> g [x]', '*n2: n -> h', 'g1: g -> e [outcome = "a"]', 'h1: h -> e [outcome = "a"]', 'h2: h -> e [outcome = "b"]'])

    expect(found).toEqual([expect.stringMatching(/^error process.noFlow: outcome "b" of t finds no way on at g/)])
  })
  it('finds tasks that are active together and state different statuses, by fork or by event', () => {
    const fork = (b: string) => codes({ s: start, f: { type: 'parallelGateway' }, a: task({ status: 'A' }), b: task({ status: b }), j: { type: 'parallelGateway' }, e: end }, ['f0: s -> f', 'f1: f -> a', 'f2: f -> b', 'f3: a -> j', 'f4: b -> j', 'f5: j -> e'])
    expect(fork('B')).toEqual(['error process.twoStatuses: a ("A") and b ("B") can be active together and state different statuses'])
    expect(fork('A')).toEqual([])
    expect(codes({ s: start, a: task({ status: 'A' }), e: end, ev: { type: 'eventSubProcess' }, on: { ...start, event: 'message', message: 'm', interrupting: false, scope: 'ev' }, x: task({ status: 'X', scope: 'ev' }), y: { ...end, scope: 'ev' } },
      ['f1: s -> a', 'f2: a -> e', 'f3: on -> x', 'f4: x -> y'])).toEqual([expect.stringContaining('process.twoStatuses')])
  })
  it('finds joins that wait for ever', () => {
    const found = codes({ s: start, g: { type: 'exclusiveGateway' }, a: task(), b: task(), j: { type: 'parallelGateway' }, e: end }, ['f0: s -> g', 'f1: g -> a [x]', '*f2: g -> b', 'f3: a -> j', 'f4: b -> j', 'f5: j -> e'])

    expect(found).toEqual([expect.stringMatching(/^error process.deadlock: j can wait for ever/)])
  })
  it('finds links that do not pair', () => {
    const go = (link: string, scope?: string): ElementSpec => ({ type: 'intermediateThrowEvent', event: 'link', link, ...(scope ? { scope } : {}) })
    const come = (link: string, scope?: string): ElementSpec => ({ type: 'intermediateCatchEvent', event: 'link', link, ...(scope ? { scope } : {}) })
    expect(codes({ s: start, go: go('L'), come: come('L'), t: task(), e: end }, ['f1: s -> go', 'f2: come -> t', 'f3: t -> e'])).toEqual([])
    expect(codes({ s: start, go: go('L'), e: end }, ['f1: s -> go', 'f2: go -> e'])).toEqual(['error process.link: go throws the link "L", which nothing in the process catches', 'error process.link: flow f2 leaves the throwing link event go, which goes on at its catch'])
    expect(codes({ s: start, go: go('L'), one: come('L'), two: come('L'), t: task(), e: end }, ['f1: s -> go', 'f2: one -> t', 'f3: two -> t', 'f4: t -> e'])).toContain('error process.link: two catches the link "L" a second time in the process, after one')
    expect(codes({ s: start, t: task(), come: come('M'), e: end }, ['f1: s -> t', 'f2: t -> come', 'f3: come -> e'])).toEqual(['error process.link: come catches the link "M", which nothing in the process throws', 'error process.link: flow f2 leads to the catching link event come, which begins by its throw'])
    expect(codes({ s: start, sub: { type: 'subProcess' }, in: { ...start, scope: 'sub' }, go: go('L', 'sub'), come: come('L'), e: end }, ['f1: s -> sub', 'f2: sub -> e', 'i1: in -> go', 'f3: come -> e'])).toEqual(
      expect.arrayContaining(['error process.link: go throws the link "L", which nothing in sub catches', 'error process.link: come catches the link "L", which nothing in the process throws']))
  })
  it('warns of escalations that nobody hears, and of ears that nothing reaches', () => {
    const up = (code: string): ElementSpec => ({ ...end, event: 'escalation', escalationCode: code, scope: 'sub' })
    const withEar = (more: Partial<ElementSpec>) => codes({ s: start, sub: { type: 'subProcess' }, in: { ...start, scope: 'sub' }, a: task({ scope: 'sub' }), up: up('A'), ear: { type: 'boundaryEvent', event: 'escalation', attachedTo: 'sub', ...more }, e: end }, ['f1: s -> sub', 'f2: sub -> e', 'i1: in -> a', 'i2: a -> up', 'f3: ear -> e'])
    expect(withEar({ escalationCode: 'A' })).toEqual([])
    expect(withEar({})).toEqual([])
    expect(withEar({ escalationCode: 'B' })).toEqual([
      'warning process.uncaughtEscalation: nothing catches the escalation "A" of up: the process goes on, the history keeps it',
      'warning process.escalationNotThrown: ear waits for the escalation "B", which nothing in sub throws',
    ])
    expect(codes({ s: start, t: task(), ear: { type: 'boundaryEvent', event: 'escalation', attachedTo: 't' }, e: end }, ['f1: s -> t', 'f2: t -> e', 'f3: ear -> e'])[0]).toBe('error process.boundary: ear catches an escalation of t, a userTask, which throws none')
  })
  it('warns of a receiver where nothing is sent to one', () => {
    expect(codes({ s: start, t: task(), e: { ...end, event: 'signal', signal: 'x', to: 'rows("loan")' } }, ['f1: s -> t', 'f2: t -> e'])).toEqual(['warning process.receiver: e has certflow:to, but a signal event has no receiver'])
  })
  it('refuses an event that would begin a process which a plain start has begun already', () => {
    const by = (more: Partial<ElementSpec>) => codes({ s: { ...start, event: 'signal', signal: 'go', status: 'WAITING', ...more }, t: task(), e: end }, ['f1: s -> t', 'f2: t -> e'])
    expect(by({})).toEqual([])
    expect(codes({ s: start, on: { ...start, event: 'signal', signal: 'go' }, t: task(), e: end }, ['f0: s -> t', 'f1: on -> t', 'f2: t -> e'])).toEqual([expect.stringMatching(/^error process.starts: on never begins the process: it has the plain start s/)])
  })
  it('takes an inclusive join as it runs: sound where branches come or leave, waiting for ever in a circle of two', () => {
    const or: ElementSpec = { type: 'inclusiveGateway' }
    expect(codes({ s: start, o: or, a: task(), b: task(), j: or, e: end }, ['f0: s -> o', 'fa: o -> a [x]', '*fb: o -> b', 'ja: a -> j', 'jb: b -> j', 'f1: j -> e'])).toEqual([])
    expect(codes({ s: start, o: or, a: task(), b: task(), j: { type: 'parallelGateway' }, e: end }, ['f0: s -> o', 'fa: o -> a [x]', '*fb: o -> b', 'ja: a -> j', 'jb: b -> j', 'f1: j -> e'])).toEqual([expect.stringMatching(/^error process.deadlock: j can wait for ever/)])
    const circle = codes({ s: start, f: { type: 'parallelGateway' }, j1: or, j2: or, a: task(), b: task(), x: { type: 'exclusiveGateway' }, y: { type: 'exclusiveGateway' }, e: end },
      ['f0: s -> f', 'f1: f -> j1', 'f2: f -> j2', 'f3: j1 -> a', 'f4: j2 -> b', 'f5: a -> x', 'f6: b -> y', 'c1: x -> j2 [p]', '*f7: x -> e', 'c2: y -> j1 [q]', '*f8: y -> e'])
    expect(circle).toEqual([expect.stringMatching(/^error process.deadlock: j1 can wait for ever/)])
    expect(codes({ s: start, o: or, e: end }, ['f0: s -> o', 'f1: o -> e'])).toEqual([expect.stringMatching(/^warning process.inclusive: /)])
  })
  it('finds loops that never wait', () => {
    expect(codes({ s: start, a: { type: 'task' }, b: { type: 'task' } }, ['f1: s -> a', 'f2: a -> b', 'f3: b -> a'])).toEqual([expect.stringContaining('process.endlessLoop')])
  })
  it('finds errors that nothing catches, and boundaries where no token rests', () => {
    expect(codes({ s: start, boom: { ...end, event: 'error', errorCode: 'X' } }, ['f1: s -> boom'])).toEqual(['error process.uncaughtError: nothing catches the error "X" of boom'])
    expect(codes({ s: start, m: { type: 'manualTask' }, b: { type: 'boundaryEvent', event: 'message', message: 'x', attachedTo: 'm' }, e: end }, ['f1: s -> m', 'f2: m -> e', 'f3: b -> e'])).toEqual([expect.stringContaining('process.boundary')])
  })
  it('finds attributes that no token and no button would ever use', () => {
    expect(codes({ s: { ...start, status: 'DRAFT', role: ['school'] }, t: task(), e: end }, ['f1: s -> t', 'f2: t -> e'])).toEqual([
      'warning task.status: s states a status, but no token rests on it',
      'warning task.button: s has certflow:role, but a plain start has no button: who may create records is said in form.json',
    ])
  })
  it('refuses call activities whose process is not found', () => {
    expect(codes({ s: start, c: { type: 'callActivity', calledElement: 'hook' }, e: end }, ['f1: s -> c', 'f2: c -> e'])).toEqual([expect.stringMatching(/^error process.called: c calls "hook"/)])
  })
  it('warns of effects written on a wait, and refuses them behind an event-based gateway', () => {
    const effects = [{ kind: 'set' as const, id: 'x', values: [{ name: 'a', expr: '1' }], unless: [] }]
    expect(codes({ s: start, t: task({ effects }), e: end }, ['f1: s -> t', 'f2: t -> e'])).toEqual([expect.stringMatching(/^warning process.effectPlace/)])
    expect(codes({ s: start, g: { type: 'eventBasedGateway' }, c: { type: 'intermediateCatchEvent', event: 'message', message: 'm', role: ['r'] }, e: end }, ['f1: s -> g', { flow: 'f2: g -> c', effects }, 'f3: c -> e'])).toEqual([expect.stringMatching(/^error process.effectPlace/)])
  })
  it('checks names against what the programme has, and only then', () => {
    const elements: Record<string, ElementSpec> = { s: start, t: task({ role: ['nobody'], status: 'ODD' }), c: { type: 'serviceTask', operation: 'a/b' }, r: { type: 'businessRuleTask', rule: 'fee', inputs: [{ name: 'n', expr: '1' }], outputs: [{ name: 'x', expr: 'output' }] }, w: { type: 'intermediateCatchEvent', event: 'message', message: 'never' }, e: end }
    const flows = ['f1: s -> t', 'f2: t -> c', 'f3: c -> r', 'f4: r -> w', 'f5: w -> e']

    expect(codes(elements, flows)).toEqual([])
    expect(codes(elements, flows, { roles: new Set(['school']), states: new Set(['DRAFT']), operations: new Set(), rules: { fee: ['level', 'n'] }, thrown: new Set() }).map(c => c.split(':')[0])).toEqual([
      'error name.role', 'error name.status', 'error name.operation', 'error name.ruleArguments', 'warning message.notThrown',
    ])
  })
})
