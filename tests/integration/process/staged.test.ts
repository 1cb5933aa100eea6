import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stagedCount, stagedRows, stageRows, unstage } from '#server/runtime/process/store/staged.store.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'

let lib: Library
beforeAll(async () => { lib = await openLibrary() })
afterAll(() => lib.close())
const engine = () => lib.house.core.engine
const datas = async (list: string, from: number, size: number) => (await stagedRows(engine(), '7', list, from, size)).map((r) => r.data)
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('members of a set that are written down for a job', () => {
  it('come back in order from any position, as many as are asked for', async () => {
    await stageRows(engine(), '7', 'a', 0, numbers(0, 250).map((data) => ({ data })))
    await stageRows(engine(), '7', 'a', 250, numbers(250, 333).map((data) => ({ data })))
    await stageRows(engine(), '7', 'b', 0, [{ data: 'another list' }])
    expect(await stagedCount(engine(), '7', 'a')).toBe(333)
    for (const [from, size] of [[0, 1], [0, 333], [99, 2], [100, 100], [151, 120], [249, 3], [300, 500], [333, 5]] as const) expect(await datas('a', from, size)).toEqual(numbers(from, Math.min(333, from + size)))
    expect((await stagedRows(engine(), '7', 'a', 249, 2)).map((r) => r.position)).toEqual([249, 250])
    await unstage(engine(), '7', 'a')
    expect(await stagedCount(engine(), '7', 'a')).toBe(0)
    expect(await datas('a', 0, 10)).toEqual([])
    expect(await datas('b', 0, 10)).toEqual(['another list'])
  })
  it('never lose members of a group to the next batch, wherever the group lies', async () => {
    // groups of 1, 2, 3 … members
    const rows = numbers(1, 30).flatMap((grp) => numbers(0, grp).map((n) => ({ data: [grp, n], grp })))
    await stageRows(engine(), '8', 'g', 0, rows)
    const seen: unknown[] = []
    for (let at = 0; ;) {
      const batch = await stagedRows(engine(), '8', 'g', at, 7)
      if (batch.length === 0) break
      seen.push(...batch.map((r) => r.data))
      const last = batch.at(-1)!
      expect(seen.filter((d) => (d as number[])[0] === last.grp).length).toBe(last.grp)
      at = last.position + 1
    }
    expect(seen).toEqual(rows.map((r) => r.data))
  })
  it('are read alike when they were written one to a row', async () => {
    await lib.house.db.insertMany('process_rows', ['call_id', 'list', 'position', 'grp', 'data'], numbers(0, 120).map((n) => [9, 'old', n, Math.floor(n / 4) + 1, JSON.stringify({ n })]))
    expect(await stagedCount(engine(), '9', 'old')).toBe(120)
    expect((await stagedRows(engine(), '9', 'old', 8, 5)).map((r) => (r.data as { n: number }).n)).toEqual(numbers(8, 16))
    expect((await stagedRows(engine(), '9', 'old', 0, 500)).length).toBe(120)
  })
})
