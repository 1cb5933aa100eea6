import ExcelJS from 'exceljs'
import { afterAll, describe, expect, it } from 'vitest'
import { createDocuments, type DocumentContext } from '#server/runtime/documents/index.ts'
import { compiled, env, shippedTemplate, templateOf, textOf } from './support.ts'

const documents = createDocuments()
afterAll(() => documents.close())

async function workbookOf(name: string, changes: DocumentContext = {}): Promise<{ file: string; sheet: ExcelJS.Worksheet }> {
  const { def, sample } = shippedTemplate('vslc', name)
  for await (const result of documents.stream(compiled(def), [{ ...sample, ...changes }], env)) {
    if (!result.ok) throw new Error(result.problem.message)
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(result.bytes.slice().buffer)
    const [sheet] = workbook.worksheets
    if (sheet) return { file: result.name, sheet }
  }
  throw new Error('no workbook')
}
const rowOf = (sheet: ExcelJS.Worksheet, row: number, columns: number): unknown[] => Array.from({ length: columns }, (_, column) => sheet.getCell(row, column + 1).value ?? '')
const people = ['王小六', '王小三', '王小二', '王小八', '古丽·𠮷'].map((name, index) => ({ seatNo: index + 1, name }))

describe('the door label (VSLC-180, D1)', () => {
  it('has subject and time, certificate and room, then two candidates a row in seat order', async () => {
    const { file, sheet } = await workbookOf('door-label', { seats: people })
    expect(file).toBe('第一考场-示例应用理论-考场门贴.xlsx')
    expect([1, 2, 3, 4, 5, 6].map((row) => rowOf(sheet, row, 4))).toEqual([
      ['考试科目', '示例应用理论', '考试时间', '2026-05-20 09:00~11:00'],
      ['考试证书', '示例应用职业技能等级证书(中级)', '考场名称', '第一考场'],
      ['座位号', '考生姓名', '座位号', '考生姓名'],
      [1, '王小六', 2, '王小三'],
      [3, '王小二', 4, '王小八'],
      [5, '古丽·𠮷', '', ''],
    ])
  })
})

describe('the desk labels (VSLC-181, D2)', () => {
  it('are cards two a row with a blank line between, numbers in full and as text', async () => {
    const { sheet } = await workbookOf('desk-label')
    const column = (at: number): unknown[] => Array.from({ length: 9 }, (_, row) => sheet.getCell(row + 1, at).value ?? '')
    expect(column(1)).toEqual(['考生姓名', '考生编号', '准考证号', '身份证号', '考试科目', '考试证书', '座位号', '', '考生姓名'])
    expect(column(2)).toEqual(['示例考生甲', 'KS26000001', '20260301000111000000700001', '110101200801010001', '示例应用理论', '示例应用职业技能等级证书(中级)', 1, '', '示例考生丙'])
    expect(column(5).slice(0, 4)).toEqual(['示例考生乙', 'KS26000002', '20260301000111000000700002', '110101200801010002'])
  })
})

describe('the sign-in sheet (VSLC-182, D3)', () => {
  it('has its title, the four lines of the head, and blank cells to sign in', async () => {
    const { sheet } = await workbookOf('sign-in-sheet')
    const cells = (row: number, ...columns: number[]): unknown[] => columns.map((column) => sheet.getCell(row, column).value ?? '')
    expect(cells(1, 1)).toEqual(['考场签到表'])
    expect(cells(3, 1, 2, 4, 5)).toEqual(['考核站点', '示例职业技术学院考核站点', '所属院校', '示例职业技术学院'])
    expect(cells(4, 1, 2, 4, 5)).toEqual(['考试证书', '示例应用职业技能等级证书', '证书等级', '中级'])
    expect(cells(5, 1, 2, 4, 5)).toEqual(['监考老师', '示例教师甲、示例教师乙', '巡考老师', '示例教师丙'])
    expect(cells(6, 1, 2, 4, 5)).toEqual(['实考人数', '', '缺考人数', ''])
    expect(cells(7, 1, 3, 4, 5, 6)).toEqual(['准考证号', '所属院校', '座位号', '到场时间', '考生签名'])
    expect(cells(8, 1, 3, 4, 5, 6)).toEqual(['20260301000111000000700001', '示例职业技术学院', 1, '', ''])
    expect(sheet.pageSetup.printTitlesRow).toBe('7:7')
  })
})

describe('a sheet printed as PDF', () => {
  it('has the same texts, and repeats its heading on every page', async () => {
    const { def, sample } = shippedTemplate('vslc', 'sign-in-sheet')
    const seats = Array.from({ length: 60 }, (_, index) => ({ ticketNo: `T${index}`, school: '示例职业技术学院', seatNo: index + 1 }))
    const results = []
    for await (const result of documents.stream(compiled(def), [{ ...sample, seats }], env, 'pdf')) results.push(result)
    const [result] = results
    if (!result?.ok) throw new Error('not printed')
    const text = await textOf(result.bytes)
    expect(result.name).toBe('第一考场-示例应用理论-考场签到表.pdf')
    expect(result.pages).toBeGreaterThan(1)
    expect(text.match(/到场时间/g)?.length).toBe(result.pages)
    expect(text.match(/考场签到表/g)?.length).toBe(1)
    for (const { ticketNo } of seats) expect(text).toContain(ticketNo)
  })
})

describe('cells', () => {
  const template = compiled(templateOf({
    kind: 'xlsx', data: { value: { path: 'value' } },
    sheet: { name: '{{value}}', columns: [20, 20], blocks: { only: { rows: [['{{value}}', { text: '{{value}}', number: true }]] } } },
  }))
  const cellsOf = async (contexts: DocumentContext[]): Promise<[string, unknown, unknown, string][]> => {
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load((await documents.merge(template, contexts, env)).bytes.slice().buffer)
    return workbook.worksheets.map((sheet) => [sheet.name, sheet.getCell(1, 1).value, sheet.getCell(1, 2).value, sheet.getCell(1, 1).numFmt])
  }
  it('stay text when they begin like a formula', async () => {
    for (const value of ['=1+1', '+86', '-1', '@x']) expect((await cellsOf([{ value }]))[0]?.[1]).toBe(value)
  })
  it('are numbers only where Excel can hold every digit', async () => {
    expect(await cellsOf([{ value: '110101200801010001' }, { value: '12.5' }])).toEqual([
      ['110101200801010001', '110101200801010001', '110101200801010001', '@'], ['12.5', '12.5', 12.5, '@'],
    ])
  })
  it('keep sheet names apart and short enough for Excel', async () => {
    const long = '考场[一]/二'.repeat(8)
    const names = (await cellsOf([{ value: long }, { value: long }])).map(([name]) => name)
    expect(names[0]).toBe('考场_一__二'.repeat(8).slice(0, 31))
    expect(names[1]).toMatch(/ \(2\)$/)
    expect(names.every((name) => name.length <= 31)).toBe(true)
  })
})
