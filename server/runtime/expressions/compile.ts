import { newRun } from './closure/context.ts'
import { closureOf } from './closure/compile.ts'
import { FeelError, problemAt } from './errors.ts'
import { check } from './ir/check.ts'
import type { Checked } from './ir/check.ts'
import { isKind, typeText } from './ir/types.ts'
import { whyNotSql } from './sql/probe.ts'
import { expressionSql } from './sql/expression.ts'
import { parse } from './syntax/parse.ts'
import type { CompileOptions, Expression, FeelProblem, FeelType, Read } from './types.ts'

/** Text to an expression that is evaluated without parsing again. Throws FeelError with every problem found. */
export const compile = (text: string, options: CompileOptions): Expression => {
  const checked = check(text, parse(text), options)
  const problems = [...checked.job.problems, ...expected(text, checked, options)].sort((a, b) => a.from - b.from)
  if (problems.length > 0) throw new FeelError(text, problems)
  const { ir, job } = checked
  const run = closureOf(ir)
  let notSqlable: FeelProblem | null | undefined
  const expression: Expression = {
    text,
    type: ir.type,
    reads: readsOf(job.reads),
    usesClock: job.usesClock,
    evaluate: (scope) => run(newRun(scope, job.slots, options.calendar)),
    get notSqlable() {
      if (notSqlable === undefined) notSqlable = whyNotSql(text, ir, options)
      return notSqlable
    },
    toSql: (target, scope) => expressionSql(text, ir, options, target, scope, 'value'),
    toCondition: (target, scope) => expressionSql(text, ir, options, target, scope, 'condition'),
  }
  return expression
}

/** What an expression reads, and its type, whether or not it is used afterwards. Throws FeelError like compile. */
export const analyse = (text: string, options: CompileOptions): { type: FeelType; reads: Read[]; usesClock: boolean; notSqlable: FeelProblem | null } => {
  const { type, reads, usesClock, notSqlable } = compileCached(text, options)
  return { type, reads, usesClock, notSqlable }
}

const expected = (text: string, { ir }: Checked, options: CompileOptions): FeelProblem[] => {
  if (options.expect === undefined || options.expect === 'any' || isKind(ir.type, options.expect)) return []
  if (options.expect === 'string' && ir.type.kind === 'entity') return []
  return [problemAt(text, { from: 0, to: text.length }, `The expression gives a ${typeText(ir.type)}, a ${options.expect} is needed here.`, options.expect === 'boolean' ? 'Compare it with something.' : 'Convert it or read another property.')]
}

/** Only the longest paths: `plan.window` is read when `plan.window.end` is. */
const readsOf = (reads: Map<string, Read>): Read[] => {
  const all = [...reads.values()]
  const covers = (long: Read, short: Read): boolean => long.root === short.root && long.entity === short.entity
    && long.path.length > short.path.length && short.path.every((name, i) => long.path[i] === name)
  return all.filter((short) => !all.some((long) => covers(long, short)))
}

const caches = new WeakMap<object, Map<string, Expression>>()
const calendars = new WeakMap<object, number>()
let calendarCount = 0
const calendarKey = (options: CompileOptions): number => {
  if (!options.calendar) return 0
  const known = calendars.get(options.calendar) ?? ++calendarCount
  calendars.set(options.calendar, known)
  return known
}
const signatures = new WeakMap<object, string>()
const signature = (names: CompileOptions['names']): string => {
  const known = signatures.get(names)
  if (known !== undefined) return known
  const made = JSON.stringify(names)
  signatures.set(names, made)
  return made
}

/** As compile, once per model, text, names, entity and expected type; `names` objects are taken as immutable. */
export const compileCached = (text: string, options: CompileOptions): Expression => {
  const ofModel = caches.get(options.model) ?? new Map<string, Expression>()
  caches.set(options.model, ofModel)
  const key = [options.self ?? '', options.expect ?? '', options.measure ? 'm' : '', (options.queryRows ?? ['-']).join(','), calendarKey(options), signature(options.names), text].join('\u0000')
  const known = ofModel.get(key)
  if (known) return known
  const made = compile(text, options)
  ofModel.set(key, made)
  return made
}
