import type { MergedRange } from './cell.ts'
import { columnNumber } from './cell.ts'

/** `<mergeCell ref="A1:B2"/>` and a little of what stands before it */
const OVERLAP = 256
const MARK = Buffer.from('mergeCell ')
const MAX_MERGES = 20_000
const PATTERN = /<(?:[\w.-]+:)?mergeCell\s[^>]*?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']/g

/** Merged ranges stand behind the rows, so the part is inflated once without being scanned. */
export const readMerges = async (chunks: AsyncIterable<Buffer>): Promise<MergedRange[]> => {
  const found = new Map<string, MergedRange>()
  let tail = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const window = Buffer.concat([tail, chunk])
    if (window.includes(MARK)) {
      for (const [ref, left, top, right, bottom] of window.toString('latin1').matchAll(PATTERN)) {
        if (found.size < MAX_MERGES) found.set(ref, { left: columnNumber(left ?? ''), top: Number(top), right: columnNumber(right ?? ''), bottom: Number(bottom) })
      }
    }
    tail = window.subarray(Math.max(0, window.length - OVERLAP))
  }
  return [...found.values()]
}
