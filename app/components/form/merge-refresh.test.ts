import { describe, expect, it } from 'vitest'
import { mergeRefresh } from './merge-refresh.ts'

describe('a refresh that arrives while somebody types', () => {
  it('brings the server’s computed value where the person changed nothing', () => {
    expect(mergeRefresh({ copies: 3 }, { copies: 3, fee: 3750 }, { copies: 3 })).toEqual({ copies: 3, fee: 3750 })
  })
  it('keeps what was typed since the question was asked', () => {
    expect(mergeRefresh({ copies: 3, title: 'a' }, { copies: 3, title: 'a', fee: 1 }, { copies: 3, title: 'abc' })).toEqual({ copies: 3, title: 'abc', fee: 1 })
  })
  it('drops a field the server no longer shows, unless it was typed since', () => {
    expect(mergeRefresh({ urgent: false, reason: 'x' }, { urgent: false }, { urgent: false, reason: 'x' })).toEqual({ urgent: false })
    expect(mergeRefresh({ urgent: true }, { urgent: true }, { urgent: true, reason: 'new' })).toEqual({ urgent: true, reason: 'new' })
  })
  it('merges inside objects field by field', () => {
    expect(mergeRefresh({ window: { start: '1', end: '2' } }, { window: { start: '1', end: '9' } }, { window: { start: '5', end: '2' } })).toEqual({ window: { start: '5', end: '9' } })
  })
})
