import type { Ast } from '../syntax/ast.ts'
import type { FeelType } from '../types.ts'
import type { Env, Job } from './env.ts'
import { problem, quote } from './env.ts'
import type { Ir } from './ir.ts'
import { ANY, DURATION, NUMBER, open, STRING, typeText } from './types.ts'

const number = (left: FeelType, right: FeelType, op: string): FeelType => {
  const [a, b] = [scaleOf(left), scaleOf(right)]
  if (a === undefined || b === undefined || op === '/' || op === '**') return NUMBER
  return { kind: 'number', scale: op === '*' ? a + b : Math.max(a, b) }
}
const scaleOf = (type: FeelType): number | undefined => (type.kind === 'number' && 'scale' in type ? type.scale : undefined)

/** The result type of an operator; says what is wrong when there is none. */
export const arithType = (job: Job, env: Env, ast: Extract<Ast, { k: 'arith' }>, left: Ir, right: Ir): FeelType => {
  const [a, b, op] = [left.type, right.type, ast.op]
  const is = (x: string, y: string): boolean => a.kind === x && b.kind === y
  if (is('number', 'number')) return number(a, b, op)
  if (op === '+') {
    if (is('string', 'string')) return STRING
    if (is('date', 'duration') || is('date-time', 'duration') || is('time', 'duration')) return a
    if (is('duration', 'date') || is('duration', 'date-time') || is('duration', 'time')) return b
  }
  if (op === '-') {
    if (is('date', 'date') || is('date-time', 'date-time') || is('time', 'time')) return DURATION
    if (is('date', 'duration') || is('date-time', 'duration') || is('time', 'duration')) return a
  }
  if ((op === '+' || op === '-') && is('duration', 'duration')) return DURATION
  if (op === '*' && (is('duration', 'number') || is('number', 'duration'))) return DURATION
  if (op === '/' && is('duration', 'number')) return DURATION
  if (op === '/' && is('duration', 'duration')) return NUMBER
  if (open(a) || open(b)) {
    const known = open(a) ? b : a
    const helpful = known.kind === 'number' && op !== '*' ? NUMBER : known.kind === 'string' && op === '+' ? STRING : ANY
    if (!['list', 'context', 'boolean', 'entity'].includes(known.kind)) return helpful
  }
  problem(job, env, ast, `${quote(left.src)} is a ${typeText(a)} and ${quote(right.src)} a ${typeText(b)}; ${quote(op)} does not join them.`,
    op === '+' && (a.kind === 'string' || b.kind === 'string') ? 'Turn the other side into text with string(…).' : 'Both sides must be numbers, or a date or time and a duration.')
  return ANY
}
