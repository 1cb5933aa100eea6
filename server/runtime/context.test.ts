import { describe, expect, it } from 'vitest'
import { counted } from './context.ts'

describe('messages that were said more than once', () => {
  it('are told once, with how often, the most frequent first', () => {
    expect(counted(['名额已满', '照片背景应为红色', '照片背景应为红色'])).toEqual([{ reason: '照片背景应为红色', count: 2 }, { reason: '名额已满', count: 1 }])
  })
  it('add up over batches and stay few', () => {
    expect(counted(['a', 'b'], [{ reason: 'b', count: 3 }], 1)).toEqual([{ reason: 'b', count: 4 }])
  })
})
