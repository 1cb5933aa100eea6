import type { FeelValue } from '../types.ts'
import { compareNumbers } from './decimal.ts'
import { isContext, isDate, isDuration, isInstant, isNumber, isRow, isTime } from './value.ts'

/** FEEL `=`: null equals null alone, references equal their id, values of different kinds are unequal. Never null. */
export const equal = (a: FeelValue, b: FeelValue): boolean => {
  if (a === b) return true
  if (a === null || b === null || a === undefined || b === undefined) return (a ?? null) === (b ?? null)
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0
  if (isRow(a)) return isRow(b) ? a.id === b.id : a.id === b
  if (isRow(b)) return b.id === a
  if (typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => equal(x, b[i] ?? null))
  if (isInstant(a)) return isInstant(b) && a.ms === b.ms
  if (isDate(a)) return isDate(b) && a.iso === b.iso
  if (isTime(a)) return isTime(b) && a.iso === b.iso
  if (isDuration(a)) return isDuration(b) && a.months === b.months && a.ms === b.ms
  if (!isContext(a) || !isContext(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equal(a[k] ?? null, b[k] ?? null))
}

/** Code point order, the order of binary collations; UTF-16 order would put rare characters before U+E000. */
export const compareText = (a: string, b: string): number => {
  if (a === b) return 0
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)

/** Negative, zero, positive; null when the two have no order (a null, different kinds, P1M against P30D). */
export const order = (a: FeelValue, b: FeelValue): number | null => {
  if (a === null || b === null) return null
  if (isNumber(a)) return isNumber(b) ? compareNumbers(a, b) : null
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : null
  if (isInstant(a)) return isInstant(b) ? a.ms - b.ms : null
  if (isDate(a)) return isDate(b) ? compareText(a.iso, b.iso) : null
  if (isTime(a)) return isTime(b) ? compareText(a.iso, b.iso) : null
  if (isDuration(a) && isDuration(b)) {
    if (a.months === b.months) return a.ms - b.ms
    return a.ms === b.ms ? a.months - b.months : null
  }
  return null
}
