import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTime } from '../save/numbers.store.ts'
import { clockText } from './clock-text.ts'

it('shows an instant in the zone of the family', () => {
  expect(clockText(Date.UTC(2026, 4, 20, 16, 5, 9), 'yyyy-MM-dd HH:mm:ss yy', 'Asia/Shanghai')).toBe('2026-05-21 00:05:09 26')
  expect(clockText(Date.UTC(1988, 6, 1, 0, 0), 'yyyy-MM-dd HH:mm', 'Asia/Shanghai')).toBe('1988-07-01 09:00')
  expect(clockText(Date.UTC(2026, 6, 1, 0, 0), 'yyyy-MM-dd HH:mm', 'Europe/Berlin')).toBe('2026-07-01 02:00')
})

it('says what the calendar of the platform says, at any instant', () => {
  fc.assert(fc.property(fc.integer({ min: -2_000_000_000_000, max: 250_000_000_000_000 }), fc.constantFrom('Asia/Shanghai', 'UTC', 'America/New_York'), (ms, zone) => {
    expect(clockText(ms, 'yyyy-MM-dd HH:mm:ss', zone)).toBe(formatTime(ms, 'yyyy-MM-dd HH:mm:ss', zone))
  }))
})
