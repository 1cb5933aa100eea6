import type { Ast } from '../syntax/ast.ts'
import { daysOfIso } from '../values/civil.ts'
import { parseDuration, parseInstant, parseTime, timeText } from '../values/temporal.ts'
import { plainDate, plainTime } from '../values/value.ts'
import type { Env, Job } from './env.ts'
import { node, problem, unknown } from './env.ts'
import type { Ir } from './ir.ts'
import { DATE, DURATION, INSTANT, STRING, TIME } from './types.ts'

/** @"2026-05-20", @"09:30:00", @"P7D", @"2026-05-20T09:00:00+08:00" */
export const atLiteral = (job: Job, env: Env, ast: Extract<Ast, { k: 'at' }>): Ir => {
  const text = ast.value
  if (daysOfIso(text) !== null) return node(job, env, ast, { k: 'const', value: plainDate(text), type: DATE })
  const time = parseTime(text)
  if (time !== null && time < 86_400_000) return node(job, env, ast, { k: 'const', value: plainTime(timeText(time)), type: TIME })
  const duration = parseDuration(text)
  if (duration) return node(job, env, ast, { k: 'const', value: duration, type: DURATION })
  if (parseInstant(text, 'UTC') !== null) {
    const literal = node(job, env, ast, { k: 'const', value: text, type: STRING })
    return node(job, env, ast, { k: 'call', fn: 'date and time', args: [literal], type: INSTANT })
  }
  problem(job, env, ast, `@"${text}" is no date, time, date and time or duration.`, 'Write e.g. @"2026-05-20", @"09:30:00", @"2026-05-20T09:00:00+08:00" or @"P7D".')
  return unknown(job, env, ast)
}
