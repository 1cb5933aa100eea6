import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { withProgress } from './progress.ts'

const collect = async <T>(source: AsyncIterable<T>, busy = 0): Promise<T[]> => {
  const items: T[] = []
  for await (const item of source) {
    items.push(item)
    await sleep(busy)
  }
  return items
}

async function* after(waits: number[]): AsyncGenerator<number> {
  for (const wait of waits) {
    await sleep(wait)
    yield wait
  }
}

it('gives every item of a source that goes on', async () => {
  expect(await collect(withProgress(after([0, 1, 2]), 1000))).toEqual([0, 1, 2])
})

it('ends a source from which nothing comes', async () => {
  const endless: AsyncIterable<number> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }
  await expect(collect(withProgress(endless, 20))).rejects.toThrow('nothing came for 20 ms')
})

it('does not count the time the caller takes', async () => {
  expect(await collect(withProgress(after([0, 0, 0]), 100), 150)).toEqual([0, 0, 0])
})
