import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from './index.ts'
import type { SqlScalar, SqlTarget } from './index.ts'
import { byClosure, bySql } from '#tests/support/expressions/agreement.ts'
import { boolean } from '#tests/support/expressions/grammar.ts'
import { openWorld } from '#tests/support/expressions/memory-database.ts'
import { rowRef } from '#tests/support/expressions/memory-facts.ts'
import { options, scopeOf, worlds } from '#tests/support/expressions/world.ts'
import type { World } from '#tests/support/expressions/world.ts'

const GROUP = '1'
/** all things are of one group, as in a list that is filtered by it */
const ofOneGroup = worlds.map((world): World => ({ ...world, thing: world.thing.map((t) => ({ ...t, group: GROUP })) }))
const known = (world: World): Partial<SqlTarget> => ({
  shared: (alias, column) => (alias === 'q' && column === 'group_id' ? rowRef('group', GROUP) : undefined),
  none: (entity, equals) => scopeOf(world).facts!.rows(entity, equals).length === 0,
})
const asked = (inner: string): string[] => [
  `sum(rows("note")[item.group = record.group and ${inner}].points)`, `count(rows("note")[item.group = record.group and ${inner}])`, `min(rows("note")[${inner} and record.group = item.group].points)`, `max(rows("note")[item.ok = true and item.group = record.group and ${inner}].points)`,
  `some x in rows("note")[item.group = record.group and ${inner}] satisfies x.points > 0`, `every x in rows("note")[item.group = record.group and ${inner}] satisfies x.points > 0`, `count(rows("note")[item.group = record.group and ${inner}]) = 0`, `sum(rows("note")[item.group = record.group and item.thing = record and ${inner}].points)`,
  `count(distinct values(rows("note")[item.group = record.group and ${inner}].points))`, `(if flag then sum(rows("note")[item.group = record.group and ${inner}].points) else n)`,
]
const cases = fc.tuple(boolean(2, 'item.', true), fc.nat(9)).map(([inner, n]) => asked(inner)[n]!)

describe('what no row of a query can have is asked once for all of them', () => {
  it('and the answers are those of asking for every row', async () => {
    let left = 0
    await fc.assert(fc.asyncProperty(cases, ofOneGroup, async (expression, world) => {
      fc.pre(compile(expression, options).notSqlable === null)
      const { run, close } = openWorld(world)
      try {
        const watched = async (sql: string, params: SqlScalar[]) => { if (!sql.includes('w_note')) left++; return run(sql, params) }
        expect(await bySql(expression, world, 'sqlite', watched, known(world)), expression).toEqual(byClosure(expression, world))
      } finally {
        close()
      }
    }), { numRuns: 400 })
    expect(left).toBeGreaterThan(20)
  })
  it('a list that is asked by no common reference is asked for each row', async () => {
    const [world] = fc.sample(ofOneGroup, { numRuns: 1, seed: 7 }) as [World]
    const empty: World = { ...world, note: [] }
    const seen: string[] = []
    for (const expression of ['count(rows("note")[item.thing = record])', 'count(rows("note")[item.ok = true])', 'count(notes)']) await bySql(expression, empty, 'sqlite', async (sql) => { seen.push(sql); return [] }, known(empty))
    expect(seen.map((sql) => sql.includes('w_note'))).toEqual([true, true, true])
  })
  it('nothing is left out where there is such a record', async () => {
    const [world] = fc.sample(ofOneGroup, { numRuns: 1, seed: 7 }) as [World]
    const one: World = { ...world, note: [{ id: '1', thing: '1', group: GROUP, text: 'a', points: 1.5, ok: true }] }
    const { run, close } = openWorld(one)
    const expression = 'sum(rows("note")[item.group = record.group and item.thing = record].points)'
    expect((await bySql(expression, one, 'sqlite', run, known(one))).map((a) => a.value)).toEqual([15, 0, 0, 0])
    close()
  })
})
