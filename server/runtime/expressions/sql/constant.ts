import type { Decimal } from 'decimal.js-light'
import { closureOf } from '../closure/compile.ts'
import { newRun } from '../closure/context.ts'
import { FeelRuntimeError } from '../errors.ts'
import type { Ir } from '../ir/ir.ts'
import { mapIr } from '../ir/ir.ts'
import type { FeelType, FeelValue, Scope, SqlScalar } from '../types.ts'
import { ceiling, floor, multiply, decimal } from '../values/decimal.ts'
import { asList, isDate, isDuration, isInstant, isNumber, isRow, isTime } from '../values/value.ts'
import { param, valueOf } from './fragment.ts'
import type { SqlValue, ValueKind } from './fragment.ts'
import type { Frame } from './frame.ts'
import { refuse } from './frame.ts'

/** Scale given to a number of the scope whose decimals are not declared. */
const DEFAULT_SCALE = 6
const MAX = 9_007_199_254_740_991
/** Equal to no stored value. */
const NEVER: Record<string, SqlScalar> = { number: -MAX, id: -1, instant: -MAX, duration: -MAX, boolean: -1, text: '\u0000\uffff', date: '\u0000', time: '\u0000', null: null }

/** Whether the value depends on a row of the query; what does not is computed before and bound. */
export const dependsOnRow = (ir: Ir, frame: Frame): boolean => {
  switch (ir.k) {
    case 'rows': return true
    case 'name': return ir.name === 'group' && frame.options.measure === true ? true : rowName(ir, frame) !== undefined
    case 'local': {
      const bound = frame.slots.get(ir.slot)
      if (!bound) return false
      return 'ir' in bound ? dependsOnRow(bound.ir, bound.frame) : true
    }
    default: {
      let found = false
      mapIr(ir, (child) => {
        found ||= dependsOnRow(child, frame)
        return child
      })
      return found
    }
  }
}
/** Own fields and `record` are one row, called `record` or "" by the caller. */
export const rowName = (ir: Extract<Ir, { k: 'name' }>, frame: Frame): string | undefined => {
  if (frame.rows.has(ir.name)) return ir.name
  return ir.name === 'record' && frame.rows.has('') ? '' : undefined
}

const substituted = (ir: Ir, frame: Frame): Ir => {
  if (ir.k === 'local') {
    const bound = frame.slots.get(ir.slot)
    return bound && 'ir' in bound ? substituted(bound.ir, bound.frame) : ir
  }
  return mapIr(ir, (child) => substituted(child, frame))
}
const evaluator = (ir: Ir, frame: Frame): ((scope: Scope) => FeelValue) => {
  const run = closureOf(substituted(ir, frame))
  const calendar = frame.options.calendar
  return (scope) => run(newRun(scope, 0, calendar))
}

export const kindOfType = (type: FeelType): ValueKind | null => {
  switch (type.kind) {
    case 'number': case 'boolean': case 'date': case 'time': case 'duration': return type.kind
    case 'string': return 'text'
    case 'entity': return 'id'
    case 'date-time': return 'instant'
    case 'null': return 'null'
    default: return null
  }
}

export type Rounding = 'exact' | 'up' | 'down'

/** What is bound for a FEEL value where SQL expects `kind`; `null` or a never-equal value when it is of another kind. */
export const scalarOf = (value: FeelValue, kind: ValueKind, scale: number, rounding: Rounding | 'equal'): SqlScalar => {
  if (value === null || value === undefined) return null
  const other = rounding === 'equal' ? NEVER[kind]! : null
  switch (kind) {
    case 'boolean': return typeof value === 'boolean' ? Number(value) : other
    case 'text': return typeof value === 'string' ? value : isRow(value) ? value.id : other
    case 'date': return isDate(value) ? value.iso : other
    case 'time': return isTime(value) ? value.iso : other
    case 'instant': return isInstant(value) ? value.ms : other
    case 'id': return idScalar(isRow(value) ? value.id : value)
    case 'duration':
      if (!isDuration(value)) return other
      if (value.months !== 0) throw new FeelRuntimeError('A duration of months or years cannot be compared or added in SQL; use days or hours.')
      return value.ms
    case 'number': return isNumber(value) ? numberScalar(value, scale, rounding) : other
    case 'null': return null
  }
}

const numberScalar = (value: Decimal, scale: number, rounding: Rounding | 'equal'): SqlScalar => {
  const exact = multiply(value, decimal(10).pow(scale))
  if (!exact.isInteger() && rounding === 'equal') return NEVER.number!
  if (!exact.isInteger() && rounding === 'exact') throw new FeelRuntimeError(`${value.toFixed()} has more than ${scale} decimals; declare the decimals of the value (multipleOf).`)
  const n = (rounding === 'up' ? ceiling(exact) : rounding === 'down' ? floor(exact) : exact).toNumber()
  return Math.max(-MAX, Math.min(MAX, n))
}

/** Ids are bigint columns; a text that is no id must not be read as a number by the database ('12abc' = 12 in MySQL). */
const idScalar = (value: FeelValue): SqlScalar => {
  if (typeof value !== 'string' || !/^[1-9]\d{0,18}$/.test(value)) return -1
  return value.length < 16 ? Number(value) : value
}

/** A value bound as a parameter. `kind` says what SQL expects there when the type alone does not. */
export const bound = (ir: Ir, frame: Frame, kind: ValueKind, scale?: number, rounding: Rounding | 'equal' = 'exact'): SqlValue => {
  const to = scale ?? scaleOf(ir)
  if (ir.k === 'const' && kind === 'duration' && ir.value !== null && isDuration(ir.value) && ir.value.months !== 0) return refuse(frame, ir, 'databases disagree about the end of a month.', 'Move the other side of the comparison, or use days.')
  if (ir.k === 'const') return valueOf(param({ value: scalarOf(ir.value, kind, to, rounding) }), kind, { scale: to, sure: ir.value !== null })
  const evaluate = evaluator(ir, frame)
  return valueOf(param({ from: (scope) => scalarOf(evaluate(scope), kind, to, rounding) }), kind, { scale: to })
}
const scaleOf = (ir: Ir): number => (ir.type.kind === 'number' ? ('scale' in ir.type && ir.type.scale !== undefined ? ir.type.scale : DEFAULT_SCALE) : 0)

/** A parameter computed from a constant expression by `make`. */
export const derived = (ir: Ir, frame: Frame, make: (value: FeelValue) => SqlScalar): ReturnType<typeof param> => {
  if (ir.k === 'const') return param({ value: make(ir.value) })
  const evaluate = evaluator(ir, frame)
  return param({ from: (scope) => make(evaluate(scope)) })
}

/** What an expression gives that no row of the query has a part in; asked only where the statement is written for a scope. */
export const constantValue = (ir: Ir, frame: Frame): FeelValue | undefined => (frame.scope === null ? undefined : evaluator(ir, frame)(frame.scope))

/** A constant list is read when the statement is written, since its length is part of the text. */
export const constantList = (ir: Ir, frame: Frame): FeelValue[] => (frame.scope === null ? [] : asList(evaluator(ir, frame)(frame.scope)))
