import { describe, expect, it } from 'vitest'
import { parseTsv, pasteInto, toCellValue, type TableColumn } from './table-paste.ts'
import { visibleRows } from './table-window.ts'

const columns: TableColumn[] = [
  { id: 'code', title: '条码', type: 'text' },
  { id: 'sum', title: '合计', type: 'number', readOnly: true },
  { id: 'state', title: '品相', type: 'choice', options: [{ value: 'A', label: '完好' }] },
  { id: 'pages', title: '页数', type: 'integer' },
]

describe('pasting from a spreadsheet', () => {
  it('reads tabs, line ends and quoted cells', () => {
    expect(parseTsv('a\tb\r\n"x\ty"\t"say ""hi""\nagain"\n')).toEqual([['a', 'b'], ['x\ty', 'say "hi"\nagain']])
  })
  it('keeps leading zeros of codes, reads numbers with separators, finds choices by their label', () => {
    expect([toCellValue('00123', columns[0] as TableColumn), toCellValue('1,200', columns[3] as TableColumn), toCellValue('完好', columns[2] as TableColumn)]).toEqual(['00123', 1200, 'A'])
  })
  it('leaves a text that is no number as text, so that the check can name it', () => {
    expect(toCellValue('三百', columns[3] as TableColumn)).toBe('三百')
  })
  it('writes from the chosen cell on, passes over read-only columns, adds rows and keeps their ids', () => {
    expect(pasteInto([{ _id: 'a', code: '1', pages: 5 }], columns, { row: 0, column: 0 }, [['7', '99', '完好', ''], ['8', '99', '完好', '12']])).toEqual([{ _id: 'a', code: '7', state: 'A' }, { code: '8', state: 'A', pages: 12 }])
  })
  it('adds no row beyond the limit', () => {
    expect(pasteInto([{}], columns, { row: 0, column: 0 }, [['1'], ['2'], ['3']], 2)).toHaveLength(2)
  })
})

describe('the window of a long table', () => {
  it('holds small tables whole', () => {
    expect(visibleRows(60, 0, 40, 400)).toEqual({ first: 0, last: 60, before: 0, after: 0 })
  })
  it('keeps the height of ten thousand rows while only those in view and their neighbours are there', () => {
    const { first, last, before, after } = visibleRows(10_000, 40_000, 40, 400)
    expect([first, last]).toEqual([992, 1018])
    expect(before + after + (last - first) * 40).toBe(400_000)
  })
})
