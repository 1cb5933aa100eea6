import { describe, expect, it } from 'vitest'
import { overDimensions } from './dimensions.ts'

const where = 'branch = user.org and (not(user.isKeeper) or shelf in user.shelves)'

describe('a role condition over dimensions', () => {
  it('puts the path of the entity in the place of the dimension', () => {
    expect(overDimensions(where, { branch: ['loan.branch'], shelf: ['shelf'] })).toBe('loan.branch = user.org and (not(user.isKeeper) or shelf in user.shelves)')
  })
  it('holds when one of several paths holds', () => {
    expect(overDimensions('branch = user.org', { branch: ['a.branch', 'b.branch'] })).toBe('(a.branch = user.org) or (b.branch = user.org)')
  })
  it('asks some member when the path is a list', () => {
    expect(overDimensions('shelf in user.shelves', { shelf: ['shelves'] }, () => true)).toBe('(some d1 in shelves satisfies (d1 in user.shelves))')
  })
  it('does not limit an entity whose dimension is a star', () => {
    expect(overDimensions(where, { branch: ['*'], shelf: ['*'] })).toBe('true and (not(user.isKeeper) or true)')
  })
  it('does not limit an entity whose dimension is a star and stands as an argument', () => {
    expect(overDimensions('branch = user.org and (not(user.isKeeper) or list contains(user.shelves, shelf))', { branch: ['org'], shelf: ['*'] })).toBe('org = user.org and (not(user.isKeeper) or true)')
  })
  it('leaves a name alone that is the tail of another path', () => {
    expect(overDimensions('user.branch = branch', { branch: ['home'] })).toBe('user.branch = home')
  })
  it('does not look into texts', () => {
    expect(overDimensions('kind = "branch"', { branch: ['home'] })).toBe('kind = "branch"')
  })
})
