import { describe, expect, it } from 'vitest'
import { fillEnglish } from './words.ts'

describe('English words of Chinese texts', () => {
  it('stand in for what a definition leaves out, however deep, and never replace its own', () => {
    const shared = { zh: '考场' }
    const form = { title: shared, lists: { rooms: { title: shared, columns: [{ title: { zh: '考位数', en: 'Places' } }] } }, states: { A: { zh: '未知' } } }
    fillEnglish(form, { 考场: 'Room', 考位数: 'Seats' })
    expect(form).toEqual({ title: { zh: '考场', en: 'Room' }, lists: { rooms: { title: { zh: '考场', en: 'Room' }, columns: [{ title: { zh: '考位数', en: 'Places' } }] } }, states: { A: { zh: '未知' } } })
  })
  it('reach definitions that refer to each other in a circle', () => {
    const one: { title: { zh: string; en?: string }; other?: object } = { title: { zh: '考场' } }
    one.other = { back: one }
    fillEnglish(one, { 考场: 'Room' })
    expect(one.title.en).toBe('Room')
  })
})
