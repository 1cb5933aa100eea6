import { expect, it } from 'vitest'
import { compareKeys, naturalKey } from './natural-order.ts'

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
