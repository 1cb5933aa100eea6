import type { ArithOp } from '../syntax/ast.ts'
import type { Duration, FeelValue } from '../types.ts'
import { daysOfIso, DAY } from '../values/civil.ts'
import { add, decimal, divide, multiply, power, subtract } from '../values/decimal.ts'
import { dateAdd, instantAdd, parseTime, timeText } from '../values/temporal.ts'
import { durationOf, isDate, isDuration, isInstant, isNumber, isTime, plainTime } from '../values/value.ts'

type Operation = (a: FeelValue, b: FeelValue, zone: string) => FeelValue

/** null with a null side, null for kinds that do not go together. */
export const OPERATIONS: Record<ArithOp, Operation> = {
  '+': (a, b, zone) => {
    if (isNumber(a)) return isNumber(b) ? add(a, b) : null
    if (typeof a === 'string') return typeof b === 'string' ? a + b : null
    if (isDuration(a)) return isDuration(b) ? durationOf(a.months + b.months, a.ms + b.ms) : move(b, a, 1, zone)
    return isDuration(b) ? move(a, b, 1, zone) : null
  },
  '-': (a, b, zone) => {
    if (isNumber(a)) return isNumber(b) ? subtract(a, b) : null
    if (isDuration(a)) return isDuration(b) ? durationOf(a.months - b.months, a.ms - b.ms) : null
    if (isDuration(b)) return move(a, b, -1, zone)
    if (isInstant(a)) return isInstant(b) ? durationOf(0, a.ms - b.ms) : null
    if (isDate(a) && isDate(b)) return between(daysOfIso(a.iso), daysOfIso(b.iso), DAY)
    return isTime(a) && isTime(b) ? between(parseTime(a.iso), parseTime(b.iso), 1) : null
  },
  '*': (a, b) => {
    if (isNumber(a)) return isNumber(b) ? multiply(a, b) : isDuration(b) ? stretch(b, a.toNumber()) : null
    return isDuration(a) && isNumber(b) ? stretch(a, b.toNumber()) : null
  },
  '/': (a, b) => {
    if (isNumber(a)) return isNumber(b) ? divide(a, b) : null
    if (!isDuration(a)) return null
    if (isNumber(b)) return b.isZero() ? null : stretch(a, 1 / b.toNumber())
    if (!isDuration(b)) return null
    if (a.months === 0 && b.months === 0) return divide(decimal(a.ms), decimal(b.ms))
    return a.ms === 0 && b.ms === 0 ? divide(decimal(a.months), decimal(b.months)) : null
  },
  '**': (a, b) => (isNumber(a) && isNumber(b) ? power(a, b) : null),
}

const move = (at: FeelValue, by: Duration, sign: number, zone: string): FeelValue => {
  if (isInstant(at)) return instantAdd(at, by, sign, zone)
  if (isDate(at)) return dateAdd(at, by, sign)
  if (!isTime(at) || by.months !== 0) return null
  const ms = (((parseTime(at.iso) ?? 0) + sign * by.ms) % DAY + DAY) % DAY
  return plainTime(timeText(ms))
}
const between = (a: number | null, b: number | null, unit: number): FeelValue => (a === null || b === null ? null : durationOf(0, (a - b) * unit))
const stretch = (d: Duration, by: number): Duration => durationOf(Math.trunc(d.months * by) + 0, Math.round(d.ms * by) + 0)

export const negated = (value: FeelValue): FeelValue => {
  if (isNumber(value)) return subtract(decimal(0), value)
  return isDuration(value) ? durationOf(0 - value.months, 0 - value.ms) : null
}
