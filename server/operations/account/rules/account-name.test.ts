import { expect, it } from 'vitest'
import { accountNames } from './account-name.ts'

it('a candidate signs in with the mobile number, else with the candidate number', () => {
  expect(accountNames({ mobile: '13800000551', number: '37068220211631844006551248' })).toEqual(['13800000551', '37068220211631844006551248'])
})
it('what could not be an account name is left out', () => {
  expect(accountNames({ mobile: '138 0000', number: null })).toEqual([])
})
