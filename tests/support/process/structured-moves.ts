import { enter, open, type Block, type Going } from './structured.ts'

/** The oracle for tokens that are put elsewhere: it knows the tree alone. null = over, 'no' = it cannot be. */
type Moved = Going | 'no'

const inside = (b: Block): Block[] => ('of' in b ? b.of : 'body' in b ? [b.body] : [])
const holds = (b: Block, id: string): boolean => b.id === id ? b.kind === 'task' || b.kind === 'bound' || b.kind === 'loop' : inside(b).some(x => holds(x, id))
export const tasksIn = (b: Block): string[] => [...(b.kind === 'task' || b.kind === 'bound' || b.kind === 'loop' ? [b.id] : []), ...inside(b).flatMap(tasksIn)]
const isTaken = (b: Block, i: number): boolean => b.kind !== 'or' || open({ ...b, of: b.of.map((x, n): Block => ({ kind: 'task', id: `${x.id}#${n}` })) }, enter({ ...b, of: b.of.map((x, n): Block => ({ kind: 'task', id: `${x.id}#${n}` })) })).some(id => id.endsWith(`#${i}`))

/** A branch beside which never another runs: the default of an inclusive split, or its only other one. */
const isAlone = (b: Block, i: number): boolean => b.kind === 'or' && (i === b.of.length - 1 || b.of.length === 2)

/** The block, nothing of it going on, with a token at the task and nowhere else. */
function place(b: Block, to: string): Moved {
  if (b.kind === 'task' || b.kind === 'bound') return enter(b)
  if (b.kind === 'par' || b.kind === 'or') {
    const i = b.of.findIndex(x => holds(x, to))
    const inner = isAlone(b, i) ? place(b.of[i] as Block, to) : 'no'
    // at 1: not the branches that the data asks for
    return inner === 'no' ? 'no' : { id: b.id, at: 1, of: b.of.map((_, n) => (n === i ? inner : null)) }
  }
  if (b.kind === 'loop' && b.id === to) return { id: b.id, at: 1, of: [] }
  const at = 'of' in b ? b.of.findIndex(x => holds(x, to)) : 0
  const inner = place(inside(b)[at] as Block, to)
  return inner === 'no' ? 'no' : { id: b.id, at: 'of' in b ? at : 0, of: [inner] }
}

/** `from` = the task whose token moves; absent = whatever stands where the target is not. */
export function move(b: Block, g: Going, to: string, from?: string): Moved {
  if (!g) return place(b, to)
  if (b.kind === 'task' || b.kind === 'bound') return enter(b)
  if (b.kind === 'par' || b.kind === 'or') {
    const i = b.of.findIndex(x => holds(x, to))
    const child = b.of[i] as Block
    const going = g.of[i] ?? null
    if (isAlone(b, i) && going === null) return place(b, to)
    if (from !== undefined ? !open(child, going).includes(from) : going === null && (g.at === 1 || !isTaken(b, i))) return 'no'
    const inner = move(child, going, to, from)
    return inner === 'no' ? 'no' : { ...g, of: g.of.map((x, n) => (n === i ? inner : x)) }
  }
  if (b.kind === 'loop' && (b.id === to || g.at === 1)) return place(b, to)
  const at = 'of' in b ? b.of.findIndex(x => holds(x, to)) : 0
  if ('of' in b && at !== g.at) return place(b, to)
  const inner = move(inside(b)[at] as Block, g.of[0] ?? null, to, from)
  return inner === 'no' ? 'no' : { ...g, of: [inner] }
}
