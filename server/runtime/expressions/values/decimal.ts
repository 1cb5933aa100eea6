import LightDecimal from 'decimal.js-light'
import type { Decimal } from 'decimal.js-light'
import { D, differenceOf, fromTenMillionths, fromWhole, productOf, quotientOf, sumOf, tenMillionths, wholeNumber } from './exact.ts'

const DIGITS = /^\d{1,14}$/
/** A FEEL number from an integer, a decimal text or another Decimal. Doubles are read by their shortest text. */
export function decimal(value: number | string | Decimal): Decimal {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? fromWhole(value) : new D(value)
  return typeof value === 'string' && DIGITS.test(value) ? fromWhole(Number(value)) : new D(value)
}
/** As a double; of the numbers that programmes count with, without the way through text. */
export const asDouble = (a: Decimal): number => {
  const whole = wholeNumber(a)
  return Number.isNaN(whole) ? a.toNumber() : whole
}

export const isDecimal = (value: unknown): value is Decimal => value instanceof LightDecimal

const own = (a: Decimal): Decimal => ((a as { constructor: unknown }).constructor === D ? a : new D(a))

// What doubles hold exactly need not be worked out digit by digit: what leaves their safe range is left to the library.
const known = (parts: number): boolean => !Number.isNaN(parts)
const safe = Number.isSafeInteger

export function add(a: Decimal, b: Decimal): Decimal {
  const parts = sumOf(tenMillionths(a), tenMillionths(b))
  if (known(parts)) return fromTenMillionths(parts)
  const whole = wholeNumber(a) + wholeNumber(b)
  return safe(whole) ? fromWhole(whole) : own(a).plus(b)
}
export function subtract(a: Decimal, b: Decimal): Decimal {
  const parts = differenceOf(tenMillionths(a), tenMillionths(b))
  if (known(parts)) return fromTenMillionths(parts)
  const whole = wholeNumber(a) - wholeNumber(b)
  return safe(whole) ? fromWhole(whole) : own(a).minus(b)
}
export function multiply(a: Decimal, b: Decimal): Decimal {
  const parts = productOf(tenMillionths(a), tenMillionths(b))
  if (known(parts)) return fromTenMillionths(parts)
  const whole = wholeNumber(a) * wholeNumber(b)
  return safe(whole) ? fromWhole(whole) : own(a).times(b)
}
/** null for a division by zero */
export function divide(a: Decimal, b: Decimal): Decimal | null {
  if (b.isZero()) return null
  const parts = quotientOf(tenMillionths(a), tenMillionths(b))
  return known(parts) ? fromTenMillionths(parts) : own(a).dividedBy(b)
}
export const power = (a: Decimal, b: Decimal): Decimal | null => {
  if (!b.isInteger() || Math.abs(b.toNumber()) > 1000 || (a.isZero() && b.isNegative())) return null
  return integerPower(wholeNumber(a), b.toNumber()) ?? own(a).pow(b)
}

function integerPower(base: number, exponent: number): Decimal | null {
  if (exponent < 0 || exponent > 64) return null
  let product = 1
  for (let n = 0; n < exponent; n++) product *= base
  return safe(product) ? fromWhole(product) : null
}

/** Negative, zero or positive. */
export function compareNumbers(a: Decimal, b: Decimal): number {
  const by = tenMillionths(a) - tenMillionths(b)
  return Number.isNaN(by) ? own(a).cmp(b) : by
}

/** Nearest integer towards minus infinity; `scale` keeps that many decimals. */
export const floor = (a: Decimal, scale = 0): Decimal => own(a).toDecimalPlaces(scale, 3)
export const ceiling = (a: Decimal, scale = 0): Decimal => own(a).toDecimalPlaces(scale, 2)
/** FEEL 1.3 "round half up" (away from zero), which is what schools expect of 59.5. */
export const roundHalfUp = (a: Decimal, scale = 0): Decimal => own(a).toDecimalPlaces(scale, 4)

/** FEEL modulo: the result has the sign of the divisor. */
export const modulo = (a: Decimal, b: Decimal): Decimal | null => {
  if (b.isZero()) return null
  const [x, y] = [wholeNumber(a), wholeNumber(b)]
  if (Math.abs(x) < 1e9 && Math.abs(y) < 1e6) return fromWhole(x - y * Math.floor(x / y))
  return own(a).minus(own(b).times(own(a).dividedBy(b).toDecimalPlaces(0, 3)))
}

/** value * 10^scale as an integer a column can hold; null when it has more decimals than that. */
export const scaled = (a: Decimal, scale: number): Decimal | null => {
  const n = own(a).times(new D(10).pow(scale))
  return n.isInteger() ? n : null
}
export const numberText = (a: Decimal): string => own(a).toFixed()
