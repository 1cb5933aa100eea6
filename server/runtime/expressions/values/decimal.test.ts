import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, decimal, modulo, multiply, numberText, power, subtract } from './decimal.ts'

describe('numbers', () => {
  it.each([['50000000', '1', '50000001'], ['10000000', '-1', '9999999'], ['99999999999999', '1', '100000000000000'], ['100000000000000', '1', '100000000000001'], ['0.1', '0.2', '0.3'], ['-20000000', '20000000', '0']])('%s + %s = %s', (a, b, sum) => {
    expect(numberText(add(decimal(a), decimal(b)))).toBe(sum)
  })

  it('are the same from a number, a text and an outcome', () => {
    for (const n of [0, 1, 7, 1024, 1025, 9_999_999, 10_000_000, 12_345_678, 50_000_000, 99_999_999_999_999, 100_000_000_000_000, -1, -10_000_000]) {
      expect(numberText(decimal(n))).toBe(String(n))
      expect(decimal(String(n)).eq(decimal(n))).toBe(true)
      expect(decimal(n).toNumber()).toBe(n)
    }
    expect(numberText(decimal('007'))).toBe('7')
  })

  it('add, subtract, multiply and take remainders as whole numbers of any size do', () => {
    // multiples of powers of ten end in words of zeros
    const whole = fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 15 })).map(([n, tens]) => BigInt(n) * 10n ** BigInt(tens))
    fc.assert(fc.property(whole, whole, (a, b) => {
      const [x, y] = [decimal(String(a)), decimal(String(b))]
      expect(numberText(add(x, y))).toBe(String(a + b))
      expect(numberText(subtract(x, y))).toBe(String(a - b))
      expect(numberText(multiply(x, y))).toBe(String(a * b))
      // the remainder has the sign of the divisor
      if (b !== 0n) expect(numberText(modulo(x, y)!)).toBe(String(((a % b) + b) % b))
    }), { numRuns: 500 })
  })

  it('are raised to whole powers', () => {
    expect(numberText(power(decimal(2), decimal(17))!)).toBe('131072')
    expect(numberText(power(decimal('10000000'), decimal(2))!)).toBe('100000000000000')
  })
})
