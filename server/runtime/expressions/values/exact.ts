import LightDecimal from 'decimal.js-light'
import type { Decimal } from 'decimal.js-light'

/** 34 significant digits, half even: the decimal of IEEE 754-2008 that DMN asks for. */
export const D: typeof LightDecimal = LightDecimal.clone({ precision: 34, rounding: 6, toExpNeg: -1000, toExpPos: 1000 })
const SMALL: Decimal[] = Array.from({ length: 1025 }, (_, n) => new D(n))

/**
 * Inside, a decimal is a sign (0 for zero), words of seven decimal digits without zeros behind, and the place of the first word:
 * 24.3 is words 24 and 3 000 000 from place 0, ten million is the word 1 at place 1.
 */
interface Inner { constructor: unknown; s: number; e: number; d: number[] }
const inner = (a: Decimal): Inner => a as unknown as Inner
/** ten-millionths of one */
export const WORD = 1e7
const MAX = Number.MAX_SAFE_INTEGER

/** Ten-millionths of a number as a double, where it holds them exactly; NaN elsewhere. */
export function tenMillionths(a: Decimal): number {
  const { s, e, d } = inner(a)
  if (e === 0) return d.length === 1 ? s * d[0]! * WORD : d.length === 2 ? s * (d[0]! * WORD + d[1]!) : Number.NaN
  if (e === -1) return d.length === 1 ? s * d[0]! : Number.NaN
  if (e !== 1 || d.length > 3) return Number.NaN
  const n = (d[0]! * WORD + (d[1] ?? 0)) * WORD + (d[2] ?? 0)
  return n <= MAX ? s * n : Number.NaN
}

/** A whole number as a double, where it holds it exactly; NaN for all others. */
export function wholeNumber(a: Decimal): number {
  const { s, e, d } = inner(a)
  if (e < 0 || e > 2 || d.length > e + 1) return Number.NaN
  let n = d[0]!
  for (let i = 1; i <= e; i++) n = n * WORD + (d[i] ?? 0)
  return n <= MAX ? s * n : Number.NaN
}

/** Same shape as the library's own, without reading a text. */
function Made(this: Inner, s: number, e: number, d: number[]): void {
  this.constructor = D
  this.s = s
  this.e = e
  this.d = d
}
Made.prototype = D.prototype as object
const made = Made as unknown as new (s: number, e: number, d: number[]) => Decimal

/** The decimal of a safe integer. */
export function fromWhole(n: number): Decimal {
  if (n >= 0 && n <= 1024) return SMALL[n]!
  const [s, m] = n < 0 ? [-1, -n] : [1, n]
  return m < WORD ? new made(s, 0, [m]) : withWords(s, m)
}
function withWords(s: number, m: number): Decimal {
  const low = m % WORD
  const rest = (m - low) / WORD
  const middle = rest % WORD
  const high = (rest - middle) / WORD
  return new made(s, high === 0 ? 1 : 2, withoutZeros(high === 0 ? [middle, low] : [high, middle, low]))
}
const withoutZeros = (words: number[]): number[] => { while (words.at(-1) === 0) words.pop(); return words }

/** The decimal of a safe integer of ten-millionths. */
export function fromTenMillionths(n: number): Decimal {
  const m = n < 0 ? -n : n
  // the quotient of a division may be rounded up to the next whole number, the remainder is exact
  const part = m % WORD
  const whole = (m - part) / WORD
  if (part === 0) return fromWhole(n < 0 ? -whole : whole)
  const s = n < 0 ? -1 : 1
  if (whole === 0) return new made(s, -1, [part])
  if (whole < WORD) return new made(s, 0, [whole, part])
  const low = whole % WORD
  return new made(s, 1, [(whole - low) / WORD, low, part])
}

// On ten-millionths: NaN where the exact result is not one of theirs, or not a safe integer of them.
const within = (n: number): number => (n <= MAX && n >= -MAX ? n : Number.NaN)
export const sumOf = (x: number, y: number): number => within(x + y)
export const differenceOf = (x: number, y: number): number => within(x - y)
export function productOf(x: number, y: number): number {
  if (x % WORD === 0) return within((x / WORD) * y)
  if (y % WORD === 0) return within(x * (y / WORD))
  const product = within(x * y)
  return product % WORD === 0 ? product / WORD : Number.NaN
}
export function quotientOf(x: number, y: number): number {
  const by = y / WORD
  return y % WORD === 0 && x % by === 0 ? x / by : Number.NaN
}
/** Of whole numbers, with a small exponent. */
export function powerOf(x: number, y: number): number {
  const [base, exponent] = [x / WORD, y / WORD]
  if (!Number.isInteger(base) || !Number.isInteger(exponent) || exponent < 0 || exponent > 64) return Number.NaN
  let product = 1
  for (let n = 0; n < exponent; n++) product *= base
  return within(product * WORD)
}
/** With the sign of the divisor, of whole numbers that a double divides without loss. */
export function remainderOf(x: number, y: number): number {
  const [a, b] = [x / WORD, y / WORD]
  return Number.isInteger(a) && Number.isInteger(b) && b !== 0 && Math.abs(b) < 1e6 ? (a - b * Math.floor(a / b)) * WORD : Number.NaN
}
