import { describe, expect, it } from 'vitest'
import { modelOf } from '#tests/support/expressions/memory-facts.ts'
import { compile, fromFeel, toFeel, type FeelType, type Scope } from '../index.ts'

const model = modelOf([])
const NAMES: Record<string, FeelType> = { text: { kind: 'string' }, n: { kind: 'number' }, m: { kind: 'number' } }
function valueOf(expression: string, given: { text?: string; n?: number; m?: number } = {}): unknown {
  const names = Object.fromEntries(Object.entries(NAMES).map(([name, type]) => [name, toFeel(given[name as keyof typeof given] ?? null, type)])) as Scope['names']
  return fromFeel(compile(expression, { model, names: NAMES }).evaluate({ names, now: 0, zone: 'UTC' }))
}

/** GB 11643-1999: weights 2^(18-i) modulo 11, ten is written X. */
const CHECK = 'modulo(sum(for i in 1..17 return number(substring(text, i, 1)) * 2 ** (18 - i)) + (if substring(text, 18, 1) = "X" then 10 else number(substring(text, 18, 1))), 11) = 1'

describe('numbers that are reckoned without decimals', () => {
  it.each([
    // the example of the standard, another digit, another check digit
    ['11010519491231002X', true], ['11010519491231012X', false], ['110105194912310021', false], ['440524188001010014', true],
    // no digits, full width, too short: no answer, as with decimals
    ['1101051949123100AX', false], ['１１０105194912310', false], ['1101', false], ['', false],
  ])('the check digit of %s holds: %s', (text, holds) => { expect(valueOf(`(${CHECK}) = true`, { text })).toBe(holds) })

  it.each([
    ['number(text)', { text: ' 12 ' }, 12], ['number(text)', { text: '007' }, 7], ['number(text)', { text: '1.5' }, 1.5], ['number(text)', { text: '-3' }, -3], ['number(text)', { text: '12345678' }, 12345678],
    ['number(text)', { text: '' }, null], ['number(text)', { text: '12a' }, null], ['number(text)', {}, null],
    ['number(substring(text, 2, 2))', { text: '李45明' }, 45], ['number(substring(text, -2))', { text: '李明45' }, 45], ['number(substring(text, 2, 1))', { text: '😀7' }, 7], ['number(substring(text, 0, 1))', { text: '12' }, null], ['number(substring(text, n, 1))', { text: '12' }, null],
    ['2 ** n', { n: 10 }, 1024], ['2 ** n', { n: -1 }, 0.5], ['n ** 3', { n: -2 }, -8], ['n ** 0', { n: 0 }, 1], ['n ** 2', { n: 1.5 }, 2.25], ['2 ** n', { n: 53 }, 9007199254740992], ['2 ** n', {}, null],
    ['modulo(n, m)', { n: -7, m: 3 }, 2], ['modulo(n, m)', { n: 7, m: -3 }, -2], ['modulo(n, m)', { n: 5.5, m: 2 }, 1.5], ['modulo(n, m)', { n: 5, m: 0 }, null], ['modulo(n, m)', { n: 6, m: 3 }, 0],
    ['sum(for i in 3..1 return i)', {}, 6], ['sum(for i in 1..3 return 0.1 * i)', {}, 0.6], ['sum(for i in 1..200 return i)', {}, 20100], ['sum(for i in 1..n return i)', { n: 4 }, 10], ['sum(for i in 1..3 return i * n)', {}, 0],
    ['sum(for i in 1..3 return number(substring(text, i, 1)))', { text: '1a3' }, 4],
    ['if n > 1 then n else m', { n: 2 }, 2], ['if n > 1 then n else m', { m: 5 }, 5], ['(if n > 1 then n else m) + 1', {}, null],
    ['n + m = 0.3', { n: 0.1, m: 0.2 }, true], ['n = m', {}, true], ['n = m', { n: 1 }, false], ['n != m', { n: 1, m: 1 }, false],
  ] as const)('%s of %o is %s', (expression, given, value) => { expect(valueOf(expression, given)).toEqual(value) })
})
