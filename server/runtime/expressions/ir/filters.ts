import type { Ast } from '../syntax/ast.ts'
import { build } from './check.ts'
import type { Env, Job } from './env.ts'
import { bind, node, problem, quote, read } from './env.ts'
import type { Ir } from './ir.ts'
import { someIr } from './ir.ts'
import { ANY, isKind, typeText } from './types.ts'

/** `list[condition]`, or `list[n]` when what stands inside is a number. */
export const filter = (job: Job, env: Env, ast: Extract<Ast, { k: 'filter' }>): Ir => {
  const list = build(job, env, ast.base)
  const of = list.type.kind === 'list' ? list.type.of : ANY
  if (!isKind(list.type, 'list')) problem(job, env, ast.base, `${quote(list.src)} is a ${typeText(list.type)}, only lists can be filtered.`, 'Compare it instead, or filter the list it came from.')
  read(job, list.origin)
  if (ast.cond.k === 'number' || ast.cond.k === 'negate') return index(job, env, ast, list, build(job, env, ast.cond))
  if (env.inFilter) problem(job, env, ast, 'A filter stands inside a filter; its `item` would be ambiguous.', 'Write `some a in … satisfies …` inside.')
  const slot = job.slots++
  const inner: Env = { ...bind(env, 'item', { slot, type: of, ...(list.origin ? { origin: list.origin } : {}) }), inFilter: true }
  const cond = build(job, inner, ast.cond)
  if (cond.type.kind === 'number') return index(job, env, ast, list, cond)
  if (!isKind(cond.type, 'boolean')) problem(job, env, ast.cond, `${quote(cond.src)} is a ${typeText(cond.type)}, a filter needs a condition or a position.`, 'Compare it with something, e.g. `item.x != null`.')
  return node(job, env, ast, { k: 'filter', list, slot, cond, equals: list.k === 'rows' ? equals(cond, slot) : [], type: list.type.kind === 'list' ? list.type : ANY, ...(list.origin ? { origin: list.origin } : {}) })
}

const index = (job: Job, env: Env, ast: Ast, list: Ir, at: Ir): Ir =>
  node(job, env, ast, { k: 'index', list, at, type: list.type.kind === 'list' ? list.type.of : ANY, ...(list.origin ? { origin: list.origin } : {}) })

/** Conjuncts `item.column = something without item`: what a store can look up by itself. */
const equals = (cond: Ir, slot: number): { path: string; value: Ir }[] => {
  if (cond.k === 'and') return [...equals(cond.left, slot), ...equals(cond.right, slot)]
  const stored = (ir: Ir): string | null => {
    if (ir.k === 'id' && ir.base.k === 'local' && ir.base.slot === slot) return 'id'
    if (ir.k === 'id') return stored(ir.base)
    if (ir.k !== 'prop' || ir.base.k !== 'local' || ir.base.slot !== slot || ir.def.compute !== undefined) return null
    return ir.def.column !== undefined || ir.def.blind !== undefined ? ir.path.join('.') : null
  }
  const free = (ir: Ir): boolean => !someIr(ir, (n) => n.k === 'local' && n.slot === slot)
  const flag = stored(cond)
  if (flag !== null && cond.type.kind === 'boolean') return [{ path: flag, value: { ...cond, k: 'const', value: true } as Ir }]
  if (cond.k !== 'compare' || cond.op !== '=') return []
  const [left, right] = [stored(cond.left), stored(cond.right)]
  if (left !== null && free(cond.right)) return [{ path: left, value: cond.right }]
  if (right !== null && free(cond.left)) return [{ path: right, value: cond.left }]
  return []
}
