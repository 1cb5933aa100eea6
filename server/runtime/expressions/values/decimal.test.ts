import LightDecimal from 'decimal.js-light'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, asDouble, compareNumbers, decimal, divide, modulo, multiply, numberText, power, subtract } from './decimal.ts'

const Long = LightDecimal.clone({ precision: 34, rounding: 6, toExpNeg: -1000, toExpPos: 1000 })

/** Around the borders of words of seven digits, where a shortcut would go wrong, and everywhere else. */
const coefficient = fc.oneof(
  fc.integer({ min: -2000, max: 2000 }).map(BigInt),
  fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: -3, max: 3 })).map(([n, words, by]) => BigInt(n) * 10_000_000n ** BigInt(words) + BigInt(by)),
  fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 0, max: 20 })).map(([n, zeros]) => BigInt(n) * 10n ** BigInt(zeros)),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
)
const text = fc.tuple(coefficient, fc.integer({ min: 0, max: 16 })).map(([n, scale]) => {
  const digits = String(n < 0n ? -n : n).padStart(scale + 1, '0')
  const plain = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return n < 0n ? `-${plain}` : plain
})
const runs = { numRuns: 20_000 }

describe('numbers', () => {
  it('are reckoned as the decimal library does, digit by digit', () => {
    fc.assert(fc.property(text, text, (a, b) => {
      const [x, y, p, q] = [decimal(a), decimal(b), new Long(a), new Long(b)]
      expect(numberText(add(x, y))).toBe(p.plus(q).toFixed())
      expect(numberText(subtract(x, y))).toBe(p.minus(q).toFixed())
      expect(numberText(multiply(x, y))).toBe(p.times(q).toFixed())
      expect(Math.sign(compareNumbers(x, y))).toBe(p.cmp(q))
      if (q.isZero()) expect(divide(x, y)).toBeNull()
      else expect(numberText(divide(x, y)!)).toBe(p.dividedBy(q).toFixed())
    }), runs)
  })

  it('that were reckoned are the same inside as numbers that were read', () => {
    fc.assert(fc.property(text, text, (a, b) => {
      for (const made of [add(decimal(a), decimal(b)), multiply(decimal(a), decimal(b))]) {
        const read = new Long(made.toFixed())
        expect([made.eq(read), made.isZero(), made.isNegative(), made.isInteger(), made.decimalPlaces()]).toEqual([true, read.isZero(), read.isNegative(), read.isInteger(), read.decimalPlaces()])
        expect(made.plus(1).toFixed()).toBe(read.plus(1).toFixed())
      }
    }), runs)
  })

  it('that are whole keep every digit, round ones too', () => {
    const cases: [number, number, string, string][] = [
      [10_000_000, 1, '10000001', '10000000'], [20_000_000, 3, '20000003', '60000000'], [100_000_000_000_000, -1, '99999999999999', '-100000000000000'], [9_007_199_254_740_991, 2, '9007199254740993', '18014398509481982'],
    ]
    for (const [a, b, sum, product] of cases) {
      expect(numberText(add(decimal(a), decimal(b)))).toBe(sum)
      expect(numberText(multiply(decimal(a), decimal(b)))).toBe(product)
    }
  })

  it('are the same from a number, a text and an outcome', () => {
    for (const n of [0, 1, 7, 1024, 1025, 9_999_999, 10_000_000, 12_345_678, 50_000_000, 99_999_999_999_999, 100_000_000_000_000, -1, -10_000_000]) {
      expect(numberText(decimal(n))).toBe(String(n))
      expect(decimal(String(n)).eq(decimal(n))).toBe(true)
      expect(asDouble(decimal(n))).toBe(n)
    }
    expect(numberText(decimal('007'))).toBe('7')
    expect(asDouble(decimal('0.5'))).toBe(0.5)
  })

  it('take the remainder with the sign of the divisor', () => {
    const cases: [string, string, string][] = [['30000000', '7', '2'], ['-30000000', '7', '5'], ['30000000', '-7', '-5'], ['10000000', '3', '1'], ['12345678901234567', '10', '7'], ['5.5', '2', '1.5'], ['-5.5', '2', '0.5']]
    for (const [a, b, rest] of cases) expect(numberText(modulo(decimal(a), decimal(b))!)).toBe(rest)
    expect(modulo(decimal(1), decimal(0))).toBeNull()
  })

  it('are raised to whole powers', () => {
    expect(numberText(power(decimal(10), decimal(7))!)).toBe('10000000')
    expect(numberText(power(decimal(10_000_000), decimal(2))!)).toBe('100000000000000')
    expect(numberText(power(decimal('0.1'), decimal(3))!)).toBe('0.001')
    expect(power(decimal(0), decimal(-1))).toBeNull()
  })
})
