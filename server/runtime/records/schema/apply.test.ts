import { describe, expect, it } from 'vitest'
import { fitted } from './apply.store.ts'
import type { TableColumn } from './tables.ts'

const texts = (n: number, size: number): TableColumn[] => Array.from({ length: n }, (_, i) => ({ name: `c${i}`, kind: 'text', size }))

describe('columns of a wide entity on MySQL', () => {
  it('stay as they are while the row fits', () => {
    expect(fitted(texts(40, 255)).every((c) => c.kind === 'text')).toBe(true)
  })
  it('become TEXT, the longest first, until the row fits', () => {
    const columns = fitted([...texts(70, 100), { name: 'long1', kind: 'text', size: 500 }, ...texts(20, 255).map((c) => ({ ...c, name: `w${c.name}` }))])
    const bytes = columns.reduce((n, c) => n + (c.kind === 'text' ? c.size! * 4 + 2 : 12), 0)
    expect(columns.find((c) => c.name === 'long1')!.kind).toBe('long')
    expect(bytes).toBeLessThan(65_535)
    expect(columns.filter((c) => c.name.startsWith('c')).every((c) => c.kind === 'text')).toBe(true)
  })
  it('of a second publish count what the table holds already', () => {
    expect(fitted(texts(1, 255), 60_000)[0]!.kind).toBe('long')
  })
})
