/** Items of `source` as they come. Throws an Error when one takes longer than `ms`; the source is then left as it stands. */
export async function* withProgress<T>(source: AsyncIterable<T>, ms: number): AsyncGenerator<T, void, undefined> {
  const items = source[Symbol.asyncIterator]()
  let waiting = false
  let stall: (error: Error) => void = () => undefined
  const stalled = new Promise<never>((_, reject) => { stall = reject })
  stalled.catch(() => undefined)
  // one timer for all items; it also runs out while the caller is busy with an item, which says nothing
  const timer = setTimeout(() => { if (waiting) stall(new Error(`nothing came for ${ms} ms`)) }, ms)
  try {
    for (;;) {
      waiting = true
      timer.refresh()
      const item = await Promise.race([items.next(), stalled])
      waiting = false
      if (item.done) return
      yield item.value
    }
  } finally {
    clearTimeout(timer)
  }
}
