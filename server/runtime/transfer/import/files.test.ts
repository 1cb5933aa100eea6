import { describe, expect, it } from 'vitest'
import { namePattern } from './files.ts'

describe('a pattern of file names', () => {
  const values = (match: string, name: string): string[] | null => namePattern(match).pattern.exec(name)?.slice(1) ?? null

  it('gives the value of each name in braces, whatever the case of the extension', () => {
    expect(namePattern('{number}.(jpg|png)').paths).toEqual(['number'])
    expect(values('{number}.(jpg|png)', '20260101.JPG')).toEqual(['20260101'])
    expect(values('{number}.(jpg|png)', '20260101.png')).toEqual(['20260101'])
    expect(values('{shelf.code}-{number}.pdf', 'A7-0012.pdf')).toEqual(['A7', '0012'])
  })
  it('does not take other extensions, a missing value or more than the name', () => {
    expect(values('{number}.(jpg|png)', '20260101.gif')).toBeNull()
    expect(values('{number}.(jpg|png)', '.jpg')).toBeNull()
    expect(values('{number}.(jpg|png)', '20260101xjpg')).toBeNull()
    expect(values('{number}.(jpg|png)', '20260101.jpg.exe')).toBeNull()
  })
})
