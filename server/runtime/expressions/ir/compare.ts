import type { Ast, CompareOp, Interval, Test } from '../syntax/ast.ts'
import { build } from './check.ts'
import type { Env, Job } from './env.ts'
import { node, problem, quote, unknown } from './env.ts'
import type { Span } from '../errors.ts'
import type { Ir } from './ir.ts'
import { BOOLEAN, comparable, open, typeText } from './types.ts'

const ORDERED = new Set(['number', 'string', 'date', 'time', 'date-time', 'duration'])

export const compareNode = (job: Job, env: Env, span: Span, op: CompareOp, left: Ir, right: Ir): Ir => {
  const [a, b] = [left.type, right.type]
  if (!comparable(a, b)) {
    const fix = a.kind === 'list' || b.kind === 'list' ? 'For lists use `in`, list contains(…) or count(…).'
      : [a.kind, b.kind].includes('date-time') && [a.kind, b.kind].includes('date') ? 'Write date(x) on the date-time side, or compare with `today`.'
        : 'Both sides must be of one type; string(…) and number(…) convert.'
    problem(job, env, span, `${quote(left.src)} is a ${typeText(a)} and ${quote(right.src)} a ${typeText(b)}; they can never be compared.`, fix)
  } else if (op !== '=' && op !== '!=') {
    for (const side of [left, right]) {
      if (!open(side.type) && !ORDERED.has(side.type.kind)) problem(job, env, span, `${quote(side.src)} is a ${typeText(side.type)}, it has no order.`, 'Use `=` or `!=`.')
    }
  }
  return node(job, env, span, { k: 'compare', op, left, right, type: BOOLEAN })
}

export const checkCompare = (job: Job, env: Env, ast: Extract<Ast, { k: 'compare' }>): Ir =>
  compareNode(job, env, ast, ast.op, build(job, env, ast.left), build(job, env, ast.right))

/** The value is named once, so that it is computed once however many tests follow. */
const once = (job: Job, env: Env, span: Span, value: Ir, use: (value: Ir) => Ir): Ir => {
  if (['const', 'name', 'local', 'clock'].includes(value.k)) return use(value)
  const slot = job.slots++
  const local = node(job, env, value, { k: 'local', slot, name: value.src, type: value.type, ...(value.origin ? { origin: value.origin } : {}) })
  const body = use({ ...local, src: value.src })
  return node(job, env, span, { k: 'let', slot, value, body, type: BOOLEAN })
}

export const checkBetween = (job: Job, env: Env, ast: Extract<Ast, { k: 'between' }>): Ir => {
  const [low, high] = [build(job, env, ast.low), build(job, env, ast.high)]
  return once(job, env, ast, build(job, env, ast.left), (value) =>
    node(job, env, ast, { k: 'and', left: compareNode(job, env, ast, '>=', value, low), right: compareNode(job, env, ast, '<=', value, high), type: BOOLEAN }))
}

export const checkIn = (job: Job, env: Env, ast: Extract<Ast, { k: 'in' }>): Ir =>
  once(job, env, ast, build(job, env, ast.left), (value) =>
    ast.tests.map((test) => oneTest(job, env, ast, value, test)).reduce((left, right) => node(job, env, ast, { k: 'or', left, right, type: BOOLEAN })))

const oneTest = (job: Job, env: Env, span: Span, value: Ir, test: Test): Ir => {
  if (test.op) return compareNode(job, env, span, test.op, value, build(job, env, test.value))
  if (test.value.k === 'interval') return within(job, env, span, value, test.value)
  if (test.value.k === 'list' && test.value.items.some((item) => item.k === 'interval')) {
    return test.value.items.map((item) => oneTest(job, env, span, value, { value: item, from: item.from, to: item.to }))
      .reduce((left, right) => node(job, env, span, { k: 'or', left, right, type: BOOLEAN }))
  }
  const list = build(job, env, test.value)
  if (list.type.kind !== 'list' && list.type.kind !== 'any') return compareNode(job, env, span, '=', value, list)
  if (list.type.kind === 'list' && !comparable(list.type.of, value.type)) {
    problem(job, env, span, `${quote(value.src)} is a ${typeText(value.type)} and ${quote(list.src)} a ${typeText(list.type)}; it can never be in it.`, 'Compare values of one type.')
    return unknown(job, env, span)
  }
  return node(job, env, span, { k: 'member', value, list, type: BOOLEAN })
}

const within = (job: Job, env: Env, span: Span, value: Ir, range: Interval): Ir => node(job, env, span, {
  k: 'and', type: BOOLEAN,
  left: compareNode(job, env, span, range.openLow ? '>' : '>=', value, build(job, env, range.low)),
  right: compareNode(job, env, span, range.openHigh ? '<' : '<=', value, build(job, env, range.high)),
})
