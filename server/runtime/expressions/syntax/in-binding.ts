import type { Ast, CompareOp, Test } from './ast.ts'
import { children } from './tree.ts'
import type { Node } from './tree.ts'

/** How a node becomes syntax, and the source text of a node. */
export interface Builder { build(node: Node): Ast; text(node: Node): string }
type Piece = Ast | 'and' | 'or'
const span = (from: Ast, to: Ast): { from: number; to: number } => ({ from: from.from, to: to.to })

/**
 * `x in ["a"] and y` must mean `(x in ["a"]) and y`, but lezer-feel hands the whole `["a"] and y` to `in`.
 * An unbracketed and/or spine is therefore flattened, each `in` takes only the operand that follows it,
 * and the spine is built again with `and` binding tighter than `or`.
 */
export const buildSpine = (node: Node, b: Builder): Ast => {
  const pieces = flatten(node, b)
  const groups: Ast[] = []
  let current = pieces[0] as Ast
  for (let i = 1; i < pieces.length; i += 2) {
    const right = pieces[i + 1] as Ast
    if (pieces[i] === 'and') current = { k: 'and', left: current, right, ...span(current, right) }
    else {
      groups.push(current)
      current = right
    }
  }
  return [...groups, current].reduce((left, right) => ({ k: 'or', left, right, ...span(left, right) }))
}

const flatten = (node: Node, b: Builder): Piece[] => {
  const parts = children(node)
  if ((node.name === 'Conjunction' || node.name === 'Disjunction') && parts.length === 3) {
    return [...flatten(parts[0]!, b), node.name === 'Conjunction' ? 'and' : 'or', ...flatten(parts[2]!, b)]
  }
  if (node.name === 'Comparison' && parts[1]?.name === 'in' && parts[2]?.name === 'PositiveUnaryTest') {
    return flattenTest(children(parts[2])[0]!, b.build(parts[0]!), b)
  }
  return [b.build(node)]
}

/** The pieces of what stands after `in`; the first of them is the `in` itself. */
const flattenTest = (node: Node, left: Ast, b: Builder): Piece[] => {
  const parts = children(node)
  if (node.name === 'Conjunction' || node.name === 'Disjunction') {
    return [...flattenTest(parts[0]!, left, b), node.name === 'Conjunction' ? 'and' : 'or', ...flatten(parts[2]!, b)]
  }
  if (node.name === 'SimplePositiveUnaryTest' && parts[0]?.name === 'CompareOp' && /^(Con|Dis)junction$/.test(parts[1]?.name ?? '')) {
    const pieces = flatten(parts[1]!, b)
    const value = pieces[0] as Ast
    return [inNode(left, [{ op: opOf(parts[0], b), value, from: node.from, to: value.to }]), ...pieces.slice(1)]
  }
  if (node.name === 'Comparison' && parts[1]?.name === 'CompareOp') {
    const first = flattenTest(parts[0]!, left, b)[0] as Ast
    const right = b.build(parts[2]!)
    return [{ k: 'compare', op: opOf(parts[1], b), left: first, right, ...span(left, right) }]
  }
  return [inNode(left, [testOf(node, b)])]
}

const opOf = (node: Node, b: Builder): CompareOp => b.text(node) as CompareOp

const inNode = (left: Ast, tests: Test[]): Ast => ({ k: 'in', left, tests, from: left.from, to: tests[tests.length - 1]!.to })

export const testOf = (node: Node, b: Builder): Test => {
  const inner = node.name === 'PositiveUnaryTest' ? children(node)[0]! : node
  const parts = children(inner)
  if (inner.name === 'SimplePositiveUnaryTest' && parts[0]?.name === 'CompareOp') {
    return { op: opOf(parts[0], b), value: b.build(parts[1]!), from: inner.from, to: inner.to }
  }
  return { value: b.build(inner), from: inner.from, to: inner.to }
}
