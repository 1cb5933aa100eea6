import { describe, expect, it } from 'vitest'
import { followProposals, offersOf } from './follow-proposals.ts'

const at = (value: string) => ({ value, text: value })

describe('a default that depends on other fields', () => {
  it('follows them while nobody has changed it', () => {
    expect(followProposals({ exam: '2', window: { end: 'a' } }, { exam: '2', window: { end: 'a' } }, { 'window.end': at('a') }, { 'window.end': at('b') })).toEqual({ exam: '2', window: { end: 'b' } })
  })
  it('stays as a person typed it', () => {
    expect(followProposals({ window: { end: 'mine' } }, { window: { end: 'mine' } }, { 'window.end': at('a') }, { 'window.end': at('b') })).toEqual({ window: { end: 'mine' } })
  })
  it('stays away when a person took it away', () => {
    expect(followProposals({ window: {} }, { window: { end: 'b' } }, { 'window.end': at('a') }, { 'window.end': at('b') })).toEqual({ window: {} })
  })
  it('is there as soon as it can be told', () => {
    expect(followProposals({}, { minutes: 'b' }, {}, { minutes: at('b') })).toEqual({ minutes: 'b' })
  })
  it('keeps what was typed while the answer was on its way', () => {
    expect(followProposals({ minutes: 'a' }, { minutes: 'typed' }, { minutes: at('a') }, { minutes: at('b') })).toEqual({ minutes: 'typed' })
  })
  it('is proposed beside a value of one’s own only after its inputs changed', () => {
    expect(offersOf({ minutes: 'mine' }, { minutes: at('a') }, { minutes: at('a') })).toEqual({})
    expect(offersOf({ minutes: 'mine' }, { minutes: at('a') }, { minutes: at('b') })).toEqual({ minutes: 'b' })
    expect(offersOf({ minutes: 'b' }, { minutes: at('a') }, { minutes: at('b') })).toEqual({})
  })
})
