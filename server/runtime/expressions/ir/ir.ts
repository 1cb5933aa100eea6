import type { Span } from '../errors.ts'
import type { ArithOp, CompareOp } from '../syntax/ast.ts'
import type { FeelType, FeelValue, ModelProperty } from '../types.ts'

/**
 * The typed tree both back ends read. Names are resolved, rules are inlined, `in` and `between` are comparisons,
 * filters and loops bind numbered slots (every slot is bound at one place only, so a slot may be substituted).
 */
export type Ir = Span & { type: FeelType; src: string; origin?: Origin } & (
  | { k: 'const'; value: FeelValue }
  | { k: 'name'; name: string; own?: boolean }
  | { k: 'clock'; name: 'now' | 'today' }
  | { k: 'local'; slot: number; name: string }
  | { k: 'prop'; base: Ir; entity: string; path: string[]; def: ModelProperty }
  | { k: 'id'; base: Ir; entity: string }
  | { k: 'field'; base: Ir; name: string }
  | { k: 'map'; list: Ir; slot: number; body: Ir }
  | { k: 'and' | 'or'; left: Ir; right: Ir }
  | { k: 'not'; value: Ir }
  | { k: 'compare'; op: CompareOp; left: Ir; right: Ir }
  | { k: 'member'; value: Ir; list: Ir }
  | { k: 'arith'; op: ArithOp; left: Ir; right: Ir }
  | { k: 'negate'; value: Ir }
  | { k: 'if'; cond: Ir; then: Ir; else: Ir }
  | { k: 'list'; items: Ir[] }
  | { k: 'context'; entries: { key: string; value: Ir }[] }
  | { k: 'rows'; entity: string }
  | { k: 'filter'; list: Ir; slot: number; cond: Ir; equals: { path: string; value: Ir }[] }
  | { k: 'index'; list: Ir; at: Ir }
  | { k: 'for'; vars: Loop[]; body: Ir }
  | { k: 'quantified'; every: boolean; vars: Loop[]; body: Ir }
  | { k: 'sort'; list: Ir; left: number; right: number; body: Ir }
  | { k: 'let'; slot: number; value: Ir; body: Ir }
  | { k: 'instance'; value: Ir; of: string }
  | { k: 'call'; fn: string; args: Ir[]; regex?: RegExp; limit?: number }
)
/** Where a value was read from: a name or `record` (own fields) or `rows`, and the path from there. */
export interface Origin { root: string; path: string[]; entity?: string }
/** `list` is a list, or with `upto` the first of a run of integers. */
export interface Loop { slot: number; list: Ir; upto?: Ir }
export type IrOf<K extends Ir['k']> = Extract<Ir, { k: K }>

/** The same node with every child replaced by what `f` makes of it. */
export const mapIr = (ir: Ir, f: (child: Ir) => Ir): Ir => {
  const loops = (vars: Loop[]): Loop[] => vars.map((v) => ({ slot: v.slot, list: f(v.list), ...(v.upto ? { upto: f(v.upto) } : {}) }))
  switch (ir.k) {
    case 'const': case 'name': case 'clock': case 'local': case 'rows': return ir
    case 'prop': case 'id': case 'field': return { ...ir, base: f(ir.base) }
    case 'map': return { ...ir, list: f(ir.list), body: f(ir.body) }
    case 'and': case 'or': case 'compare': case 'arith': return { ...ir, left: f(ir.left), right: f(ir.right) }
    case 'not': case 'negate': case 'instance': return { ...ir, value: f(ir.value) }
    case 'member': return { ...ir, value: f(ir.value), list: f(ir.list) }
    case 'if': return { ...ir, cond: f(ir.cond), then: f(ir.then), else: f(ir.else) }
    case 'list': return { ...ir, items: ir.items.map(f) }
    case 'context': return { ...ir, entries: ir.entries.map(({ key, value }) => ({ key, value: f(value) })) }
    case 'filter': return { ...ir, list: f(ir.list), cond: f(ir.cond), equals: ir.equals.map(({ path, value }) => ({ path, value: f(value) })) }
    case 'index': return { ...ir, list: f(ir.list), at: f(ir.at) }
    case 'for': case 'quantified': return { ...ir, vars: loops(ir.vars), body: f(ir.body) }
    case 'sort': return { ...ir, list: f(ir.list), body: f(ir.body) }
    case 'let': return { ...ir, value: f(ir.value), body: f(ir.body) }
    case 'call': return { ...ir, args: ir.args.map(f) }
  }
}

export const someIr = (ir: Ir, test: (node: Ir) => boolean): boolean => {
  if (test(ir)) return true
  let found = false
  mapIr(ir, (child) => {
    found ||= someIr(child, test)
    return child
  })
  return found
}
