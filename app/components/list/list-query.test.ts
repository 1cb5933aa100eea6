import { describe, expect, it } from 'vitest'
import { nextSort, readListQuery, writeListQuery } from './list-query.ts'

describe('the state of a list in the address', () => {
  it('comes back as it was written', () => {
    const state = { list: 'seating', tab: 'DONE', filters: { plan: '7', name: '张 三&=' }, sort: '-createdAt', search: '考', page: 3, size: 50 }
    expect(readListQuery(new URLSearchParams(writeListQuery(state).toString()))).toEqual(state)
  })
  it('leaves out the first page, empty filters and an empty search', () => {
    expect(writeListQuery({ filters: { plan: '' }, page: 1, search: '' }).toString()).toBe('')
  })
  it('passes over a page or size that is no positive whole number, and a size above 100', () => {
    expect(readListQuery(new URLSearchParams('page=-2&size=100000&f.x='))).toEqual({})
  })
  it('sorts up, then down, then not at all', () => {
    expect([nextSort('', 'name'), nextSort('name', 'name'), nextSort('-name', 'name'), nextSort('due', 'name')]).toEqual(['name', '-name', '', 'name'])
  })
})
