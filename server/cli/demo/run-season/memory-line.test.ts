import { describe, expect, it } from 'vitest'
import { memoryLine, thinned } from './memory-line.ts'

describe('the memory line', () => {
  it('keeps the highest point of each stretch', () => {
    const points = [5, 9, 3, 4, 8, 1, 7].map((rssMb, seconds) => ({ seconds, rssMb, liveMb: 1 }))
    expect(thinned(points, 3).map((p) => p.rssMb)).toEqual([9, 8, 7])
    expect(thinned(points, 100)).toEqual(points)
    expect(thinned([], 3)).toEqual([])
  })
  it('tells the peak since a point and looks when asked', () => {
    const line = memoryLine()
    const { rssMb } = line.look()
    line.end()
    expect(rssMb).toBeGreaterThan(10)
    expect(line.peakSince(0)).toBe(rssMb)
  })
})
