import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeHostileWorkbooks } from '../fixtures/hostile-workbooks.ts'
import { textRow, writeRawWorkbook } from '../fixtures/raw-workbook.ts'
import type { RawWorkbook } from '../fixtures/raw-workbook.ts'
import type { SheetRow } from './cell.ts'
import { readMergedRanges, readSheet } from './read-sheet.ts'
import type { ReadOptions } from './read-sheet.ts'

let folder = ''
let n = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'sheets-')) })
afterAll(() => rm(folder, { recursive: true }))

const list = async (path: string, options?: ReadOptions): Promise<SheetRow[]> => {
  const rows: SheetRow[] = []
  for await (const row of readSheet(path, options)) rows.push(row)
  return rows
}
const raw = (workbook: RawWorkbook): Promise<string> => writeRawWorkbook(join(folder, `${n++}.xlsx`), workbook)
const read = async (workbook: RawWorkbook, options?: ReadOptions): Promise<SheetRow[]> => list(await raw(workbook), options)
const str = (text: string): object => ({ kind: 'string', text })

describe('cells', () => {
  it('joins rich text runs and leaves phonetic readings out', async () => {
    const sharedStrings = '<si><t>plain &amp; simple</t></si><si><r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve"> 三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh><phoneticPr fontId="1"/></si><si/><si><t/></si>'
    const rows = await read({ sharedStrings, sheet: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>' })
    expect(rows).toEqual([{ row: 1, cells: { 1: str('plain & simple'), 2: str('张 三') } }])
  })

  it('takes an empty text for no content, also as the first of all', async () => {
    expect(await read({ sharedStrings: '<si><t></t></si><si><t>a</t></si>', sheet: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' })).toEqual([{ row: 1, cells: { 2: str('a') } }])
  })

  it('reads inline strings, booleans, errors, stored formula results and blanks', async () => {
    const rows = await read({
      sheet: '<row r="3"><c r="A3" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c><c r="D3"><f>1+1</f><v>2</v></c><c r="E3" t="str"><f>A3</f><v></v></c><c r="F3" s="1"/><c r="G3"><f t="shared" si="0"/><v>7</v></c></row>',
    })
    expect(rows).toEqual([{ row: 3, cells: {
      1: str('甲乙'), 2: { kind: 'boolean', text: 'TRUE' }, 3: { kind: 'error', text: '#N/A' },
      4: { kind: 'formula', cached: 'number', text: '2', number: 2 }, 5: { kind: 'formula', cached: 'empty', text: '' }, 7: { kind: 'formula', cached: 'number', text: '7', number: 7 },
    } }])
  })

  it('tells dates by their style, in both date systems, and digits shown with zeros in front', async () => {
    const styles = '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="000000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs>'
    const sheet = '<row r="1"><c r="A1" s="0"><v>46082</v></c><c r="B1" s="1"><v>46082</v></c><c r="C1" s="2"><v>1</v></c><c r="D1" s="3"><v>123</v></c><c r="E1" s="4"><v>46082.395833333336</v></c><c r="F1" s="5"><v>0.395833333333333</v></c><c r="G1" s="1"><v>60</v></c></row>'
    expect((await read({ styles, sheet }))[0]?.cells).toEqual({
      1: { kind: 'number', text: '46082', number: 46082 }, 2: { kind: 'date', text: '2026-03-01', number: 46082 }, 3: { kind: 'date', text: '1900-01-01', number: 1 },
      4: { kind: 'number', text: '123', number: 123, padded: true }, 5: { kind: 'date', text: '2026-03-01T09:30:00', number: 46082.395833333336 }, 6: { kind: 'date', text: '09:30:00', number: 0.395833333333333 },
      7: { kind: 'date', text: '1900-02-28', number: 60 },
    })
    const shifted = await read({ styles, workbookPr: '<workbookPr date1904="1"/>', sheet: '<row r="1"><c r="A1" s="1"><v>44620</v></c></row>' })
    expect(shifted[0]?.cells[1]?.text).toBe('2026-03-01')
  })

  it('reads ISO dates, characters outside the BMP, references and escapes', async () => {
    const rows = await read({ sheet: `<row r="1"><c t="d"><v>2026-03-01T00:00:00Z</v></c><c t="inlineStr"><is><t>𠮷&#x4e00;&#20108;·</t></is></c><c t="str"><v>a_x000D_b</v></c></row>` })
    expect(rows[0]?.cells).toEqual({ 1: { kind: 'date', text: '2026-03-01' }, 2: str('𠮷一二·'), 3: str('a\rb') })
  })

  it('keeps a long number as the number it is, never in exponent form below 1e21', async () => {
    const rows = await read({ sheet: '<row r="1"><c r="A1"><v>1.1010519900307461E+17</v></c></row>' })
    expect(rows[0]?.cells[1]).toEqual({ kind: 'number', text: '110105199003074610', number: 110105199003074610 })
  })
})

describe('rows', () => {
  it('counts rows and cells that carry no reference', async () => {
    const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`
    const rows = await read({ sheet: `<row>${cell('a')}${cell('b')}</row><row/><row>${cell('c')}<c r="D3" t="b"><v>0</v></c>${cell('e')}</row>` })
    expect(rows).toEqual([{ row: 1, cells: { 1: str('a'), 2: str('b') } }, { row: 3, cells: { 1: str('c'), 4: { kind: 'boolean', text: 'FALSE' }, 5: str('e') } }])
  })

  it('reads prefixed namespaces, single quotes, line breaks between tags and two-letter columns', async () => {
    const sheet = `<?xml version='1.0' encoding='utf-8'?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1"/><x:sheetData>
      <x:row r='2' spans="1:3">
        <x:c r='AB2' t='inlineStr'>\n<x:is><x:t>深</x:t></x:is>\n</x:c><x:c r="AC2"><x:v>5</x:v></x:c>
      </x:row></x:sheetData></x:worksheet>`
    expect(await read({ sheet })).toEqual([{ row: 2, cells: { 28: str('深'), 29: { kind: 'number', text: '5', number: 5 } } }])
  })

  it('reads a sheet without rows as no rows', async () => {
    expect(await read({ sheet: '' })).toEqual([])
    expect(await read({ sheet: '<?xml version="1.0"?><worksheet xmlns="x"><sheetData/></worksheet>' })).toEqual([])
  })

  it('asks exceljs where it meets a construct it does not know, and goes on behind the rows already given', async () => {
    const rows = await read({ sheet: `${textRow(1, ['a'])}${textRow(2, ['b'])}<!-- by another program -->${textRow(3, ['c'])}` })
    expect(rows).toEqual([{ row: 1, cells: { 1: str('a') } }, { row: 2, cells: { 1: str('b') } }, { row: 3, cells: { 1: str('c') } }])
  })

  it('come from the first visible sheet, or from the one that is named', async () => {
    const path = join(folder, 'sheets.xlsx')
    const book = new ExcelJS.Workbook()
    book.addWorksheet('选项', { state: 'hidden' }).addRow(['hidden'])
    book.addWorksheet('数据').addRow(['data'])
    book.addWorksheet('其他').addRow(['other'])
    await book.xlsx.writeFile(path)
    expect(await list(path)).toEqual([{ row: 1, cells: { 1: str('data') } }])
    expect(await list(path, { sheet: '其他' })).toEqual([{ row: 1, cells: { 1: str('other') } }])
  })

  it('lists merged ranges', async () => {
    const path = await raw({ sheet: textRow(1, ['a &lt;mergeCell ref="X1:Y2"/>']), after: '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="AA2:AB10"/></mergeCells>' })
    expect(await readMergedRanges(path)).toEqual([{ left: 1, top: 1, right: 3, bottom: 1 }, { left: 27, top: 2, right: 28, bottom: 10 }])
  })
})

describe('memory', () => {
  it('spills distinct texts to a file that leaves nothing behind', async () => {
    const temp = await mkdtemp(join(folder, 'temp-'))
    const count = 60_000
    const sharedStrings = Array.from({ length: count }, (_, i) => `<si><t>${String(i).padStart(60, '学')}</t></si>`).join('')
    const sheet = Array.from({ length: count }, (_, i) => `<row><c t="s"><v>${count - 1 - i}</v></c></row>`).join('')
    const rows = await read({ sharedStrings, sheet }, { stringCacheBytes: 2 * 1024 * 1024, tempFolder: temp })
    expect(rows.length).toBe(count)
    expect(rows.every((row, i) => row.cells[1]?.text === String(count - 1 - i).padStart(60, '学'))).toBe(true)
    expect(await readdir(temp)).toEqual([])
  })
})

describe('refusals', () => {
  it('refuses each hostile file with its reason and says in Chinese what to do', async () => {
    const made = await writeHostileWorkbooks(folder, ['学生姓名*', '证件号码*'], ['张三', 'x'])
    for (const file of made) {
      if (!file.refusal) await expect(list(file.path)).resolves.toHaveLength(2)
      else await expect(list(file.path), file.kind).rejects.toMatchObject({ name: 'FileRefusal', code: file.refusal, person: expect.stringMatching(/请|不能/) as string })
    }
    expect(made).toHaveLength(12)
  })

  it.each([
    ['too-many-rows', { maxRows: 1 }], ['too-many-cells', { maxCells: 2 }], ['string-too-long', { maxStringLength: 2 }], ['zip-bomb', { maxInflatedBytes: 1500 }],
    ['too-many-entries', { maxEntries: 3 }], ['file-too-large', { maxFileBytes: 100 }], ['no-sheet', { sheet: '名单' }],
  ] as [string, ReadOptions][])('stops with %s at its limit', async (code, options) => {
    await expect(read({ sheet: textRow(1, ['abc', 'd']) + textRow(2, ['e', 'f']) }, options)).rejects.toMatchObject({ code })
  })

  it('refuses a text table with the wrong name, a Word document, a missing file and an index outside the table', async () => {
    const csv = join(folder, 'csv.xlsx')
    await writeFile(csv, 'PK is not enough')
    await expect(list(csv)).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read({ sheet: '', parts: [{ name: 'word/document.xml', source: Buffer.from('<x/>') }] })).rejects.toMatchObject({ code: 'not-excel' })
    await expect(list(join(folder, 'missing.xlsx'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(read({ sheet: '<row><c t="s"><v>5</v></c></row>', sharedStrings: '<si><t>a</t></si>' })).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read({ sheet: '<row><c><v>abc</v></c></row>' })).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('refuses a document type declaration in any part that is read', async () => {
    await expect(read({ sheet: '', sharedStrings: '<?xml version="1.0"?><!DOCTYPE sst><sst></sst>' })).rejects.toMatchObject({ code: 'dtd' })
    await expect(read({ sheet: '', parts: [{ name: 'xl/workbook.xml', source: Buffer.from('<!DOCTYPE a [<!ENTITY x "y">]><workbook/>') }] })).rejects.toMatchObject({ code: 'dtd' })
  })
})
