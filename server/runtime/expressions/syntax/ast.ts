import type { Span } from '../errors.ts'

export type CompareOp = '=' | '!=' | '<' | '<=' | '>' | '>='
export type ArithOp = '+' | '-' | '*' | '/' | '**'
export interface Binding { name: string; in: Ast; to?: Ast }
/** one entry after `in`: `< 5` (op and value), an interval, or a value or list */
export interface Test extends Span { op?: CompareOp; value: Ast }
export interface Interval extends Span { k: 'interval'; low: Ast; high: Ast; openLow: boolean; openHigh: boolean }

export type Ast = Span & (
  | { k: 'null' }
  | { k: 'boolean'; value: boolean }
  | { k: 'number'; value: string }
  | { k: 'string'; value: string }
  | { k: 'at'; value: string }
  | { k: 'name'; name: string }
  | { k: 'path'; base: Ast; name: string }
  | { k: 'filter'; base: Ast; cond: Ast }
  | { k: 'call'; callee: Ast; args: Ast[]; named?: string[] }
  | { k: 'and' | 'or'; left: Ast; right: Ast }
  | { k: 'compare'; op: CompareOp; left: Ast; right: Ast }
  | { k: 'in'; left: Ast; tests: Test[] }
  | { k: 'between'; left: Ast; low: Ast; high: Ast }
  | { k: 'arith'; op: ArithOp; left: Ast; right: Ast }
  | { k: 'negate'; value: Ast }
  | { k: 'if'; cond: Ast; then: Ast; else: Ast }
  | { k: 'for'; vars: Binding[]; body: Ast }
  | { k: 'quantified'; every: boolean; vars: Binding[]; body: Ast }
  | { k: 'list'; items: Ast[] }
  | { k: 'context'; entries: { key: string; value: Ast }[] }
  | { k: 'function'; params: string[]; body: Ast }
  | { k: 'instance'; value: Ast; type: string }
  | Interval
)
