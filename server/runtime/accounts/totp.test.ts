import { expect, it } from 'vitest'
import { fromBase32, matchingStep, toBase32, totp } from './totp.ts'

// RFC 6238, appendix B: SHA-1 with this secret; the last six of its eight digits
const SECRET = Buffer.from('12345678901234567890')

it.each([[59, '287082'], [1111111109, '081804'], [1111111111, '050471'], [1234567890, '005924'], [2000000000, '279037'], [20000000000, '353130']])('gives the code of RFC 6238 at %i seconds', (seconds, code) => {
  expect(totp(SECRET, Math.floor(seconds / 30))).toBe(code)
})
it('writes secrets as RFC 4648 does and reads them back', () => {
  expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
  expect(toBase32(Buffer.from('foob'))).toBe('MZXW6YQ')
  expect(fromBase32(toBase32(SECRET))).toEqual(SECRET)
})
it('takes a code half a minute early or late, and never one that was used', () => {
  const now = 1111111111_000
  expect(matchingStep(SECRET, '050471', now, 0)).toBe(37037037)
  expect(matchingStep(SECRET, '081804', now, 0)).toBe(37037036)
  expect(matchingStep(SECRET, '050471', now + 61_000, 0)).toBeNull()
  expect(matchingStep(SECRET, '050471', now, 37037037)).toBeNull()
  expect(matchingStep(SECRET, '05047', now, 0)).toBeNull()
})
