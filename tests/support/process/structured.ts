import fc from 'fast-check'
import type { CompiledProcess } from '#server/runtime/process/core/types.ts'
import { build, type ElementSpec } from './build.ts'

/** Structured processes, and an oracle that knows nothing of tokens: it walks the tree. */
export type Block =
  | { kind: 'task'; id: string }
  | { kind: 'seq'; id: string; of: Block[] }
  | { kind: 'par'; id: string; of: Block[] }
  /** takes branch `take` of the data */
  | { kind: 'xor'; id: string; of: Block[]; take: number }
  /** body, then a task whose outcome "again" repeats it */
  | { kind: 'loop'; id: string; body: Block }
  | { kind: 'sub'; id: string; body: Block }
  /** takes every branch whose bit is set, the last one when no other is */
  | { kind: 'or'; id: string; of: Block[]; take: number }
  /** body, then a jump over a link */
  | { kind: 'link'; id: string; body: Block }
  /** a sub-process that is left by the escalation at its end */
  | { kind: 'esc'; id: string; body: Block }
  /** a task that a message may interrupt; both ways go on at the same place */
  | { kind: 'bound'; id: string }
type Shape = { kind: Block['kind']; of: Shape[]; take: number }
const ONE = ['loop', 'sub', 'link', 'esc'] as const
/** branches of an inclusive split that are taken */
const taken = (b: { of: Block[]; take: number }): number[] => {
  const set = b.of.slice(0, -1).flatMap((_, i) => ((b.take >> i) % 2 === 1 ? [i] : []))
  return set.length > 0 ? set : [b.of.length - 1]
}

const shape: fc.Arbitrary<Shape> = fc.letrec<{ node: Shape }>(tie => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Shape>({ kind: 'task', of: [], take: 0 }, { kind: 'bound', of: [], take: 0 }),
    fc.record({ kind: fc.constantFrom<Block['kind']>('seq', 'par', 'xor', 'or', 'or'), of: fc.array(tie('node'), { minLength: 2, maxLength: 3 }), take: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom<Block['kind']>(...ONE), of: fc.array(tie('node'), { minLength: 1, maxLength: 1 }), take: fc.constant(0) })),
})).node

export const blocks: fc.Arbitrary<Block> = shape.map(s => {
  let n = 0
  const name = (x: Shape): Block => {
    const id = `n${++n}`
    const of = x.of.map(name)
    if (x.kind === 'task' || x.kind === 'bound') return { kind: x.kind, id }
    if (x.kind === 'loop' || x.kind === 'sub' || x.kind === 'link' || x.kind === 'esc') return { kind: x.kind, id, body: of[0] ?? { kind: 'task', id: `${id}x` } }
    if (x.kind === 'or') return { kind: x.kind, id, of, take: x.take }
    return x.kind === 'xor' ? { kind: x.kind, id, of, take: x.take % of.length } : { kind: x.kind, id, of }
  }
  return name(s)
})

/** The block as a process and the answers its gateways get. */
export function processOf(block: Block): { process: CompiledProcess; answers: Record<string, boolean> } {
  const elements: Record<string, ElementSpec> = {}
  const flows: string[] = []
  const answers: Record<string, boolean> = {}
  const link = (from: string, to: string, condition = '', star = ''): void => { flows.push(`${star}f${flows.length}: ${from} -> ${to}${condition && ` [${condition}]`}`) }
  const add = (id: string, spec: ElementSpec, scope: string | undefined): string => { elements[id] = { ...spec, ...(scope ? { scope } : {}) }; return id }
  const place = (b: Block, scope: string | undefined): [string, string] => {
    if (b.kind === 'task') { const id = add(b.id, { type: 'userTask', outcomes: ['ok'] }, scope); return [id, id] }
    if (b.kind === 'bound') {
      const out = add(`${b.id}m`, { type: 'exclusiveGateway' }, scope)
      link(add(b.id, { type: 'userTask', outcomes: ['ok'] }, scope), out)
      link(add(`${b.id}b`, { type: 'boundaryEvent', event: 'message', message: `${b.id}!`, attachedTo: b.id }, scope), out)
      return [b.id, out]
    }
    if (b.kind === 'link') {
      const [begin, end] = place(b.body, scope)
      link(end, add(`${b.id}t`, { type: 'intermediateThrowEvent', event: 'link', link: b.id }, scope))
      return [begin, add(`${b.id}c`, { type: 'intermediateCatchEvent', event: 'link', link: b.id }, scope)]
    }
    if (b.kind === 'esc') {
      add(b.id, { type: 'subProcess' }, scope)
      const [begin, end] = place(b.body, b.id)
      link(add(`${b.id}s`, { type: 'startEvent' }, b.id), begin)
      link(end, add(`${b.id}e`, { type: 'endEvent', event: 'escalation', escalationCode: 'E' }, b.id))
      const out = add(`${b.id}m`, { type: 'exclusiveGateway' }, scope)
      link(add(`${b.id}b`, { type: 'boundaryEvent', event: 'escalation', attachedTo: b.id }, scope), out)
      link(b.id, out)
      return [b.id, out]
    }
    if (b.kind === 'seq') {
      const ends = b.of.map(x => place(x, scope))
      ends.slice(1).forEach(([begin], i) => link(ends[i]?.[1] ?? '', begin))
      return [ends[0]?.[0] ?? '', ends.at(-1)?.[1] ?? '']
    }
    if (b.kind === 'sub') {
      add(b.id, { type: 'subProcess' }, scope)
      const [begin, end] = place(b.body, b.id)
      link(add(`${b.id}s`, { type: 'startEvent' }, b.id), begin)
      link(end, add(`${b.id}e`, { type: 'endEvent' }, b.id))
      return [b.id, b.id]
    }
    if (b.kind === 'loop') {
      const head = add(`${b.id}h`, { type: 'exclusiveGateway' }, scope)
      const [begin, end] = place(b.body, scope)
      const ask = add(b.id, { type: 'userTask', outcomes: ['ok', 'again'] }, scope)
      const tail = add(`${b.id}t`, { type: 'exclusiveGateway' }, scope)
      link(head, begin); link(end, ask); link(ask, tail); link(tail, head, 'outcome = "again"')
      const out = add(`${b.id}o`, { type: 'task' }, scope)
      link(tail, out, 'outcome = "ok"')
      return [head, out]
    }
    const type = b.kind === 'par' ? 'parallelGateway' as const : b.kind === 'or' ? 'inclusiveGateway' as const : 'exclusiveGateway' as const
    const [split, join] = [add(`${b.id}s`, { type }, scope), add(`${b.id}j`, { type }, scope)]
    b.of.forEach((x, i) => {
      const [begin, end] = place(x, scope)
      if (b.kind === 'xor') answers[`${b.id} takes ${i}`] = i === b.take
      const fallback = b.kind === 'or' && i === b.of.length - 1
      if (b.kind === 'or' && !fallback) answers[`${b.id} takes ${i}`] = taken(b).includes(i)
      link(split, begin, b.kind === 'xor' || (b.kind === 'or' && !fallback) ? `${b.id} takes ${i}` : '', fallback ? '*' : '')
      link(end, join)
    })
    return [split, join]
  }
  add('start', { type: 'startEvent' }, undefined)
  const [begin, end] = place(block, undefined)
  link('start', begin)
  link(end, add('end', { type: 'endEvent' }, undefined))
  return { process: build(elements, flows), answers }
}

/** What is going on in a block: null = over. */
export type Going = { id: string; at: number; of: (Going | null)[] } | null

export function enter(b: Block): Going {
  if (b.kind === 'task' || b.kind === 'bound') return { id: b.id, at: 0, of: [] }
  if (b.kind === 'or') return { id: b.id, at: 0, of: b.of.map((x, i) => (taken(b).includes(i) ? enter(x) : null)) }
  if (b.kind === 'par') return { id: b.id, at: 0, of: b.of.map(enter) }
  if (b.kind === 'seq') return { id: b.id, at: 0, of: [enter(b.of[0] as Block)] }
  if (b.kind === 'xor') return { id: b.id, at: b.take, of: [enter(b.of[b.take] as Block)] }
  return { id: b.id, at: 0, of: [enter(b.body)] }
}

export function open(b: Block, g: Going): string[] {
  if (!g) return []
  if (b.kind === 'task' || b.kind === 'bound') return [b.id]
  if (b.kind === 'par' || b.kind === 'or') return b.of.flatMap((x, i) => open(x, g.of[i] ?? null))
  if (b.kind === 'loop' && g.at === 1) return [b.id]
  return open(inner(b, g), g.of[0] ?? null)
}

const inner = (b: Block, g: { at: number }): Block => ('body' in b ? b.body : b.kind === 'task' || b.kind === 'bound' ? b : b.of[g.at] as Block)

export function complete(b: Block, g: Going, task: string, outcome: string): Going {
  if (!g || !open(b, g).includes(task)) return g
  if (b.kind === 'task' || b.kind === 'bound') return null
  if (b.kind === 'par' || b.kind === 'or') {
    const of = b.of.map((x, i) => complete(x, g.of[i] ?? null, task, outcome))
    return of.every(x => x === null) ? null : { ...g, of }
  }
  if (b.kind === 'loop' && g.at === 1) return outcome === 'again' ? enter(b) : null
  const next = complete(inner(b, g), g.of[0] ?? null, task, outcome)
  if (next) return { ...g, of: [next] }
  if (b.kind === 'loop') return { ...g, at: 1, of: [] }
  return b.kind === 'seq' && g.at + 1 < b.of.length ? { ...g, at: g.at + 1, of: [enter(b.of[g.at + 1] as Block)] } : null
}
