import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSheet } from '../read/read-sheet.ts'
import type { Cell } from '../read/cell.ts'
import { writePlainSheet } from './plain-sheet.ts'
import type { WriteColumn, WriteValue } from './sheet-spec.ts'

const AT = Date.UTC(2026, 2, 1)
let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'plain-')) })
afterAll(() => rm(folder, { recursive: true }))

const TEXTS: WriteColumn[] = [{ title: '甲' }, { title: '乙' }]
const path = (): string => join(folder, 'sheet.xlsx')
const write = async (rows: WriteValue[][], columns = TEXTS, maxRows?: number): Promise<number> =>
  writePlainSheet(path(), { title: '名单', columns, at: AT, ...(maxRows ? { maxRows } : {}) }, [rows])
const byExcel = async (): Promise<ExcelJS.Workbook> => {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path())
  return book
}
const byReader = async (): Promise<(Cell | undefined)[][]> => {
  const rows = []
  for await (const row of readSheet(path())) rows.push(TEXTS.map((_, i) => row.cells[i + 1]))
  return rows
}

// what XML cannot hold is left out, and line ends become one: checked by examples below
// eslint-disable-next-line no-control-regex -- these are the characters that are left out
const kept = (text: string): boolean => !/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(text)
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter(kept)
const tricky = fc.string({ unit: fc.constantFrom('_', 'x', '0', '4', '1', 'A', 'f', '&', '<', '>', '"', "'", ';', ' ', '\n', '\t', '=', '考', '𠮷'), maxLength: 30 })

describe('a plain sheet', () => {
  it('gives any text back as it was, read by exceljs and by the reader of imports', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.oneof(text, tricky), fc.oneof(text, tricky)), { minLength: 1, maxLength: 20 }), async (rows) => {
      await write(rows)

      const read = (await byReader()).slice(1).map((r) => r.map((c) => c?.text ?? ''))
      expect(read).toEqual(rows.filter((r) => r.some((t) => t !== '')))
      const sheet = (await byExcel()).worksheets[0]!
      // exceljs does not undo the escape of what looks like an escape
      expect(rows.map((_, r) => TEXTS.map((_c, i) => String(sheet.getRow(r + 2).getCell(i + 1).value ?? '').replaceAll('_x005F_', '_')))).toEqual(rows)
    }), { numRuns: 60 })
  })

  it('keeps white space at the ends, makes one line end of two, and does not read a number into _x0041_', async () => {
    await write([['  a ', 'a\r\nb\rc\n'], ['_x0041_ _X0041_ _x41_', '\u0001\u001f\ufffe\uffffz\ud800!\udc00']])

    expect((await byReader()).slice(1).map((r) => r.map((c) => c?.text))).toEqual([['  a ', 'a\nb\nc\n'], ['_x0041_ _X0041_ _x41_', 'z\ufffd!\ufffd']])
  })

  it('writes numbers, yes and no, and dates as such, and as text what is none', async () => {
    const columns: WriteColumn[] = [{ title: '分', kind: 'number', scale: 2 }, { title: '日', kind: 'date' }]
    await write([[59.5, '2026-03-01'], [-1e21, '2026-03-01T18:00:00'], [true, '明天'], ['缺考', null], [Number.NaN, 3], [0, '']], columns)

    expect((await byReader()).slice(1).map((r) => r.map((c) => c && `${c.kind}:${c.text}`))).toEqual([
      ['number:59.5', 'date:2026-03-01'], ['number:-1e+21', 'date:2026-03-01T18:00:00'], ['boolean:TRUE', 'string:明天'], ['string:缺考', undefined], ['string:NaN', 'date:1900-01-03'], ['number:0', undefined],
    ])
    const sheet = (await byExcel()).worksheets[0]!
    expect(['A2', 'B2', 'B3', 'B4'].map((a) => sheet.getCell(a).value)).toEqual([59.5, new Date(AT), new Date(Date.UTC(2026, 2, 1, 18)), '明天'])
    expect([sheet.getCell('A2').numFmt, sheet.getCell('B2').numFmt, sheet.getColumn(2).numFmt]).toEqual(['0.00', 'yyyy-mm-dd', 'yyyy-mm-dd'])
  })

  it('keeps what was given in its kind, in columns of text, and shows remarks in red over several lines', async () => {
    await write([[1.5, 'a'], ['007', 'b'], [false, 3]], [{ title: '值', kind: 'given' }, { title: '说明', kind: 'remark', width: 60 }])

    const sheet = (await byExcel()).worksheets[0]!
    expect(['A2', 'A3', 'A4', 'B2', 'B4'].map((a) => sheet.getCell(a).value)).toEqual([1.5, '007', false, 'a', '3'])
    expect([sheet.getCell('A2').numFmt, sheet.getCell('A3').numFmt, sheet.getColumn(1).numFmt]).toEqual([undefined, '@', '@'])
    expect(sheet.getCell('B2')).toMatchObject({ numFmt: '@', font: { color: { argb: 'FFC00000' } }, alignment: { wrapText: true, vertical: 'top' } })
  })

  it('has a frozen, styled header, columns of the asked width in text format, and the time it was made at', async () => {
    await write([['1', '2']], [{ title: '证件号码 & <名>', width: 30 }, { title: '短' }])

    const book = await byExcel()
    const sheet = book.worksheets[0]!
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    expect([sheet.getCell('A1').value, sheet.getCell('A1').font.bold, sheet.getRow(1).height]).toEqual(['证件号码 & <名>', true, 22])
    expect(sheet.getCell('A1')).toMatchObject({ alignment: { horizontal: 'center', vertical: 'middle', wrapText: true }, fill: { fgColor: { argb: 'FFE8EEF7' } }, border: { bottom: { style: 'thin' } } })
    expect([sheet.getColumn(1).width, sheet.getColumn(2).width, sheet.getColumn(1).numFmt]).toEqual([30, 12, '@'])
    expect(book.created).toEqual(new Date(AT))
  })

  it('goes on in a further sheet where one is full', async () => {
    expect(await write([['a', ''], ['b', ''], ['c', ''], ['d', ''], ['e', '']], TEXTS, 3)).toBe(5)

    const book = await byExcel()
    expect(book.worksheets.map((s) => [s.name, s.getSheetValues().slice(1).map((r) => (r as string[])[1])])).toEqual([['名单', ['甲', 'a', 'b']], ['名单 (2)', ['甲', 'c', 'd']], ['名单 (3)', ['甲', 'e']]])
  })

  it('cuts a text that no cell holds, and rows wider than its buffers come through whole', async () => {
    const columns = Array.from({ length: 40 }, (_, i) => ({ title: `${i}` }))
    const wide = Array.from({ length: 40 }, () => '&'.repeat(32_767))
    await write([wide, ['字'.repeat(40_000)], wide], columns)

    const rows = await byReader()
    expect(rows.map((r) => r[0]?.text.length)).toEqual([1, 32_767, 32_767, 32_767])
    expect([rows[2]![0]!.text.at(-1), rows[3]![1]!.text]).toEqual(['…', wide[1]])
  })

  it('begins with what tells a workbook from any other archive', async () => {
    await write([])
    const file = await open(path())
    const { buffer } = await file.read(Buffer.alloc(60), 0, 60, 0)
    await file.close()
    expect([buffer.subarray(0, 2).toString(), buffer.subarray(30, 41).toString()]).toEqual(['PK', '_rels/.rels'])
  })
})
