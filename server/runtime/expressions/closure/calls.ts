import { FeelRuntimeError } from '../errors.ts'
import { BUILTINS } from '../functions/index.ts'
import { runPattern } from '../functions/strings.ts'
import type { ParamKind } from '../functions/define.ts'
import type { IrOf } from '../ir/ir.ts'
import type { FeelValue } from '../types.ts'
import { isDate, isDuration, isInstant, isNumber, isRow, isTime } from '../values/value.ts'
import { accessor } from './accessors.ts'
import { closureOf } from './compile.ts'
import type { Closure } from './context.ts'

export const callClosure = (ir: IrOf<'call'>): Closure => {
  const args = ir.args.map(closureOf)
  if (ir.fn.startsWith('.')) {
    const [base, name] = [args[0]!, ir.fn.slice(1)]
    return (run) => accessor(base(run), name, run.zone)
  }
  const { run: call, strict, params } = BUILTINS.get(ir.fn)!
  if (ir.regex) return patternClosure(ir, args)
  if (!strict) return (run) => call(args.map((arg) => arg(run)), run)
  const kinds = args.map((_, i) => params[Math.min(i, params.length - 1)]!.kinds)
  return (run) => {
    // of its size from the start: a list that grows takes room for many
    const values = new Array<FeelValue>(args.length)
    for (let i = 0; i < args.length; i++) {
      const value = fit(args[i]!(run), kinds[i]!)
      if (value === null) return null
      values[i] = value
    }
    return call(values, run)
  }
}

const patternClosure = (ir: IrOf<'call'>, args: Closure[]): Closure => {
  const [regex, limit] = [ir.regex!, ir.limit!]
  return (run) => {
    const values = args.map((arg) => arg(run))
    if (typeof values[0] !== 'string') return null
    if (values[0].length > limit) throw new FeelRuntimeError(`${ir.fn} was given a text of ${values[0].length} characters; with this pattern at most ${limit} are looked at.`)
    return runPattern(ir.fn, values, regex)
  }
}

/** The value when it is of a kind the function takes, else null; a reference passes as its id where a text is wanted. */
const fit = (value: FeelValue, kinds: ParamKind[]): FeelValue => {
  if (value === null || value === undefined) return null
  for (const kind of kinds) if (FITS[kind]?.(value)) return value
  return isRow(value) && kinds.includes('string') ? value.id : null
}
const FITS: Partial<Record<ParamKind, (value: FeelValue) => boolean>> = {
  any: () => true,
  string: (value) => typeof value === 'string',
  number: isNumber,
  boolean: (value) => typeof value === 'boolean',
  list: Array.isArray,
  date: isDate,
  time: isTime,
  'date-time': isInstant,
  duration: isDuration,
  temporal: (value) => isDate(value) || isTime(value) || isInstant(value),
}
