import LightDecimal from 'decimal.js-light'
import type { Decimal } from 'decimal.js-light'

/** 34 significant digits, half even: the decimal of IEEE 754-2008 that DMN asks for. */
const D: typeof LightDecimal = LightDecimal.clone({ precision: 34, rounding: 6, toExpNeg: -1000, toExpPos: 1000 })
const SMALL: Decimal[] = Array.from({ length: 1025 }, (_, n) => new D(n))

const DIGITS = /^\d{1,14}$/
/** A FEEL number from an integer, a decimal text or another Decimal. Doubles are read by their shortest text. */
export const decimal = (value: number | string | Decimal): Decimal => {
  if (typeof value === 'number') return Number.isInteger(value) && value < WORDS && value > -WORDS ? ofInteger(value) : new D(value)
  return typeof value === 'string' && DIGITS.test(value) ? ofInteger(Number(value)) : new D(value)
}
const WORD = 1e7
const WORDS = 1e14
/** Makes a Decimal of its parts; the constructor of the library reads a text or copies. */
const Whole = function (this: { constructor: unknown; s: number; e: number; d: number[] }, s: number, e: number, d: number[]) {
  this.constructor = D
  this.s = s
  this.e = e
  this.d = d
} as unknown as new (s: number, e: number, d: number[]) => Decimal
Whole.prototype = D.prototype
/** Of up to two words. */
function ofInteger(value: number): Decimal {
  if (value >= 0 && value <= 1024) return SMALL[value]!
  const [sign, size] = value < 0 ? [-1, -value] : [1, value]
  if (size < WORD) return new Whole(sign, 0, [size])
  const low = size % WORD
  const high = (size - low) / WORD
  return new Whole(sign, 1, low === 0 ? [high] : [high, low])
}

export const isDecimal = (value: unknown): value is Decimal => value instanceof LightDecimal

const own = (a: Decimal): Decimal => ((a as { constructor: unknown }).constructor === D ? a : new D(a))

// Words of seven decimal digits; e = words before the point less one, words of zeros at the end are left out.
const integer = ({ s, e, d }: { s: number; e: number; d: number[] }): number => {
  if (e < 0 || e > 1 || d.length > e + 1) return Number.NaN
  return s * (e === 0 ? d[0]! : d[0]! * WORD + (d[1] ?? 0))
}
const inner = (a: Decimal): { s: number; e: number; d: number[] } => a as unknown as { s: number; e: number; d: number[] }
/** As a double; of the numbers that programmes count with, without the way through text. */
export const asDouble = (a: Decimal): number => {
  const n = integer(inner(a))
  return Number.isNaN(n) ? a.toNumber() : n
}
/** What doubles hold exactly need not be worked out digit by digit; null = it has to be. */
const exact = (n: number): Decimal | null => (Number.isSafeInteger(n) ? decimal(n) : null)

export const add = (a: Decimal, b: Decimal): Decimal => exact(integer(inner(a)) + integer(inner(b))) ?? own(a).plus(b)
export const subtract = (a: Decimal, b: Decimal): Decimal => exact(integer(inner(a)) - integer(inner(b))) ?? own(a).minus(b)
export const multiply = (a: Decimal, b: Decimal): Decimal => exact(integer(inner(a)) * integer(inner(b))) ?? own(a).times(b)
/** null for a division by zero */
export const divide = (a: Decimal, b: Decimal): Decimal | null => (b.isZero() ? null : own(a).dividedBy(b))
export const power = (a: Decimal, b: Decimal): Decimal | null => {
  const exponent = asDouble(b)
  if (!b.isInteger() || Math.abs(exponent) > 1000 || (a.isZero() && b.isNegative())) return null
  return integerPower(integer(inner(a)), exponent) ?? own(a).pow(b)
}

function integerPower(base: number, exponent: number): Decimal | null {
  if (exponent < 0 || exponent > 64) return null
  let product = 1
  for (let n = 0; n < exponent; n++) product *= base
  return exact(product)
}

/** Nearest integer towards minus infinity; `scale` keeps that many decimals. */
export const floor = (a: Decimal, scale = 0): Decimal => own(a).toDecimalPlaces(scale, 3)
export const ceiling = (a: Decimal, scale = 0): Decimal => own(a).toDecimalPlaces(scale, 2)
/** FEEL 1.3 "round half up" (away from zero), which is what schools expect of 59.5. */
export const roundHalfUp = (a: Decimal, scale = 0): Decimal => own(a).toDecimalPlaces(scale, 4)

/** FEEL modulo: the result has the sign of the divisor. */
export const modulo = (a: Decimal, b: Decimal): Decimal | null => {
  if (b.isZero()) return null
  const [x, y] = [integer(inner(a)), integer(inner(b))]
  if (Math.abs(x) < 1e9 && Math.abs(y) < 1e6) return decimal(x - y * Math.floor(x / y))
  return own(a).minus(own(b).times(own(a).dividedBy(b).toDecimalPlaces(0, 3)))
}

/** value * 10^scale as an integer a column can hold; null when it has more decimals than that. */
export const scaled = (a: Decimal, scale: number): Decimal | null => {
  const n = own(a).times(new D(10).pow(scale))
  return n.isInteger() ? n : null
}
export const numberText = (a: Decimal): string => own(a).toFixed()
