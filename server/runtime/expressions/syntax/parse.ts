import { FeelError, problemAt } from '../errors.ts'
import type { Ast, Binding } from './ast.ts'
import { buildSpine, testOf } from './in-binding.ts'
import type { Builder } from './in-binding.ts'
import { stringValue } from './string-literal.ts'
import { children, firstError, parseTree } from './tree.ts'
import type { Node } from './tree.ts'

const MAX_LENGTH = 20_000
const MAX_DEPTH = 200

/** Text to syntax, with `in` bound as the profile says. Throws FeelError at the first place that is no FEEL. */
export const parse = (text: string): Ast => {
  const refuse = (node: { from: number; to: number }, message: string, fix: string): never => {
    throw new FeelError(text, [problemAt(text, node, message, fix)])
  }
  if (text.length > MAX_LENGTH) refuse({ from: 0, to: 0 }, `The expression has ${text.length} characters, at most ${MAX_LENGTH} are allowed.`, 'Split it into named rules.')
  const top = parseTree(text)
  const error = firstError(top)
  if (error) refuse(error, text.trim() === '' ? 'The expression is empty.' : syntaxMessage(text, error), 'See docs/definition-language/feel.md for the syntax.')
  let depth = 0
  const b: Builder = {
    text: (node) => text.slice(node.from, node.to),
    build: (node) => {
      if (++depth > MAX_DEPTH) refuse(node, `The expression is nested deeper than ${MAX_DEPTH}.`, 'Split it into named rules.')
      try { return buildNode(node, b, refuse) } finally { depth-- }
    },
  }
  return b.build(children(top)[0]!)
}

const syntaxMessage = (text: string, error: Node): string => {
  const rest = text.slice(error.from).trim()
  return rest === '' ? 'The expression ends too early.' : `Not understood from here: ${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}`
}

type Refuse = (node: { from: number; to: number }, message: string, fix: string) => never

const buildNode = (node: Node, b: Builder, refuse: Refuse): Ast => {
  const parts = children(node)
  const at = { from: node.from, to: node.to }
  const one = (i: number): Ast => b.build(parts[i]!)
  switch (node.name) {
    case 'null': return { k: 'null', ...at }
    case 'BooleanLiteral': return { k: 'boolean', value: b.text(node) === 'true', ...at }
    case 'NumericLiteral': return { k: 'number', value: b.text(node), ...at }
    case 'StringLiteral': return { k: 'string', value: stringValue(b.text(node)), ...at }
    case 'VariableName': return { k: 'name', name: words(node, b), ...at }
    case 'ParenthesizedExpression': return { ...one(1), ...at }
    case 'PathExpression': return { k: 'path', base: one(0), name: words(parts[2]!, b), ...at }
    case 'FilterExpression': return { k: 'filter', base: one(0), cond: one(2), ...at }
    case 'Conjunction': case 'Disjunction': return buildSpine(node, b)
    case 'Comparison': return buildComparison(node, parts, b)
    case 'ArithmeticExpression':
      if (parts.length === 2) return { k: 'negate', value: one(1), ...at }
      return { k: 'arith', op: b.text(parts[1]!) as '+', left: one(0), right: one(2), ...at }
    case 'IfExpression': return { k: 'if', cond: one(1), then: one(3), else: one(5), ...at }
    case 'ForExpression': return { k: 'for', vars: bindings(parts[1]!, b), body: one(3), ...at }
    case 'QuantifiedExpression': return { k: 'quantified', every: parts[0]!.name === 'every', vars: bindings(parts[1]!, b), body: one(3), ...at }
    case 'List': return { k: 'list', items: parts.slice(1, -1).map(b.build), ...at }
    case 'Context': return { k: 'context', entries: parts.filter((p) => p.name === 'ContextEntry').map((p) => entry(p, b)), ...at }
    case 'FunctionDefinition': return { k: 'function', params: params(parts, b), body: b.build(children(parts.find((p) => p.name === 'FunctionBody')!)[0]!), ...at }
    case 'SimplePositiveUnaryTest': return parts.length === 1 ? one(0) : refuse(node, 'A comparison without a left side stands only after `in`.', 'Write the left side.')
    case 'Interval': return { k: 'interval', low: one(1), high: one(3), openLow: parts[0]!.name !== '[', openHigh: parts[4]!.name !== ']', ...at }
    case 'InstanceOfExpression': return { k: 'instance', value: one(0), type: b.text(parts[3]!), ...at }
    case 'FunctionInvocation': return call(one(0), parts, at, b)
    case 'DateTimeLiteral': return dateTime(parts, at, b)
    default: return refuse(node, `${node.name} is outside the profile.`, 'Write it another way; docs/definition-language/feel.md lists what there is.')
  }
}

const words = (node: Node, b: Builder): string => {
  const names = children(node)
  return names.length === 0 ? b.text(node) : names.map((n) => b.text(n)).join(' ')
}

const buildComparison = (node: Node, parts: Node[], b: Builder): Ast => {
  const at = { from: node.from, to: node.to }
  if (parts[1]!.name === 'CompareOp') return { k: 'compare', op: b.text(parts[1]!) as '=', left: b.build(parts[0]!), right: b.build(parts[2]!), ...at }
  if (parts[1]!.name === 'between') return { k: 'between', left: b.build(parts[0]!), low: b.build(parts[2]!), high: b.build(parts[4]!), ...at }
  const list = parts.find((p) => p.name === 'PositiveUnaryTests')
  if (list) return { k: 'in', left: b.build(parts[0]!), tests: children(list).filter((p) => p.name === 'PositiveUnaryTest').map((p) => testOf(p, b)), ...at }
  return buildSpine(node, b)
}

const bindings = (node: Node, b: Builder): Binding[] => children(node).map((each) => {
  const parts = children(each)
  const context = children(parts.find((p) => p.name === 'IterationContext')!).filter((p) => p.name !== '..')
  return { name: words(parts[0]!, b), in: b.build(context[0]!), ...(context[1] ? { to: b.build(context[1]) } : {}) }
})

const entry = (node: Node, b: Builder): { key: string; value: Ast } => {
  const [key, value] = children(node)
  const inner = children(key!)[0]!
  return { key: inner.name === 'StringLiteral' ? stringValue(b.text(inner)) : words(inner, b), value: b.build(value!) }
}

const params = (parts: Node[], b: Builder): string[] => {
  const list = parts.find((p) => p.name === 'FormalParameters')
  return list ? children(list).map((p) => b.text(children(p)[0]!)) : []
}

const call = (callee: Ast, parts: Node[], at: { from: number; to: number }, b: Builder): Ast => {
  const named = parts.find((p) => p.name === 'NamedParameters')
  if (named) {
    const each = children(named).map(children)
    return { k: 'call', callee, named: each.map((p) => b.text(p[0]!)), args: each.map((p) => b.build(p[1]!)), ...at }
  }
  const positional = parts.find((p) => p.name === 'PositionalParameters')
  return { k: 'call', callee, args: positional ? children(positional).map(b.build) : [], ...at }
}

const dateTime = (parts: Node[], at: { from: number; to: number }, b: Builder): Ast => {
  const head = parts[0]!
  if (head.name === 'AtLiteral') return { k: 'at', value: stringValue(b.text(children(head)[0]!)), ...at }
  return call({ k: 'name', name: children(head).map((p) => b.text(p)).join(' '), from: head.from, to: head.to }, parts, at, b)
}
