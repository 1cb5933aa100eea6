import fc from 'fast-check'
import { evaluate } from 'feelin'
import { describe, expect, it } from 'vitest'
import { compile, fromFeel, toFeel } from './index.ts'
import type { FeelType, Scope } from './index.ts'
import { modelOf } from '#tests/support/expressions/memory-facts.ts'

/**
 * feelin is the oracle where the profile agrees with standard FEEL. Left out on purpose: decimals that doubles cannot hold, nulls in
 * aggregates and quantifiers, sum([]), ranges written backwards (feelin turns them round), and `in` beside and/or without brackets (all documented as differences).
 */
const model = modelOf([])
const context = { a: 3, b: -2, c: 0, s: 'ab', t: 'b', p: true, q: false, none: null, list: [1, 2, 3, 2], people: [{ age: 17, name: 'li' }, { age: 30, name: 'wang' }, { age: 64, name: 'bo' }], nested: { x: { y: 5 } } }
const names: Record<string, FeelType> = Object.fromEntries(Object.keys(context).map((key) => [key, { kind: 'any' }]))
const scope: Scope = { names: toFeel(context, { kind: 'any' }) as Scope['names'], now: 0, zone: 'UTC' }

const ours = (text: string): unknown => fromFeel(compile(text, { model, names }).evaluate(scope))
const theirs = (text: string): unknown => {
  const found = evaluate(text, context) as unknown
  // through JSON, since feelin knows a minus zero
  return JSON.parse(JSON.stringify(typeof found === 'object' && found !== null && 'value' in found ? found.value : found)) as unknown
}

type Gen = fc.Arbitrary<string>
const glue = (...parts: (Gen | string)[]): Gen => fc.tuple(...parts.map((p) => (typeof p === 'string' ? fc.constant(p) : p))).map((texts) => texts.join(''))
const oneOf = (...texts: string[]): Gen => fc.constantFrom(...texts)
const num = (d: number): Gen => (d <= 0 ? oneOf('a', 'b', 'c', '0', '1', '2', '10', '0.5', 'nested.x.y') : fc.oneof(num(0), glue('(', num(d - 1), oneOf(' + ', ' - ', ' * '), num(d - 1), ')'),
  glue('(if ', bool(d - 1), ' then ', num(d - 1), ' else ', num(d - 1), ')'), glue(oneOf('floor', 'ceiling', 'abs'), '(', num(d - 1), ')'), glue('count(', list(d - 1), ')'), glue('modulo(', num(d - 1), ', 3)'), glue('max(', num(d - 1), ', ', num(d - 1), ')'),
  oneOf('list[2]', 'list[-1]', 'sum(list)', 'mean(list)', 'min(people.age)', 'people[2].age', 'string length(s)')))
const list = (d: number): Gen => (d <= 0 ? oneOf('list', 'people.age', '[1, 2]', '[]') : fc.oneof(list(0), glue('list[item > ', num(d - 1), ']'), glue('people[item.age > ', num(d - 1), '].age'), glue('(for i in ', list(d - 1), ' return i * 2)'),
  glue('concatenate(', list(d - 1), ', ', list(d - 1), ')'), glue('distinct values(', list(d - 1), ')'), glue('union(', list(d - 1), ', [7])'), glue('append(', list(d - 1), ', 9)')))
const bool = (d: number): Gen => (d <= 0 ? oneOf('p', 'q', 'true', 'false') : fc.oneof(bool(0), glue('(', bool(d - 1), oneOf(' and ', ' or '), bool(d - 1), ')'), glue('not(', bool(d - 1), ')'), glue('(', num(d - 1), oneOf(' < ', ' <= ', ' > ', ' >= ', ' = ', ' != '), num(d - 1), ')'),
  glue('(', num(d - 1), oneOf(' between -1 and 3)', ' between 2 and 2)', ' between 0 and 10.5)')), glue('(', num(d - 1), oneOf(' in [-1..3])', ' in (0..5])', ' in [2..2])', ' in [1..10))')), glue('(', num(d - 1), ' in ', list(d - 1), ')'), glue('list contains(', list(d - 1), ', ', num(d - 1), ')'),
  glue('(some x in ', list(d - 1), ' satisfies x > ', num(d - 1), ')'), glue('(every x in ', list(d - 1), ' satisfies x > ', num(d - 1), ')'), oneOf('none = null', 's = "ab"', 's < t', 'contains(s, t)', 'starts with(s, t)', 'none != "a"', '(s = none)')))

describe('where the profile is standard FEEL, feelin agrees', () => {
  it('on generated expressions', () => {
    // feelin computes in doubles: the generated numbers are halves, which doubles hold
    fc.assert(fc.property(fc.oneof(bool(3), num(3), list(2)), (text) => { expect(ours(text), text).toEqual(theirs(text)) }), { numRuns: 600 })
  })

  it.each(['substring("foobar", 3)', 'substring("foobar", -2, 1)', 'upper case("aB4")', 'split("a;b", ";")', 'string join(["a", "b"], "-")', 'index of([1,2,3,2], 2)', 'flatten([[1,2],[[3]]])', 'ends with("foobar", "r")', 'matches("foobar", "^fo*b")', 'number("1.5")',
    'sort([3,1,4], function(x, y) x < y)', '{a: 1, b: {c: 2}}.b.c', 'even(4)', 'odd(4)', '1 instance of number', '"a" instance of string', 'date("2026-05-20").year', 'duration("P1D") = duration("PT24H")', 'date("2026-05-20") + duration("P1M") = date("2026-06-20")', 'time("12:00:00") > time("11:59:59")'])(
    '%s', (text) => expect(ours(text)).toEqual(theirs(text)))
})
