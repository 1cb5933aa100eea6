import { beside, scopesAround, type CompiledProcess, type ElementInfo } from '../core/index.ts'

/** Whether two elements can be active together: compared on the innermost level that holds both. */
export function sideBySide(process: CompiledProcess, a: string, b: string): boolean {
  const [one, other] = [a, b].map((id) => [...scopesAround(process, id), process.elements[id]].filter((e): e is ElementInfo => e !== undefined))
  if (!one || !other) return false
  let level = 0
  while (one[level] !== undefined && one[level] === other[level]) level++
  const [x, y] = [one[level], other[level]]
  if (!x || !y) return false
  const free = (e: ElementInfo): boolean => e.type === 'eventSubProcess' && (process.index.starts[e.id] ?? []).every((s) => process.elements[s]?.interrupting === false)
  return free(x) || free(y) || beside(process, x.scope).get(x.id)?.has(y.id) === true
}
