import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { ANCHORED, digestOf } from './digest.ts'

it('the digest is that of the facts in order of their names', () => {
  const text = 'certificate\n["level","中级"]\n["number","1630054223020943"]'
  expect(digestOf('certificate', { number: '1630054223020943', level: '中级' })).toBe(createHash('sha256').update(text).digest('hex'))
  expect(digestOf('certificate', { level: '中级', number: '1630054223020943' })).toBe(digestOf('certificate', { number: '1630054223020943', level: '中级' }))
})
it('another fact, another entity or a missing fact gives another digest', () => {
  const one = digestOf('certificate', { a: 'x', b: null })
  expect(digestOf('certificate', { a: 'y', b: null })).not.toBe(one)
  expect(digestOf('issuance', { a: 'x', b: null })).not.toBe(one)
  expect(digestOf('certificate', { a: 'x' })).not.toBe(one)
  expect(digestOf('certificate', { a: 'x', b: undefined })).toBe(one)
})
it('no personal number or name of a person is anchored', () => {
  expect(JSON.stringify(ANCHORED)).not.toMatch(/idN|candidate|mobile|phone|photo/i)
})
