import { describe, expect, it } from 'vitest'
import { compile, FeelError } from './index.ts'
import type { CompileOptions, FeelProblem } from './index.ts'
import { modelOf } from '#tests/support/expressions/memory-facts.ts'

const text = { kind: 'string' } as const
const model = modelOf([
  { name: 'plan', table: 'plan', properties: { name: { type: text, column: 'name' }, allocations: { type: { kind: 'list', of: { kind: 'entity', entity: 'allocation' } }, inverse: { entity: 'allocation', path: 'plan' } }, startsAt: { type: { kind: 'date-time' }, column: 'starts_at' }, score: { type: { kind: 'number', scale: 2 }, column: 'score' } } },
  { name: 'allocation', table: 'allocation', properties: { plan: { type: { kind: 'entity', entity: 'plan' }, column: 'plan' }, seats: { type: { kind: 'number', scale: 0 }, column: 'seats' } } },
], { loop: { args: ['n'], expr: 'rules.back(args.n)' }, back: { args: ['n'], expr: 'rules.loop(args.n)' }, wrong: { args: ['n'], expr: 'args.m + 1' } })

const problems = (source: string, options: Partial<CompileOptions> = {}): FeelProblem[] => {
  try {
    compile(source, { model, names: { user: { kind: 'any' } }, self: 'plan', ...options })
    return []
  } catch (error) {
    if (error instanceof FeelError) return error.problems
    throw error
  }
}
const said = (source: string, options?: Partial<CompileOptions>): string => problems(source, options).map((p) => `${p.message} ${p.fix}`).join('\n')

describe('a wrong expression', () => {
  it.each([
    ['nam = "a"', /`nam` is not known.*Near it: name/], ['record.scor > 1', /plan has no property `scor`.*score/], ['user2.x', /Near it: user/], ['lenght(name)', /no function `lenght`.*All: .*string length/],
    ['count(allocations[plan = plan]) > 0', /`plan` is no name here; .*Write item\.plan/], ['allocations[seats > 1]', /item\.seats/], ['count(allocations[name = item.plan.name])', /`name` stands bare inside a filter.*record\.name/],
    ['allocations[count(record.allocations[item.seats > 1]) > 0]', /filter stands inside a filter.*some a in/], ['now() > startsAt', /Write now:/], ['today() = today', /Write today:/],
    ['name + 1', /`name` is a string and `1` a number.*string\(…\)/], ['name > 5', /can never be compared/], ['name and score > 1', /`name` is a string, a condition/], ['startsAt > today', /date\(x\)/], ['allocations = null', /^$/], ['allocations = 3', /count/],
    ['if name then 1 else 2', /a condition \(true or false\)/], ['floor("a")', /floor needs a number/], ['floor()', /It is floor\(n: number/], ['rows("nothing")', /no entity `nothing`/], ['rules.none(1)', /no rule `none`/], ['rules.wrong(1)', /In rules\.wrong.*no argument `m`.*Its arguments are: n/s],
    ['rules.loop(1)', /calls itself \(loop → back → loop\)/], ['rules.wrong(1, 2)', /given 2 arguments.*rules\.wrong\(n\)/], ['matches(name, "(a+)+")', /repeats a group that itself repeats/], ['matches(name, name)', /not a text literal/], ['date("2026-02-30")', /is no date/], ['duration("7D")', /is no duration/],
    ['[1..5]', /only after `in`/], ['x instance of banana', /no type `banana`/], ['not name', /Write not\(name\)/], ['score >', /ends too early/], ['', /is empty/], ['{"$": 1}', /cannot have a member/], ['1 + ) 2', /Not understood/], ['args.x', /`args` is not known/],
  ])('%s says what is wrong and what would be right', (source, expected) => expect(said(source)).toMatch(expected))

  it('says line and column, and every problem at once', () => {
    expect(problems('name = "a" and\n  nam = "b" and scor > 1').map((p) => [p.line, p.column, p.from, p.to])).toEqual([[2, 3, 17, 20], [2, 17, 31, 35]])
  })
  it('is refused when its type is not the one expected', () => {
    expect(said('score + 1', { expect: 'boolean' })).toMatch(/gives a number, a boolean is needed/)
    expect(said('score > 1', { expect: 'boolean' })).toBe('')
  })
})

describe('what cannot be SQL says which part and why', () => {
  const why = (source: string): string => compile(source, { model, names: { user: { kind: 'any' } }, self: 'plan' }).notSqlable?.message ?? ''
  it.each([
    ['upper case(name) = "A"', /`upper case\(name\)`.*no SQL form/], ['score / 3 > 1', /`score \/ 3`.*division by a literal/], ['startsAt + duration("P1M") > now', /end of a month/], ['startsAt > now - duration("P1M")', /^$/], ['string(score) = "1"', /`string\(score\)`/], ['matches(name, "a")', /matches/],
    ['allocations', /is not one value/], ['mean(allocations.seats) > 1', /mean/], ['name = user.name and score > 1', /^$/], ['count(allocations[item.seats > record.score]) > 2', /^$/], ['sort(allocations, function(a, b) a.seats < b.seats)[1].seats', /sort/],
  ])('%s', (source, expected) => expect(why(source)).toMatch(expected))
})
