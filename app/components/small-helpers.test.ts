import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatSpan, formatTime } from '#app/text/format.ts'
import { niceMax } from './charts/scale.ts'
import { readTime, writeTime } from './form-fields/zoned-time.ts'
import { regionPath, toRegionTree } from './form-fields/region-tree.ts'
import { accepts } from './form-fields/upload.ts'
import { parseNumber } from './form-fields/number-widgets.tsx'
import { getAt, setAt } from './form/json-path.ts'
import { percentOf } from './jobs/job-state.ts'
import { neighboursOf } from './list/neighbours.ts'
import { doneFlows } from './record/done-flows.ts'
import { accentOf } from './shell/accent.ts'
import { findMenu } from './shell/palette-items.ts'

describe('texts for people', () => {
  it('separates thousands only from ten thousand on', () => expect([formatCount(9999), formatCount(10_000)]).toEqual(['9999', '10,000']))
  it('shows sizes and spans in fitting units', () => expect([formatBytes(1536), formatSpan(93_600_000, 'zh'), formatSpan(500, 'en')]).toEqual(['1.5 KB', '1 天 2 小时', '1 s']))
  it('shows an instant in the family’s zone and leaves plain dates alone', () => expect([formatTime('2026-11-21T01:30:00Z', 'Asia/Shanghai'), formatTime('2026-11-21', 'Asia/Shanghai')]).toEqual(['2026-11-21 09:30', '2026-11-21']))
})

describe('small helpers', () => {
  it('reads and writes a time as the wall clock of the zone', () => {
    const shown = readTime('2026-11-21T01:30:00Z', 'Asia/Shanghai')
    expect(shown?.format('YYYY-MM-DD HH:mm')).toBe('2026-11-21 09:30')
    expect(writeTime(shown, 'Asia/Shanghai')).toBe('2026-11-21T09:30:00+08:00')
  })
  it('reads numbers as people type them', () => expect([parseNumber('1，200', true), parseNumber('', true), parseNumber('abc', false), parseNumber('2.5', false)]).toEqual([1200, undefined, undefined, 2.5]))
  it('accepts files by extension or kind', () => expect([accepts({ name: 'A.XLSX', type: '' }, ['xlsx']), accepts({ name: 'a.exe', type: '' }, ['.pdf']), accepts({ name: 'a', type: 'image/png' }, ['image/*'])]).toEqual([true, false, true]))
  it('sets a value deep inside without touching the original', () => {
    const data = { rows: [{ a: 1 }, { a: 2 }] }
    expect(setAt(data, 'rows.1.a', 9)).toEqual({ rows: [{ a: 1 }, { a: 9 }] })
    expect([getAt(data, 'rows.1.a'), getAt(data, 'constructor.name')]).toEqual([2, undefined])
  })
  it('leads from a record to its neighbours in the list last shown', () => {
    const stored = JSON.stringify({ entity: 'lib/loan', back: '/l/lib/loan?page=2', rows: [{ id: '1', href: '/1' }, { id: '2', href: '/2' }] })
    expect(neighboursOf(stored, 'lib/loan', '2')).toEqual({ back: '/l/lib/loan?page=2', prev: '/1' })
    expect([neighboursOf(stored, 'lib/reader', '2'), neighboursOf('broken', 'lib/loan', '2')]).toEqual([{}, {}])
  })
  it('colours the flows between done and current steps', () => expect(doneFlows([{ id: 'f1', source: 'a', target: 'b' }, { id: 'f2', source: 'b', target: 'c' }, { id: 'f3', source: 'a', target: 'd' }], ['a', 'b'], ['c'])).toEqual(['f1', 'f2']))
  it('finds menu entries by words of title and group in any order', () => {
    const menu = [{ id: 'g', title: '流通管理', items: [{ id: 'a', title: '借阅', href: '/a' }, { id: 'b', title: '催还', href: '/b' }] }]
    expect(findMenu(menu, '催还 流通').map((item) => item.href)).toEqual(['/b'])
  })
  it('builds the region tree and the way to a region', () => {
    const regions = [{ code: '37', name: '山东', parent: null }, { code: '3706', name: '烟台', parent: '37' }]
    expect(toRegionTree(regions)).toEqual([{ value: '37', label: '山东', children: [{ value: '3706', label: '烟台' }] }])
    expect([regionPath(regions, '3706'), regionPath(regions, 'x')]).toEqual([['37', '3706'], []])
  })
  it('never shows a running job as finished', () => expect([percentOf({ state: 'running', done: 100, total: 100 }), percentOf({ state: 'running', done: 0, total: 0 }), percentOf({ state: 'done', done: 1, total: 3 })]).toEqual([99, 0, 100]))
  it('ends a scale on a round number', () => expect([niceMax(0), niceMax(137), niceMax(1000)]).toEqual([1, 200, 1000]))
  it('gives a portal the same colour every time', () => expect(accentOf('school')).toBe(accentOf('school')))
})
