import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from './index.ts'
import { byClosure, bySql } from '#tests/support/expressions/agreement.ts'
import { boolean, number, text } from '#tests/support/expressions/grammar.ts'
import { openWorld } from '#tests/support/expressions/memory-database.ts'
import { options, worlds } from '#tests/support/expressions/world.ts'
import type { World } from '#tests/support/expressions/world.ts'

const RUNS = Number(process.env.CERTFLOW_TEST_RUNS ?? 400)

const agrees = async (expression: string, world: World): Promise<void> => {
  // products of products may leave the exact range; everything else the grammar makes has to be SQL
  const why = compile(expression, options).notSqlable
  fc.pre(why === null || !/decimals, at most/.test(why.message))
  expect(why, expression).toBeNull()
  const { run, close } = openWorld(world)
  try {
    expect(await bySql(expression, world, 'sqlite', run), expression).toEqual(byClosure(expression, world).map((a) => ({ ...a, value: digits(a.value) })))
  } finally {
    close()
  }
}
const digits = (value: unknown): unknown => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value)

describe('the closure and SQLite agree', () => {
  it.each([['conditions', boolean(3, '', false)], ['numbers', number(3, '', false)], ['texts', text(2, '')]] as const)('on generated %s', async (_what, grammar) => {
    await fc.assert(fc.asyncProperty(grammar, worlds, agrees), { numRuns: RUNS })
  })
})
