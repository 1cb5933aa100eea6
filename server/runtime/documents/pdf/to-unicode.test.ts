import { describe, expect, it } from 'vitest'
import { readToUnicode, writeToUnicode } from './to-unicode.ts'

describe('a map from codes to characters', () => {
  it('is read from single characters and from ranges', () => {
    const map = readToUnicode('2 beginbfchar\n<01> <0020>\n<2C> <D842DFB7>\nendbfchar\n1 beginbfrange\n<09> <0B> <0028>\nendbfrange')
    expect(map && [...map]).toEqual([[1, '0020'], [0x2c, 'D842DFB7'], [9, '0028'], [10, '0029'], [11, '002A']])
  })
  it('is not read when a range lists its characters', () => {
    expect(readToUnicode('1 beginbfrange\n<01> <02> [<0041> <0042>]\nendbfrange')).toBeNull()
  })
  it('reads what it has written, in sections of at most a hundred', () => {
    const codes = new Map(Array.from({ length: 250 }, (_, n) => [n, (0x4e00 + n).toString(16).toUpperCase()]))
    const text = writeToUnicode(codes)
    expect(readToUnicode(text)).toEqual(codes)
    expect([...text.matchAll(/(\d+) beginbfchar/g)].map((m) => m[1])).toEqual(['100', '100', '50'])
  })
})
