import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answering, build, Instance, type ElementSpec } from '#tests/support/process/build.ts'
import { step } from './step.ts'
import { waits } from './waits.ts'
import type { CompiledProcess, CoreEvent, Token } from './types.ts'

const KINDS = ['userTask', 'userTask', 'inclusiveGateway', 'inclusiveGateway', 'exclusiveGateway', 'task'] as const
/** Any drawing at all: nodes, two ways on from each, boundaries, conditions that hold or not. */
const drawings = fc.record({
  nodes: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), to: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }), late: fc.option(fc.nat(9)) }), { minLength: 3, maxLength: 9 }),
  forks: fc.array(fc.nat(9), { minLength: 2, maxLength: 3 }),
  holds: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
})

function drawn({ nodes, forks, holds }: { nodes: { kind: typeof KINDS[number]; to: number[]; late: number | null }[]; forks: number[]; holds: boolean[] }): { process: CompiledProcess; answers: Record<string, boolean> } {
  const elements: Record<string, ElementSpec> = { s: { type: 'startEvent' }, fork: { type: 'parallelGateway' }, e: { type: 'endEvent' } }
  const flows = ['s0: s -> fork']
  const answers: Record<string, boolean> = {}
  const name = (n: number): string => (n < nodes.length ? `n${n}` : 'e')
  new Set(forks).forEach(n => flows.push(`k${flows.length}: fork -> ${name(n)}`))
  nodes.forEach((node, n) => {
    elements[`n${n}`] = { type: node.kind, ...(node.kind === 'userTask' ? { outcomes: ['ok'] } : {}) }
    const targets = node.kind === 'userTask' || node.kind === 'task' ? node.to.slice(0, 1) : [...new Set(node.to)]
    targets.forEach((to, i) => {
      const choice = node.kind.endsWith('Gateway') && i > 0
      if (choice) answers[`c${flows.length}`] = holds[flows.length % holds.length] ?? true
      flows.push(`${node.kind.endsWith('Gateway') && i === 0 ? '*' : ''}f${flows.length}: n${n} -> ${name(to)}${choice ? ` [c${flows.length}]` : ''}`)
    })
    if (node.kind !== 'userTask' || node.late === null) return
    elements[`b${n}`] = { type: 'boundaryEvent', event: 'message', message: `m${n}`, interrupting: node.late % 2 === 0, attachedTo: `n${n}` }
    flows.push(`f${flows.length}: b${n} -> ${name(node.late)}`)
  })
  return { process: build(elements, flows), answers }
}

/** 13.4.3 read word for word, forwards: flows that can be taken from where a token stands, without visiting the join. */
function flowsAhead(process: CompiledProcess, token: Token, join: string): Set<string> {
  const seen = new Set<string>()
  const leaving = (id: string): string[] => [...(process.index.outgoing[id] ?? []), ...(process.index.boundaries[id] ?? []).flatMap(b => process.index.outgoing[b] ?? [])]
  const open = leaving(token.at)
  for (let flow = open.pop(); flow !== undefined; flow = open.pop()) {
    if (seen.has(flow)) continue
    seen.add(flow)
    const target = process.flows[flow]?.target ?? ''
    if (target !== join) open.push(...leaving(target))
  }
  return seen
}

/** Whether a join with tokens has somebody to wait for. */
function mustWait(process: CompiledProcess, tokens: Token[], join: string): boolean {
  const arrived = new Set(tokens.filter(t => t.at === join).map(t => (t.note ?? '').replace('by:', '')))
  const empty = (process.index.incoming[join] ?? []).filter(f => !arrived.has(f))
  return tokens.some(t => {
    if (t.at === join) return false
    const ahead = flowsAhead(process, t, join)
    return empty.some(f => ahead.has(f)) && ![...arrived].some(f => ahead.has(f))
  })
}

it('any drawing: no join rests without somebody to wait for, no step loses its way, a copy goes on alike', () => {
  let joins = 0
  fc.assert(fc.property(drawings, fc.array(fc.nat(30), { maxLength: 14 }), (drawing, picks) => {
    const { process, answers } = drawn(drawing)
    const i = new Instance(process, answers)
    for (const pick of picks) {
      const { tokens } = i.state.marking
      // a drawing may loop without a wait or multiply its tokens: that is lint's business
      if (i.state.marking.ended || tokens.length > 10 || tokens.some(t => t.note?.startsWith('!'))) return
      for (const join of new Set(tokens.filter(t => process.elements[t.at]?.type === 'inclusiveGateway').map(t => t.at))) {
        joins++
        expect(mustWait(process, tokens, join), `${join} in ${JSON.stringify(tokens)}`).toBe(true)
      }
      const open = waits(process, i.state)
      if (open.length === 0) {
        expect(tokens.every(t => t.note?.startsWith('by:'))).toBe(true)
        expect(i.of('incident')).toMatchObject([{ code: 'deadlock' }])
        return
      }
      const wait = open[pick % open.length]
      const event: CoreEvent = wait?.kind === 'message' ? { kind: 'message', name: wait.name, token: wait.token } : { kind: 'outcome', token: wait?.token ?? 0, outcome: 'ok' }
      const copy = step(process, structuredClone(i.state), event, answering(answers))
      i.send(event)
      expect('state' in copy && copy.state).toEqual(i.state)
    }
  }), { numRuns: 400, seed: 7 })
  expect(joins).toBeGreaterThan(50)
})
