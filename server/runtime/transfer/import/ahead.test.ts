import { describe, expect, it } from 'vitest'
import { ahead } from './batches.ts'

const soon = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

/** Numbers from 1 on; tells what was made and whether it was ended. */
function counting(upTo: number, failAt = Infinity) {
  const seen = { made: [] as number[], ended: false }
  const source = async function* (): AsyncGenerator<number> {
    try {
      for (let n = 1; n <= upTo; n++) {
        await soon()
        if (n === failAt) throw new Error(`no ${n}`)
        seen.made.push(n)
        yield n
      }
    } finally { seen.ended = true }
  }
  return { seen, source: source() }
}

describe('what is worked out ahead', () => {
  it('comes in its order, one further than what is used', async () => {
    const { seen, source } = counting(4)
    const used: number[] = []
    for await (const n of ahead(source)) {
      for (let i = 0; i < 5; i++) await soon()
      expect(seen.made.at(-1)).toBe(Math.min(4, n + 1))
      used.push(n)
    }
    expect(used).toEqual([1, 2, 3, 4])
    expect(seen.ended).toBe(true)
  })

  it('fails where its source does, after all before it was used', async () => {
    const { source } = counting(4, 3)
    const used: number[] = []
    await expect(async () => { for await (const n of ahead(source)) { await soon(); used.push(n) } }).rejects.toThrow('no 3')
    expect(used).toEqual([1, 2])
  })

  it('ends its source when its user fails, also where the source has failed unheard meanwhile', async () => {
    for (const failAt of [Infinity, 2]) {
      const { seen, source } = counting(4, failAt)
      await expect(async () => { for await (const n of ahead(source)) { for (let i = 0; i < 5; i++) await soon(); throw new Error(`used ${n}`) } }).rejects.toThrow('used 1')
      expect(seen.ended).toBe(true)
    }
  })
})
