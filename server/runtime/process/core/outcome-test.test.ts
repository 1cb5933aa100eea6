import { describe, expect, it } from 'vitest'
import { asksOutcomeOnly, holdsFor, outcomesNamed } from './outcome-test.ts'

describe('conditions over the outcome', () => {
  it.each([
    ['outcome = "a"', 'a', true], ['outcome = "a"', 'b', false], ['outcome = "a" or outcome = "b"', 'b', true], ['outcome in ["a", "b"]', 'b', true], ['outcome in ("a","b")', 'c', false],
    ['outcome = "a" and n > 3', 'a', null], ['outcome = "a" and n > 3', 'b', false], ['n > 3', 'a', null], ['not(outcome = "a")', 'a', null], ['outcome = "a" or n > 3', 'a', true],
  ])('%s, taken %s: %s', (condition, outcome, expected) => {
    expect(holdsFor(condition, outcome)).toBe(expected)
  })
  it('know which outcomes they name and whether they ask anything else', () => {
    expect(outcomesNamed('outcome = "a" or outcome = "b"')).toEqual(['a', 'b'])
    expect(outcomesNamed('status = "a"')).toEqual([])
    expect([asksOutcomeOnly('outcome in ["a","b"]'), asksOutcomeOnly('outcome = "a" and n > 3'), asksOutcomeOnly('n > 3')]).toEqual([true, false, false])
  })
})
