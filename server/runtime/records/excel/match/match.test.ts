import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { textRow, writeRawWorkbook } from '../fixtures/raw-workbook.ts'
import { writeHostileWorkbooks } from '../fixtures/hostile-workbooks.ts'
import type { Cell, SheetRow } from '../read/cell.ts'
import { readImportRows } from './import-rows.ts'
import type { ImportRow, ImportRowsOptions } from './import-rows.ts'
import { mapHeader } from './map-header.ts'
import { readCell } from './read-cell.ts'
import type { ReadCellOptions } from './read-cell.ts'

const COLUMNS: Dict<ImportColumn> = {
  name: { title: '学生姓名', required: true },
  idNo: { title: '证件号码', required: true, sensitive: 'idNumber' },
  mobile: { title: '手机号码', required: true, sensitive: 'phone' },
  gender: { title: '性别', required: false, values: { 男: 'MALE', 女: 'FEMALE' } },
}
const TITLES = ['学生姓名*', '证件号码*', '手机号码*', '性别']
const text = (value: string): Cell => ({ kind: 'string', text: value })
const number = (value: number): Cell => ({ kind: 'number', text: String(value), number: value })
const row = (n: number, ...values: string[]): SheetRow => ({ row: n, cells: Object.fromEntries(values.map((v, i) => [i + 1, text(v)])) })
const codes = (rows: SheetRow[], merges?: Parameters<typeof mapHeader>[2]): unknown => {
  const result = mapHeader(rows, COLUMNS, merges)
  return result.ok ? result : result.problems.map((p) => p.code)
}

describe('the header', () => {
  it('is found below a title, in any order, with stars, spaces and full-width marks', () => {
    const rows = [row(1, '本校学生导入模板'), row(3, ' 证件号码 ＊', '性 别', '*学生姓名', '手机号码*'), row(4, 'x')]
    expect(mapHeader(rows, COLUMNS)).toEqual({ ok: true, row: 3, columns: { idNo: 1, gender: 2, name: 3, mobile: 4 } })
  })

  it('may lack optional columns only', () => {
    expect(mapHeader([row(1, '学生姓名', '证件号码', '手机号码')], COLUMNS)).toMatchObject({ ok: true })
    expect(codes([row(1, '学生姓名', '证件号码', '性别')])).toEqual(['missing-column'])
  })

  it('names a renamed column with the title it looks like', () => {
    const result = mapHeader([row(1, '学生姓名', '身份证件号码', '手机号码', '性别')], COLUMNS)
    expect(result).toEqual({ ok: false, problems: [{ code: 'renamed-column', column: 'idNo', person: '缺少列“证件号码”；B 列的“身份证件号码”可能就是它，请改回模板中的标题。' }] })
  })

  it('reports duplicated, unknown and merged columns all at once', () => {
    expect(codes([row(1, ...TITLES, '性别', '爱好')], [{ top: 1, bottom: 1, left: 1, right: 2 }])).toEqual(['merged-header', 'duplicated-column', 'unknown-column'])
  })

  it('accepts the columns that the file of failed rows adds', () => {
    expect(codes([row(1, ...TITLES, '原行号', '失败原因')])).toMatchObject({ ok: true })
  })

  it('is not looked for below the tenth row', () => {
    expect(codes([row(11, ...TITLES)])).toEqual(['header-not-found'])
    expect(codes([])).toEqual(['header-not-found'])
  })
})

describe('a cell', () => {
  const plain: ImportColumn = { title: '编号', required: false }
  const value = (cell: Cell | undefined, column: Partial<ImportColumn> = {}, options?: ReadCellOptions): unknown => {
    const result = readCell(cell, { ...plain, ...column }, options)
    return result.ok ? result.value : result.code
  }
  const person = (cell: Cell, column: Partial<ImportColumn> = {}): string => {
    const result = readCell(cell, { ...plain, ...column })
    return result.ok ? '' : result.person
  }

  it('keeps text as typed: leading zeros, middle dots, rare characters', () => {
    expect(['007', '阿不都·热合曼', '𠮷野', 'Zhang San'].map((v) => value(text(v)))).toEqual(['007', '阿不都·热合曼', '𠮷野', 'Zhang San'])
  })

  it('takes digits of a number for text only while Excel keeps them exactly', () => {
    expect(value(number(13800000000))).toBe('13800000000')
    expect(value(number(999999999999999))).toBe('999999999999999')
    expect(value(number(1000000000000001))).toBe('as-text')
    expect(value(number(1e21))).toBe('as-text')
    expect(value({ ...number(123), padded: true })).toBe('as-text')
    expect(person(number(11010519900307461e1))).toBe('“编号”不能是数字格式，请以文本格式填写。')
  })

  it('never takes an id number from a number, and a phone number may be one', () => {
    expect(value(number(1234567), { sensitive: 'idNumber' })).toBe('as-text')
    expect(value(number(13800000000), { sensitive: 'phone' })).toBe('13800000000')
  })

  it('does not take a date or a logical value for text', () => {
    expect(value({ kind: 'date', text: '2026-03-01', number: 46082 })).toBe('as-text')
    expect(value({ kind: 'boolean', text: 'TRUE' })).toBe('as-text')
  })

  it('reads dates from date cells and from both ways of writing them', () => {
    const column = { kind: 'date' } as const
    expect([{ kind: 'date', text: '2026-03-01', number: 46082 } as Cell, text('2026-03-01'), text('2026/3/1'), text('2026年3月1日')].map((c) => value(c, column))).toEqual(Array(4).fill('2026-03-01'))
    expect([text('2026-02-29'), text('2026-13-01'), text('03/01/2026'), number(46082)].map((c) => value(c, column))).toEqual(Array(4).fill('not-a-date'))
    expect(value(text('2026/3/1 9:05'), { kind: 'date-time' })).toBe('2026-03-01T09:05:00')
    expect([value(text('9:05'), { kind: 'time' }), value(text('24:00'), { kind: 'time' })]).toEqual(['09:05:00', 'not-a-time'])
  })

  it('maps labels to codes and names the allowed labels otherwise', () => {
    const column = { title: '性别', values: { 男: 'MALE', 女: 'FEMALE' } }
    expect([value(text('女'), column), value(text('F'), column), value(text('toString'), column)]).toEqual(['FEMALE', 'not-allowed', 'not-allowed'])
    expect(person(text('F'), column)).toBe('“性别”只能填“男”、“女”（现为“F”）。')
  })

  it('reads a mark that is a number or a word', () => {
    const column = { kind: 'number', values: { 缺考: 'ABSENT' } } as const
    expect([number(59.5), text('59.5'), text('缺考'), text('六十'), number(0.1 + 0.2)].map((c) => value(c, column))).toEqual([59.5, 59.5, 'ABSENT', 'not-allowed', 0.3])
  })

  it('reads whole numbers without losing any', () => {
    expect([number(2026), text('2026'), text('2026.5'), number(1.5), text('１２'), text('12 个')].map((c) => value(c, { kind: 'integer' }))).toEqual([2026, 2026, 'not-an-integer', 'not-an-integer', 'stray-space', 'not-a-number'])
  })

  it('reports stray spaces, line breaks and invisible characters, or trims when told to', () => {
    expect([' 张三', '张三\u3000', '张\n三', '张\u200b三', '\u202a张三', '张\u0007三', '张 三', '王\u3000小\u3000明'].map((v) => value(text(v)))).toEqual(Array(8).fill('stray-space'))
    expect(value(text('1101 05'), { sensitive: 'idNumber' })).toBe('stray-space')
    expect(value(text(' 张三 '), {}, { spaces: 'trim' })).toBe('张三')
    expect(person(text('张三 '))).toBe('“编号”的内容前后有空格，请删除空格后重新导入。')
  })

  it('is refused as missing when required and blank, as nothing otherwise', () => {
    expect([undefined, text(''), text('  ')].map((c) => value(c, { required: true }))).toEqual(Array(3).fill('required'))
    expect(value(undefined)).toBeNull()
  })

  it('counts a formula as its stored result and refuses one without', () => {
    expect(value({ kind: 'formula', cached: 'string', text: '张三' })).toBe('张三')
    expect(value({ kind: 'formula', cached: 'number', text: '110105199003074610', number: 110105199003074610 })).toBe('as-text')
    expect(value({ kind: 'formula', cached: 'empty', text: '' })).toBe('no-result')
    expect(value({ kind: 'error', text: '#N/A' })).toBe('error-cell')
  })

  it('keeps personal numbers out of messages', () => {
    expect(person(text('abc'), { sensitive: 'idNumber', kind: 'integer' })).toBe('“编号”应为整数。')
  })
})

describe('rows of an import', () => {
  let folder = ''
  let n = 0
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'import-')) })
  afterAll(() => rm(folder, { recursive: true }))
  const file = (sheet: string, after = ''): Promise<string> => writeRawWorkbook(join(folder, `${n++}.xlsx`), { sheet, after })
  const list = async (path: string, options?: ImportRowsOptions): Promise<ImportRow[]> => {
    const rows: ImportRow[] = []
    for await (const r of readImportRows(path, COLUMNS, options)) rows.push(r)
    return rows
  }

  it('carry the number Excel shows, values, every error, and leave blank rows out', async () => {
    const path = await file(textRow(2, TITLES) + textRow(3, ['张三', '11010519900307461X', '13800000000', '男']) + textRow(4, ['', ' ', '', '']) + textRow(7, ['李四 ', undefined, '13800000001', '中']) + textRow(20, ['  ']))
    const rows = await list(path)
    expect(rows.map((r) => r.row)).toEqual([3, 7])
    expect(rows[0]).toMatchObject({ values: { name: '张三', idNo: '11010519900307461X', mobile: '13800000000', gender: 'MALE' }, errors: [] })
    expect(rows[1]?.values).toEqual({ mobile: '13800000001' })
    expect(rows[1]?.errors.map((e) => [e.column, e.code])).toEqual([['name', 'stray-space'], ['idNo', 'required'], ['gender', 'not-allowed']])
    expect(rows[1]?.cells.name?.text).toBe('李四 ')
  })

  it('read on when more than ten rows stand above and below the header', async () => {
    const sheet = textRow(1, ['说明']) + textRow(2, TITLES) + Array.from({ length: 30 }, (_, i) => textRow(i + 3, [`学${i}`, 'x', '1', '女'])).join('')
    expect((await list(await file(sheet))).map((r) => r.row)).toEqual(Array.from({ length: 30 }, (_, i) => i + 3))
  })

  it('say that a cell is merged where its value is missing', async () => {
    const sheet = textRow(1, TITLES) + textRow(2, ['a', 'x', '1', '男']) + textRow(3, [undefined, 'y', '2', '男'])
    expect((await list(await file(sheet, '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')))[1]?.errors).toEqual([{ column: 'name', code: 'merged', person: '“学生姓名”的单元格被合并，请取消合并后逐行填写。' }])
  })

  it('refuse a file without data, with too many rows, with another header', async () => {
    await expect(list(await file(textRow(1, TITLES)))).rejects.toMatchObject({ code: 'no-rows' })
    await expect(list(await file(textRow(1, TITLES) + textRow(2, ['a']) + textRow(3, ['b'])), { maxRows: 1 })).rejects.toMatchObject({ code: 'too-many-rows', person: '数据超过上限 1 行，请拆分后分批上传。' })
    const [renamed, merged] = await writeHostileWorkbooks(folder, TITLES, ['张三', 'x', '1', '男'], ['renamed-column', 'merged-header'])
    await expect(list(renamed?.path ?? '')).rejects.toMatchObject({ code: 'header', problems: [{ code: 'renamed-column', column: 'name' }] })
    await expect(list(merged?.path ?? '')).rejects.toMatchObject({ code: 'header', problems: [{ code: 'merged-header' }, { code: 'missing-column', column: 'idNo' }] })
  })

  it('judge formulas and dates typed as numbers row by row', async () => {
    const [formulas, dates] = await writeHostileWorkbooks(folder, TITLES, ['张三', 'x', '1', '男'], ['formulas', 'dates-as-numbers'])
    expect((await list(formulas?.path ?? ''))[0]?.errors.map((e) => e.code)).toEqual(Array(4).fill('no-result'))
    expect((await list(dates?.path ?? ''))[0]?.errors.map((e) => [e.column, e.code])).toEqual([['idNo', 'as-text'], ['gender', 'not-allowed']])
  })
})
