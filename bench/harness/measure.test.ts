import { describe, expect, it } from 'vitest'
import { markdown } from './markdown.ts'
import { allInTurns, ratioOf, inTurns, median, percentile } from './measure.ts'
import { holds } from './run.ts'

describe('what is counted', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })
  it('is the value below which a share of them lie', () => {
    expect(percentile(Array.from({ length: 100 }, (_, i) => i + 1), 0.95)).toBe(95)
  })
  it('is the ratio of each turn, and the first turn does not count', async () => {
    const [a, b] = [[1000, 10, 20, 30], [1, 5, 5, 5]]
    expect(await inTurns(3, async () => a.shift()!, async () => b.shift()!)).toEqual({ ours: 20, theirs: 5, ratio: 4 })
  })
})

describe('a goal', () => {
  it('holds on its border and not beyond', () => {
    const figure = { id: 'x', what: 'x', unit: '' }
    expect(holds({ ...figure, value: 300, goal: { atLeast: 300 } })).toBe(true)
    expect(holds({ ...figure, value: 299, goal: { atLeast: 300 } })).toBe(false)
    expect(holds({ ...figure, value: 31, goal: { atMost: 30 } })).toBe(false)
  })
  it('is not reached by what could not be measured', () => {
    expect(holds({ id: 'x', what: 'x', unit: '', value: NaN, goal: { atLeast: 1 } })).toBe(false)
    expect(holds({ id: 'x', what: 'x', unit: '', value: NaN })).toBe(false)
  })
})

it('writes what was missed as plainly as what was reached', () => {
  const page = markdown([
    { name: 'list', title: 'Lists', at: '2026-03-02T01:00:00Z', machine: 'm', scale: 1, rounds: 5, seconds: 1, ok: false, figures: [{ id: 'p95', what: 'page', value: 48, unit: ' ms', goal: { atMost: 30 }, on: 'mariadb', ok: false }, { id: 'late', what: 'late', value: NaN, unit: ' ms', goal: { atMost: 30 }, behind: 'timed out', ok: false }] },
    { name: 'page', failed: 'no build' },
  ])
  expect(page).toContain('| page, MariaDB | 48 ms | ≤ 30 ms | ✗ |')
  expect(page).toContain('| late | – | ≤ 30 ms | ✗ | timed out |')
  expect(page).toContain('Could not be measured: no build')
})

describe('several sides in turns', () => {
  it('each begin a round once, after a round that does not count, and are compared by round', async () => {
    const order: string[] = []
    const side = (name: string, values: number[]) => async () => { order.push(name); return values.shift()! }
    const took = await allInTurns(2, { a: side('a', [99, 10, 30]), b: side('b', [99, 5, 10]) })

    expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
    expect(took).toEqual({ a: [10, 30], b: [5, 10] })
    expect(ratioOf(took.a, took.b)).toBe(2.5)
  })
})
