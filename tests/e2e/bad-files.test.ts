import { writeFile } from 'node:fs/promises'
import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { writePhotoZip } from '#server/cli/demo/generator/index.ts'
import { useBrowser } from './support/browser.ts'
import { useFolder } from './support/files.ts'
import { openImport, toUpload } from './support/import.ts'
import { openList } from './support/list.ts'
import { candidateRow, newPeople } from './support/season.ts'

const browser = useBrowser()
const files = useFolder()
const [person] = newPeople(1) as [ReturnType<typeof newPeople>[number]]

/** The drawer of an importer at its upload step, with the file chosen. */
const choose = async (title: string, path: string) => {
  const page = await browser.signIn('beike')
  await openList(page, '院校考生管理')
  const drawer = await openImport(page, title)
  await toUpload(drawer)
  await drawer.locator('input[type=file]').setInputFiles(path)
  return { page, drawer }
}
const workbook = async (name: string, sheets: Record<string, string[][]>): Promise<string> => {
  const made = new ExcelJS.Workbook()
  for (const [title, rows] of Object.entries(sheets)) made.addWorksheet(title).addRows(rows)
  const path = await files.path(name)
  await made.xlsx.writeFile(path)
  return path
}
const row = candidateRow(person)
const titles = Object.keys(row)
const cells = Object.values(row)

describe('a file that cannot be imported is refused in the dialog, with what would be right', () => {
  it.each([
    ['a text table named as a workbook', async () => { const path = await files.path('名单.xlsx'); await writeFile(path, titles.join(',')); return path }, '这不是 Excel 文件（.xlsx）'],
    ['a workbook with a renamed column', () => workbook('改名.xlsx', { 数据: [titles.map((t) => t.replace('证件号码', '身份证件号码')), cells] }), '可能就是它，请改回模板中的标题'],
    ['a workbook with rows on a second sheet', () => workbook('两班.xlsx', { 一班: [titles, cells], 二班: [titles, cells] }), '工作表“二班”里有数据，但只有第一个工作表“一班”会被读取'],
    ['a workbook that is protected by a password', async () => { const path = await files.path('密码.xlsx'); await writeFile(path, Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2048), Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(2048)])); return path }, '设置了打开密码'],
  ] as const)('%s', async (name, make, message) => {
    const { page, drawer } = await choose('批量导入考生信息', await make())
    await drawer.getByText(message).first().waitFor()
    expect(await drawer.getByRole('button', { name: '开始导入' }).isEnabled()).toBe(false)
    await browser.picture(page, `bad-file-${name}`)
  }, 60_000)

  it('a package that is no ZIP', async () => {
    const path = await files.path('照片.zip')
    await writeFile(path, 'Rar!\u001a\u0007\u0000')
    const { drawer } = await choose('批量导入考生照片', path)
    await drawer.getByText('这是 RAR 压缩文件，只能读取 ZIP').first().waitFor()
    expect(await drawer.getByRole('button', { name: '开始导入' }).isEnabled()).toBe(false)
  }, 60_000)
})

it('a package of photos of nobody is told file by file', async () => {
  const path = await files.path('他人照片.zip')
  await writePhotoZip(path, newPeople(3), { at: 0 })
  const { drawer } = await choose('批量导入考生照片', path)
  await drawer.getByRole('button', { name: '开始导入' }).click()
  const counts = drawer.locator('.job-counts')
  await counts.waitFor({ timeout: 60_000 })
  expect(await counts.innerText()).toBe('成功 0 条 · 失败 3 条')
}, 90_000)
