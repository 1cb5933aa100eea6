import { readFile, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeHostileWorkbooks } from '#server/runtime/records/excel/fixtures/hostile-workbooks.ts'
import { textRow, writeRawWorkbook } from '#server/runtime/records/excel/fixtures/raw-workbook.ts'
import { TITLES, transfers, type Transfers } from './support.ts'

let x: Transfers
beforeAll(async () => { x = await transfers() })
afterAll(() => x.t.close())

const SAVE_AS = '请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”再上传。'
/** A row of inline strings with the first cell written by hand. */
const withFirst = (at: number, cell: string, values: string[]): string => textRow(at, [undefined, ...values.slice(1)]).replace(/^(<row [^>]*>)/, `$1${cell}`)
const nothing = { ok: 0, failed: 0, made: 0 }

describe('a file that is no sheet of the template', () => {
  it.each([
    ['too-large', '文件大小超过上限 30 MB，请拆分后分批上传'],
    ['macro', `Excel 文件含有宏，为安全起见不能导入。${SAVE_AS}`],
    ['zip-bomb', 'Excel 文件解压后的内容过大，已停止读取。请删除多余内容，或拆分后分批上传。'],
    ['not-excel', `这不是 Excel 文件（.xlsx）。仅修改扩展名无效，${SAVE_AS}`],
    ['legacy-xls', `这是旧版 Excel 97-2003（.xls）文件。${SAVE_AS}`],
    ['encrypted', 'Excel 文件设置了打开密码，无法读取。请取消密码后另存为 .xlsx 再上传。'],
    ['renamed-column', '缺少列“学生姓名”；A 列的“学生姓名1”可能就是它，请改回模板中的标题。'],
    ['merged-header', '表头单元格 A1:B1 被合并，请取消合并并恢复模板的表头。\n缺少列“姓名拼音”，请下载标准模板，按模板填写后再上传。'],
  ] as const)('%s is refused with its reason before and while it is imported, and nothing is stored', async (kind, message) => {
    const [made] = await writeHostileWorkbooks(x.t.dir, TITLES, x.row(x.people(1)[0]!), [kind])
    const seen = await x.send('candidates', made!.path)
    expect(seen).toMatchObject({ ...nothing, refused: message })
    expect(seen.preview.join('\n')).toBe(message)
    expect(seen.attempts).toBeLessThanOrEqual(1)
  })

  it('of another kind, without rows, or without anything is refused by name', async () => {
    await writeFile(x.file('list.csv'), 'a,b')
    expect((await x.send('candidates', x.file('list.csv'))).refused).toBe('文件“list.csv”的类型不符，请上传 .xlsx、.xls 文件')
    await writeFile(x.file('none.xlsx'), '')
    expect((await x.send('candidates', x.file('none.xlsx'))).refused).toBe('Excel 文件是空的（0 字节），请检查后重新上传。')
    expect((await x.send('candidates', await x.sheet('header.xlsx', []))).refused).toBe('文件里没有数据，请在表头下面逐行填写后再上传。')
    expect((await x.send('candidates', await writeRawWorkbook(x.file('blank.xlsx'), { sheet: '' }))).refused).toMatch(/^前 10 行里没有找到表头。请下载标准模板/)
  })

  it('with one column twice says where both are', async () => {
    const path = await writeRawWorkbook(x.file('twice.xlsx'), { sheet: textRow(1, [...TITLES, '手机号码']) + textRow(2, [...x.row(x.people(1)[0]!), '1']) })
    expect(await x.send('candidates', path)).toMatchObject({ ...nothing, refused: '列“手机号码”出现了多次（F 列和 K 列），请只保留一列。' })
  })

  it('with a cell longer than Excel allows is refused as a whole', async () => {
    const [a, b] = x.people(2)
    const seen = await x.send('candidates', await x.sheet('long.xlsx', [x.row(a!), x.row(b!, { 学生姓名: 'y'.repeat(40_000) })]))
    expect(seen).toMatchObject({ ...nothing, refused: 'Excel 文件里有单元格超过 32767 个字符，请缩短内容后再上传。' })
  })
})

describe('several sheets', () => {
  const book = async (name: string, sheets: Record<string, (string | undefined)[][]>): Promise<string> => {
    const made = new ExcelJS.Workbook()
    for (const [title, rows] of Object.entries(sheets)) made.addWorksheet(title).addRows(rows)
    await made.xlsx.writeFile(x.file(name))
    return x.file(name)
  }
  it('with data on the second are refused: its rows would get lost in silence', async () => {
    const [a, b] = x.people(2)
    const seen = await x.send('candidates', await book('classes.xlsx', { 一班: [TITLES, x.row(a!)], 二班: [['名单'], TITLES, x.row(b!)] }))
    expect(seen).toMatchObject({ ...nothing, refused: '工作表“二班”里有数据，但只有第一个工作表“一班”会被读取。请把数据放到第一个工作表里，或分成几个文件上传。' })
  })
  it('with instructions first say where the data has to be', async () => {
    const seen = await x.send('candidates', await book('notes.xlsx', { 说明: [['请认真填写']], 数据: [TITLES, x.row(x.people(1)[0]!)] }))
    expect(seen).toMatchObject({ ...nothing, refused: '工作表“数据”里有数据，但只有第一个工作表“说明”会被读取。请把数据放到第一个工作表里，或分成几个文件上传。' })
  })
  it('of which the others hold the header alone, or something else, are taken', async () => {
    const seen = await x.send('candidates', await book('template.xlsx', { 数据: [TITLES, x.row(x.people(1)[0]!)], 空表: [TITLES], 填表说明: [['列', '是否必填'], ['学生姓名', '必填']] }))
    expect(seen).toMatchObject({ ok: 1, failed: 0, made: 1, refused: null })
  })
  it('a title above the header, hidden columns and hidden rows do not matter', async () => {
    const made = new ExcelJS.Workbook()
    const sheet = made.addWorksheet('学生')
    sheet.addRows([['某校考生信息表'], TITLES, ...x.people(4).map((p) => x.row(p))])
    sheet.mergeCells('A1:J1')
    sheet.getColumn(6).hidden = true
    sheet.getRow(4).hidden = true
    await made.xlsx.writeFile(x.file('hidden.xlsx'))
    expect(await x.send('candidates', x.file('hidden.xlsx'))).toMatchObject({ ok: 4, failed: 0, made: 4, preview: [] })
  })
})

describe('rows with wrong cells are given back by their number and the good ones are kept', () => {
  it('full width, invisible characters, spaces, scientific notation, too long', async () => {
    const p = x.people(9)
    const wide = (text: string): string => text.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0))
    const seen = await x.send('candidates', await x.sheet('cells.xlsx', [
      x.row(p[0]!, { 证件号码: wide(p[0]!.idNo) }), x.row(p[1]!, { 入学年份: '２０２４' }), x.row(p[2]!, { 学生姓名: '张\u200b三' }), x.row(p[3]!, { 证件号码: `\u202a${p[3]!.idNo}` }),
      x.row(p[4]!, { 证件号码: '1.10105E+17' }), x.row(p[5]!, { 学生姓名: '张\u3000三' }), x.row(p[6]!, { 证件号码: `${p[6]!.idNo}\u00a0` }), x.row(p[7]!, { 学生姓名: '很'.repeat(30_000) }), x.row(p[8]!),
    ]))
    expect(seen).toMatchObject({ ok: 1, failed: 8, made: 1, refused: null })
    expect(seen.reasons).toEqual({
      2: '“证件号码”里有全角数字或字母，请改为半角后重新导入。', 3: '“入学年份”里有全角数字或字母，请改为半角后重新导入。', 4: '“学生姓名”里有看不见的字符，请删除单元格内容后手工重新填写。',
      5: '“证件号码”里有看不见的字符，请删除单元格内容后手工重新填写。', 6: '身份证号码不正确', 7: '“学生姓名”的内容中间有空格，请删除空格后重新导入。', 8: '“证件号码”的内容前后有空格，请删除空格后重新导入。', 9: '考生姓名：最多 50 个字',
    })
  })

  it('formulas count as their stored result; without one, error cells, numbers for ids and logical values are named', async () => {
    const p = x.people(6).map((person) => x.row(person))
    const number = textRow(7, p[5]!).replace(/<c r="E7".*?<\/c>/, '<c r="E7"><v>1.10105200601011E+17</v></c>')
    const seen = await x.send('candidates', await writeRawWorkbook(x.file('kinds.xlsx'), {
      sheet: textRow(1, TITLES) + withFirst(2, '<c r="A2" t="str"><f>"张"&amp;"三丰"</f><v>张三丰</v></c>', p[0]!) + withFirst(3, '<c r="A3"><f>A2</f></c>', p[1]!) + withFirst(4, '<c r="A4" t="e"><f>VLOOKUP(1,B:C,2)</f><v>#N/A</v></c>', p[2]!)
        + withFirst(5, '<c r="A5" t="inlineStr"><is><r><t>李</t></r><r><rPr><b/></rPr><t>四光</t></r></is></c>', p[3]!) + withFirst(6, '<c r="A6" t="b"><v>1</v></c>', p[4]!) + number,
    }))
    expect(seen).toMatchObject({ ok: 2, failed: 4, made: 2 })
    expect(seen.reasons).toEqual({
      3: '“学生姓名”是没有计算结果的公式，请复制后“选择性粘贴 → 数值”再上传。', 4: '“学生姓名”的单元格显示错误值 #N/A，请改为正确的内容。',
      6: '“学生姓名”不能是逻辑值，请以文本格式填写。', 7: '“证件号码”不能是数字格式，请以文本格式填写。',
    })
    expect((await x.t.house.db.all<{ name: string }>(`SELECT name FROM ${x.t.def('candidate').table} WHERE name IN ('张三丰', '李四光')`)).map((r) => r.name).sort()).toEqual(['张三丰', '李四光'])
  })

  it('one person twice in a file is stored once, and the same file once more stores nothing', async () => {
    const [a, b] = x.people(2)
    const path = await x.sheet('double.xlsx', [x.row(a!), x.row(a!), x.row(b!), x.row(b!, { 手机号码: '13900000000' })])
    const twice = '该考生已存在，请勿重复导入'
    expect(await x.send('candidates', path)).toMatchObject({ ok: 2, failed: 2, made: 2, reasons: { 3: twice, 5: twice } })
    expect(await x.send('candidates', path)).toMatchObject({ ok: 0, failed: 4, made: 0, reasons: { 2: twice, 3: twice, 4: twice, 5: twice } })
  })

  it('formatted empty rows below the data are passed over', async () => {
    const p = x.people(2)
    const blank = function* (): Generator<Buffer> {
      yield Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="x"><sheetData>${textRow(1, TITLES)}${textRow(2, x.row(p[0]!))}${textRow(3, x.row(p[1]!))}`)
      for (let at = 4; at <= 60_000; at++) yield Buffer.from(`<row r="${at}" s="1" customFormat="1">${TITLES.map((_, i) => `<c r="${String.fromCharCode(65 + i)}${at}" s="1"/>`).join('')}</row>`)
      yield Buffer.from('</sheetData></worksheet>')
    }
    const path = await writeRawWorkbook(x.file('formatted.xlsx'), { sheet: '', styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="49"/></cellXfs>', parts: [{ name: 'xl/worksheets/sheet1.xml', source: () => Readable.from(blank()) }] })
    expect(await x.send('candidates', path)).toMatchObject({ total: 2, ok: 2, failed: 0, made: 2 })
  })
})

it('a refused file that is mended and sent again is taken whole: nothing of the first attempt is left', async () => {
  const people = x.people(3)
  const good = await x.sheet('good.xlsx', people.map((p) => x.row(p)))
  const bytes = await readFile(good)
  await writeFile(x.file('cut.xlsx'), bytes.subarray(0, bytes.length - 60))
  expect(await x.send('candidates', x.file('cut.xlsx'))).toMatchObject({ ...nothing, refused: 'Excel 文件已损坏，无法读取，请重新生成后再上传。' })
  expect(await x.send('candidates', good)).toMatchObject({ ok: 3, failed: 0, made: 3 })
})
