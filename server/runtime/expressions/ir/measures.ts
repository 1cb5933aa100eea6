import type { Ast } from '../syntax/ast.ts'
import { build } from './check.ts'
import type { Env, Job } from './env.ts'
import { bind, node } from './env.ts'
import type { Ir } from './ir.ts'
import { ANY, BOOLEAN, listOf, NULL } from './types.ts'

const OVER_ROWS = new Set(['count', 'sum', 'min', 'max', 'mean', 'distinct values'])

/**
 * In a report the aggregates are over the rows of the group: `count()` counts them, `count(item.sat)` those where it holds,
 * `count(item.score)` those that have one, `sum(item.amount)` adds up. A list stays a list.
 */
export const measureArgs = (job: Job, env: Env, ast: Ast, fn: string, args: Ast[]): Ir[] => {
  if (!OVER_ROWS.has(fn) || args.length > 1) return args.map((arg) => build(job, env, arg))
  const type = env.names.group ?? listOf(env.names.item ?? ANY)
  const group = node(job, env, ast, { k: 'name', name: 'group', type, origin: { root: 'group', path: [] } })
  if (args.length === 0) return fn === 'count' ? [group] : []
  const slot = job.slots++
  const item = { slot, type: type.kind === 'list' ? type.of : ANY, origin: { root: 'group', path: [] } }
  const each = build(job, bind(env, 'item', item), args[0]!)
  if (each.type.kind === 'list') return [each]
  if (fn !== 'count') return [node(job, env, ast, { k: 'map', list: group, slot, body: each, type: listOf(each.type) })]
  const none = node(job, env, ast, { k: 'const', value: null, type: NULL })
  const cond = each.type.kind === 'boolean' ? each : node(job, env, ast, { k: 'compare', op: '!=', left: each, right: none, type: BOOLEAN })
  return [node(job, env, ast, { k: 'filter', list: group, slot, cond, equals: [], type })]
}
