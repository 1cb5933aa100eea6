import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { readImportRows } from '../match/import-rows.ts'
import type { ImportRow } from '../match/import-rows.ts'
import { readSheet } from '../read/read-sheet.ts'
import type { SheetRow } from '../read/cell.ts'
import { writeFailedRows } from './failed-rows.ts'
import { writeImportTemplate } from './import-template.ts'
import { writeSheet } from './write-sheet.ts'

const AT = Date.UTC(2026, 2, 1)
const COLUMNS: Dict<ImportColumn> = {
  name: { title: '学生姓名', required: true, example: '张三' },
  idNo: { title: '证件号码', required: true, sensitive: 'idNumber', example: '11010519491231002X' },
  gender: { title: '性别', required: false, values: { 男: 'MALE', 女: 'FEMALE' } },
  year: { title: '入学年份', required: true, kind: 'integer' },
}
let folder = ''
let n = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'write-')) })
afterAll(() => rm(folder, { recursive: true }))
const file = (): string => join(folder, `${n++}.xlsx`)
const list = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}
const open = async (path: string): Promise<ExcelJS.Workbook> => {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  return book
}
const texts = (row: SheetRow | undefined): string[] => Object.values(row?.cells ?? {}).map((cell) => `${cell.kind}:${cell.text}`)

describe('a sheet', () => {
  it('keeps ids as text, numbers as numbers, dates as dates, under a frozen header', async () => {
    const path = file()
    const columns = [{ title: '证件号码' }, { title: '分数', kind: 'number', scale: 2 }, { title: '日期', kind: 'date' }, { title: '编号' }] as const
    expect(await writeSheet(path, { title: '成绩/2026', columns, rows: [['11010519491231002X', 59.5, '2026-03-01', 1234567890123456]], at: AT })).toBe(1)
    const rows = await list(readSheet(path))
    expect(texts(rows[1])).toEqual(['string:11010519491231002X', 'number:59.5', 'date:2026-03-01', 'string:1234567890123456'])
    const sheet = (await open(path)).worksheets[0]
    expect([sheet?.name, sheet?.views[0]?.state, sheet?.getCell('A2').numFmt, sheet?.getCell('B2').numFmt]).toEqual(['成绩 2026', 'frozen', '@', '0.00'])
  })

  it('never lets a text become a formula', async () => {
    const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://example.invalid")', '=cmd|\' /C calc\'!A0']
    const path = file()
    await writeSheet(path, { title: 'x', columns: evil.map((_, i) => ({ title: `${i}` })), rows: [evil], at: AT })
    expect(texts((await list(readSheet(path)))[1])).toEqual(evil.map((text) => `string:${text}`))
    ;(await open(path)).worksheets[0]?.getRow(2).eachCell((cell) => expect(cell.type).toBe(ExcelJS.ValueType.String))
  })

  it('writes what Excel opens: no control characters, no half characters, no overlong text', async () => {
    const path = file()
    await writeSheet(path, { title: 'x', columns: [{ title: 'a' }, { title: 'b' }], rows: [['a\u0000\u0007\ud842b𠮷\n', '字'.repeat(40_000)]], at: AT })
    const cells = (await list(readSheet(path)))[1]?.cells
    expect(cells?.[1]?.text).toBe('a\ufffdb𠮷\n')
    expect(cells?.[2]?.text.length).toBe(32_767)
  })

  it('reports the error of its rows and of its target', async () => {
    async function* failing(): AsyncGenerator<string[]> { yield ['a']; throw new Error('rows broke') }
    await expect(writeSheet(file(), { title: 'x', columns: [{ title: 'a' }], rows: failing(), at: AT })).rejects.toThrow('rows broke')
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) })
    const many = Array.from({ length: 5000 }, (_, i) => [`row ${i}`])
    await expect(writeSheet(full, { title: 'x', columns: [{ title: 'a' }], rows: many, at: AT })).rejects.toThrow('disk full')
  })

  it('asks for rows no faster than the target takes them', async () => {
    let asked = 0
    function* rows(): Generator<string[]> { for (; asked < 60_000; asked++) yield [`${Math.sin(asked)}`, `${Math.cos(asked)}`, `${Math.tan(asked)}`] }
    let seenAtFirstStall = 0
    const slow = new Writable({
      highWaterMark: 16_384,
      write: (_chunk, _encoding, done) => {
        if (seenAtFirstStall > 0) return done()
        setTimeout(() => { seenAtFirstStall = asked; done() }, 300)
      },
    })
    await writeSheet(slow, { title: 'x', columns: [{ title: 'a' }, { title: 'b' }, { title: 'c' }], rows: rows(), at: AT })
    expect(seenAtFirstStall).toBeGreaterThan(0)
    expect(seenAtFirstStall).toBeLessThan(5_000)
  })
})

describe('an import template', () => {
  it('has starred titles, text format, drop-downs and a sheet of notes', async () => {
    const path = file()
    await writeImportTemplate(path, { title: '导入考生信息', columns: COLUMNS, notes: ['同一考生只需导入一次。'], example: true, maxRows: 500, at: AT })
    const book = await open(path)
    const data = book.worksheets[0]
    expect([1, 2, 3, 4].map((c) => data?.getRow(1).getCell(c).value)).toEqual(['学生姓名*', '证件号码*', '性别', '入学年份*'])
    expect(data?.getCell('B2').value).toBe('11010519491231002X')
    expect(data?.getColumn(2).numFmt).toBe('@')
    expect(data?.getCell('C300').dataValidation).toMatchObject({ type: 'list', formulae: ['"男,女"'] })
    expect(book.worksheets[1]?.name).toBe('填表说明')
    const notes = book.worksheets[1]?.getSheetValues().flat().filter((v) => typeof v === 'string')
    expect(notes).toEqual(expect.arrayContaining(['导入考生信息', '同一考生只需导入一次。', '4. 一次最多导入 500 行。', '可填：男、女', '11010519491231002X']))
  })

  it('keeps lists that are too long for a cell in a hidden sheet', async () => {
    const path = file()
    const values = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`专业名称第${i}号`, `${i}`]))
    await writeImportTemplate(path, { title: 't', columns: { major: { title: '专业', required: true, values } }, maxRows: 10, at: AT })
    const book = await open(path)
    expect(book.worksheets[0]?.getCell('A2').dataValidation.formulae).toEqual(["'选项'!$A$1:$A$100"])
    expect([book.getWorksheet('选项')?.state, book.getWorksheet('选项')?.getCell('A100').value]).toEqual(['hidden', '专业名称第99号'])
  })

  it('is read back by the import it belongs to once filled in', async () => {
    const path = file()
    await writeImportTemplate(path, { title: 't', columns: COLUMNS, maxRows: 10, at: AT })
    const book = await open(path)
    book.worksheets[0]?.addRow(['𠮷野·山', '11010519491231002X', '男', 2026])
    await book.xlsx.writeFile(path)
    expect((await list(readImportRows(path, COLUMNS))).map((r) => [r.row, r.values, r.errors])).toEqual([[2, { name: '𠮷野·山', idNo: '11010519491231002X', gender: 'MALE', year: 2026 }, []]])
  })
})

describe('the file of failed rows', () => {
  it('gives back each row as it came with its number and all reasons, and can be sent in again', async () => {
    const source = file()
    await writeSheet(source, { title: 'x', columns: [{ title: '学生姓名*' }, { title: '证件号码*', kind: 'number' }, { title: '性别' }, { title: '入学年份*', kind: 'number' }], rows: [['=cmd()', 1234567890, '中', 2026]], at: AT })
    const bad: ImportRow[] = await list(readImportRows(source, COLUMNS))
    const path = file()
    expect(await writeFailedRows(path, { title: '失败数据', columns: COLUMNS, rows: bad.map((r) => ({ row: r.row, cells: r.cells, reasons: r.errors.map((e) => e.person) })), at: AT })).toBe(1)
    const rows = await list(readSheet(path))
    expect(texts(rows[0])).toEqual(['学生姓名*', '证件号码*', '性别', '入学年份*', '原行号', '失败原因'].map((t) => `string:${t}`))
    expect(texts(rows[1])).toEqual(['string:=cmd()', 'number:1234567890', 'string:中', 'number:2026', 'number:2', 'string:“证件号码”不能是数字格式，请以文本格式填写。；“性别”只能填“男”、“女”（现为“中”）。'])
    expect((await list(readImportRows(path, COLUMNS)))[0]?.errors.map((e) => e.code)).toEqual(['as-text', 'not-allowed'])
  })
})
