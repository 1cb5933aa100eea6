import { describe, expect, it } from 'vitest'
import { compareKeys, inNaturalOrder, naturalKey } from './natural-order.ts'

const ordered = (names: string[]): string[] => [...names].sort((a, b) => compareKeys(naturalKey(a), naturalKey(b)))

it.each([
  [['第10考场', '第2考场', '第1考场'], ['第1考场', '第2考场', '第10考场']],
  [['第十二考场', '第二考场', '第二十考场', '第十考场'], ['第二考场', '第十考场', '第十二考场', '第二十考场']],
  [['一百零三', '二十一', '一百'], ['二十一', '一百', '一百零三']],
  [['A10-2', 'A9-11', 'A10-11'], ['A9-11', 'A10-2', 'A10-11']],
  [['机房１０', '机房２'], ['机房２', '机房１０']],
  [['二〇三', '一〇五'], ['一〇五', '二〇三']],
  [['考场', '考场1'], ['考场', '考场1']],
])('%j are read as %j', (given, wanted) => { expect(ordered(given)).toEqual(wanted) })

describe('rows in the order of several columns', () => {
  const rows = [{ site: '1', room: '第10考场', seat: 1 }, { site: '1', room: '第2考场', seat: 2 }, { site: '1', room: '第2考场', seat: 1 }, { site: '1', room: null, seat: 9 }]
  const by = [{ of: (r: (typeof rows)[number]) => r.site, down: false }, { of: (r: (typeof rows)[number]) => r.room, down: false }, { of: (r: (typeof rows)[number]) => r.seat, down: false }]
  it('counts rooms as people do, and seats within them', () => {
    expect(inNaturalOrder(rows, by).map((r) => `${r.room ?? ''}/${r.seat}`)).toEqual(['/9', '第2考场/1', '第2考场/2', '第10考场/1'])
  })
  it('goes down where asked, and keeps the order of rows that are alike', () => {
    expect(inNaturalOrder(rows, [{ of: (r) => r.room, down: true }]).map((r) => `${r.room ?? ''}/${r.seat}`)).toEqual(['第10考场/1', '第2考场/2', '第2考场/1', '/9'])
  })
})
