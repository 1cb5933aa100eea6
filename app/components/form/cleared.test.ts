import { expect, test } from 'vitest'
import { withCleared } from './cleared.ts'

test('a field that was emptied is sent as null', () => {
  expect(withCleared({ name: '王', note: '旧' }, { name: '王' })).toEqual({ name: '王', note: null })
})
test('a field emptied inside a group is sent as null, the rest of the group stays', () => {
  expect(withCleared({ window: { start: 'a', end: 'b' } }, { window: { start: 'a' } })).toEqual({ window: { start: 'a', end: null } })
})
test('what was empty before stays out', () => {
  expect(withCleared({ note: null }, { name: '李' })).toEqual({ name: '李' })
})
test('a list is replaced as a whole', () => {
  expect(withCleared({ rows: [1, 2] }, { rows: [1] })).toEqual({ rows: [1] })
})
