import type { Decimal } from 'decimal.js-light'
import { ANY, BOOLEAN, join, listOf, NULL, NUMBER } from '../ir/types.ts'
import type { FeelType, FeelValue } from '../types.ts'
import { equal, order } from '../values/compare.ts'
import { add, decimal, divide } from '../values/decimal.ts'
import { asList, isNumber } from '../values/value.ts'
import { define } from './define.ts'
import type { Builtin } from './define.ts'

/** `f(list)` and `f(a, b, …)` mean the same. */
const spread = (args: FeelValue[]): FeelValue[] => (args.length === 1 ? asList(args[0]!) : args)
const itemType = (args: FeelType[]): FeelType => {
  const one = args[0]
  if (args.length === 1) return one?.kind === 'list' ? one.of : ANY
  return args.reduce(join, NULL)
}
const listType = (args: FeelType[]): FeelType => listOf(args.map((t) => (t.kind === 'list' ? t.of : t)).reduce(join, NULL))

/** Numbers of a list; nulls are skipped, as SQL aggregates do. Anything else makes the result null. */
const numbers = (items: FeelValue[]): Decimal[] | null => {
  const found: Decimal[] = []
  for (const item of items) {
    if (item === null) continue
    if (!isNumber(item)) return null
    found.push(item)
  }
  return found
}
export const sumOf = (items: FeelValue[]): FeelValue => numbers(items)?.reduce(add, decimal(0)) ?? null

const extreme = (items: FeelValue[], sign: 1 | -1): FeelValue => {
  let best: FeelValue = null
  for (const item of items) {
    if (item === null) continue
    const by = best === null ? 1 : order(item, best)
    if (by === null) return null
    if (best === null || by * sign > 0) best = item
  }
  return best
}

export const distinct = (items: FeelValue[]): FeelValue[] => {
  const seen = new Set<FeelValue>()
  const found: FeelValue[] = []
  for (const item of items) {
    const key = typeof item === 'object' && item !== null && '$' in item && item.$ === 'row' ? (item as { id: string }).id : item
    if (typeof key === 'string' || typeof key === 'boolean' || key === null) {
      if (seen.has(key)) continue
      seen.add(key)
    } else if (found.some((other) => equal(other, item))) continue
    found.push(item)
  }
  return found
}

const flatten = (items: FeelValue[]): FeelValue[] => items.flatMap((item) => (Array.isArray(item) ? flatten(item) : [item]))
const leaf = (type: FeelType): FeelType => (type.kind === 'list' ? leaf(type.of) : type)

/** Kleene conjunction and disjunction over a list. */
const all = (items: FeelValue[], dominant: boolean): FeelValue => {
  let unknown = false
  for (const item of items) {
    if (item === dominant) return dominant
    if (item !== !dominant) unknown = true
  }
  return unknown ? null : !dominant
}

export const LISTS: Builtin[] = [
  define('count(list: list)', NUMBER, ([list]) => decimal(asList(list!).length), { strict: false }),
  define('sum(...list: list|number)', itemType, (args) => sumOf(spread(args)), { strict: false }),
  define('min(...list: any)', itemType, (args) => extreme(spread(args), -1), { strict: false }),
  define('max(...list: any)', itemType, (args) => extreme(spread(args), 1), { strict: false }),
  define('mean(...list: list|number)', NUMBER, (args) => {
    const found = numbers(spread(args))
    return found === null || found.length === 0 ? null : divide(found.reduce(add, decimal(0)), decimal(found.length))
  }, { strict: false }),
  define('list contains(list: list, element: any)', BOOLEAN, ([list, element]) => asList(list!).some((item) => equal(item, element!)), { strict: false }),
  define('concatenate(...list: list)', listType, (args) => args.flatMap(asList), { strict: false }),
  define('append(list: list, ...item: any)', listType, ([list, ...items]) => [...asList(list!), ...items], { strict: false }),
  define('distinct values(list: list)', ([list]) => list!, ([list]) => distinct(asList(list!)), { strict: false }),
  define('union(...list: list)', listType, (args) => distinct(args.flatMap(asList)), { strict: false }),
  define('flatten(list: list)', ([list]) => listOf(leaf(list!)), ([list]) => flatten(asList(list!)), { strict: false }),
  define('index of(list: list, match: any)', listOf(NUMBER), ([list, match]) =>
    asList(list!).flatMap((item, i) => (equal(item, match!) ? [decimal(i + 1)] : [])), { strict: false }),
  define('any(...list: list|boolean)', BOOLEAN, (args) => all(spread(args), true), { strict: false }),
  define('all(...list: list|boolean)', BOOLEAN, (args) => all(spread(args), false), { strict: false }),
]
