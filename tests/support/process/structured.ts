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
type Shape = { kind: Block['kind']; of: Shape[]; take: number }

const shape: fc.Arbitrary<Shape> = fc.letrec<{ node: Shape }>(tie => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true },
    fc.constant<Shape>({ kind: 'task', of: [], take: 0 }),
    fc.record({ kind: fc.constantFrom<Block['kind']>('seq', 'par', 'xor'), of: fc.array(tie('node'), { minLength: 2, maxLength: 3 }), take: fc.nat(2) }),
    fc.record({ kind: fc.constantFrom<Block['kind']>('loop', 'sub'), of: fc.array(tie('node'), { minLength: 1, maxLength: 1 }), take: fc.constant(0) })),
})).node

export const blocks: fc.Arbitrary<Block> = shape.map(s => {
  let n = 0
  const name = (x: Shape): Block => {
    const id = `n${++n}`
    const of = x.of.map(name)
    if (x.kind === 'task') return { kind: x.kind, id }
    if (x.kind === 'loop' || x.kind === 'sub') return { kind: x.kind, id, body: of[0] ?? { kind: 'task', id: `${id}x` } }
    return x.kind === 'xor' ? { kind: x.kind, id, of, take: x.take % of.length } : { kind: x.kind, id, of }
  }
  return name(s)
})

/** The block as a process and the answers its gateways get. */
export function processOf(block: Block): { process: CompiledProcess; answers: Record<string, boolean> } {
  const elements: Record<string, ElementSpec> = {}
  const flows: string[] = []
  const answers: Record<string, boolean> = {}
  const link = (from: string, to: string, condition = ''): void => { flows.push(`f${flows.length}: ${from} -> ${to}${condition && ` [${condition}]`}`) }
  const add = (id: string, spec: ElementSpec, scope: string | undefined): string => { elements[id] = { ...spec, ...(scope ? { scope } : {}) }; return id }
  const place = (b: Block, scope: string | undefined): [string, string] => {
    if (b.kind === 'task') { const id = add(b.id, { type: 'userTask', outcomes: ['ok'] }, scope); return [id, id] }
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
    const type = b.kind === 'par' ? 'parallelGateway' as const : 'exclusiveGateway' as const
    const [split, join] = [add(`${b.id}s`, { type }, scope), add(`${b.id}j`, { type }, scope)]
    b.of.forEach((x, i) => {
      const [begin, end] = place(x, scope)
      if (b.kind === 'xor') answers[`${b.id} takes ${i}`] = i === b.take
      link(split, begin, b.kind === 'xor' ? `${b.id} takes ${i}` : '')
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
  if (b.kind === 'task') return { id: b.id, at: 0, of: [] }
  if (b.kind === 'par') return { id: b.id, at: 0, of: b.of.map(enter) }
  if (b.kind === 'seq') return { id: b.id, at: 0, of: [enter(b.of[0] as Block)] }
  if (b.kind === 'xor') return { id: b.id, at: b.take, of: [enter(b.of[b.take] as Block)] }
  return { id: b.id, at: 0, of: [enter(b.body)] }
}

export function open(b: Block, g: Going): string[] {
  if (!g) return []
  if (b.kind === 'task') return [b.id]
  if (b.kind === 'par') return b.of.flatMap((x, i) => open(x, g.of[i] ?? null))
  if (b.kind === 'loop' && g.at === 1) return [b.id]
  return open(inner(b, g), g.of[0] ?? null)
}

const inner = (b: Block, g: { at: number }): Block => (b.kind === 'loop' || b.kind === 'sub' ? b.body : b.kind === 'task' ? b : b.of[g.at] as Block)

export function complete(b: Block, g: Going, task: string, outcome: string): Going {
  if (!g || !open(b, g).includes(task)) return g
  if (b.kind === 'task') return null
  if (b.kind === 'par') {
    const of = b.of.map((x, i) => complete(x, g.of[i] ?? null, task, outcome))
    return of.every(x => x === null) ? null : { ...g, of }
  }
  if (b.kind === 'loop' && g.at === 1) return outcome === 'again' ? enter(b) : null
  const next = complete(inner(b, g), g.of[0] ?? null, task, outcome)
  if (next) return { ...g, of: [next] }
  if (b.kind === 'loop') return { ...g, at: 1, of: [] }
  return b.kind === 'seq' && g.at + 1 < b.of.length ? { ...g, at: g.at + 1, of: [enter(b.of[g.at + 1] as Block)] } : null
}
