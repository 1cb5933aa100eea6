import { describe, expect, it } from 'vitest'
import { writePhotoZip, type Person } from '#server/cli/demo/generator/index.ts'
import { useBrowser } from './support/browser.ts'
import { readWorkbook, useFolder } from './support/files.ts'
import { create, pick, press, type, valueOf } from './support/form.ts'
import { openImport, runImport, toUpload } from './support/import.ts'
import { chooseFirst, openList, openTab, rowWith } from './support/list.ts'
import { candidateRow, LI, newPeople, PLAN, registrationRow, WANG } from './support/season.ts'

const browser = useBrowser({ clock: '2026-05-06T10:00+08:00' })
const files = useFolder()
const [first, second, third] = newPeople(3) as [Person, Person, Person]

describe.sequential('before the exam', () => {
  it('candidates are imported from a sheet, and the refused rows come back with their reasons', async () => {
    const page = await browser.signIn('beike')
    await openList(page, '本校考生管理')
    const drawer = await openImport(page, '批量导入考生信息')
    const template = await files.download(page, drawer.getByRole('link', { name: '下载导入模板' }))
    expect(template.name).toContain('批量导入考生信息')
    await browser.picture(page, 'import-template')
    await toUpload(drawer)
    const sheet = await files.sheet('考生.xlsx', [candidateRow(first), candidateRow(second), candidateRow({ ...third, majorCode: '999999' }), candidateRow({ ...first, ...WANG })])
    const counts = await runImport(drawer, sheet)
    await browser.picture(page, 'import-result')

    expect(counts).toBe('成功 2 条 · 失败 2 条')
    const failed = await files.download(page, drawer.locator('.job-file').first())
    const rows = await readWorkbook(failed.path)
    expect(rows.map((row) => [row['原行号'], row['学生姓名'] ?? row['学生姓名*'], row['失败原因']])).toEqual([
      ['4', third.name, expect.stringContaining('专业目录中没有该专业名称和专业代码')],
      ['5', WANG.name, expect.stringContaining('该考生已存在，请勿重复导入')],
    ])
    await press(drawer, '完成')
    await rowWith(page, first.name).waitFor()
  })
  it('photos come in one archive and candidates are verified in bulk', async () => {
    const page = await browser.signIn('beike')
    await openList(page, '本校考生管理')
    const drawer = await openImport(page, '批量导入考生照片')
    await toUpload(drawer)
    const zip = await files.path('照片.zip')
    await writePhotoZip(zip, [first, second], { at: 0 })
    expect(await runImport(drawer, zip)).toBe('成功 2 条')
    await press(drawer, '完成')

    await openTab(page, '信息待认证')
    await rowWith(page, first.name).getByRole('checkbox').check()
    await rowWith(page, second.name).getByRole('checkbox').check()
    await browser.picture(page, 'bulk-bar')
    await press(page.locator('.bulk-bar'), '批量认证')
    await page.getByText('操作成功').or(page.getByText('成功 2 条')).first().waitFor()
    await page.goto('/')
    await openList(page, '本校考生管理')
    await openTab(page, '信息准确')
    await rowWith(page, first.name).waitFor()
    await rowWith(page, second.name).waitFor()
    await browser.picture(page, 'verified')
  })
  it('candidates are registered by certificate', async () => {
    const page = await browser.signIn('beike')
    await openList(page, '报考管理')
    await browser.picture(page, 'registration-empty')
    const drawer = await openImport(page, '按证书导入')
    await toUpload(drawer, { 考试计划: PLAN })
    const sheet = await files.sheet('报考.xlsx', [registrationRow(WANG), registrationRow(LI), registrationRow(first), registrationRow({ ...second, name: '某某某' })])

    const counts = await runImport(drawer, sheet)
    await browser.picture(page, 'registration-result')
    const failed = await readWorkbook((await files.download(page, drawer.locator('.job-file').first())).path)
    expect(failed.map((row) => [row['原行号'], row['失败原因']])).toEqual([['5', expect.stringContaining('姓名与证件号码不一致')]])
    expect(counts).toBe('成功 3 条 · 失败 1 条')
    await press(drawer, '完成')
    await chooseFirst(page, PLAN)
    await rowWith(page, WANG.name).first().waitFor()
    expect(await rowWith(page, '未排考').count()).toBe(6)
    await browser.picture(page, 'registrations')
  })
  it('a room is set up for both subjects', async () => {
    const page = await browser.signIn('beike')
    await openList(page, '考场管理')
    await create(page, '设置考场')
    await pick(page, '考试计划', PLAN)
    await pick(page, '考核站点', '北科')
    await pick(page, '考试证书', '中级')
    await browser.picture(page, 'room-form')
    await type(page, '考场名称', '第03考场')
    await type(page, '考位数', '30')
    await pick(page, '考试科目', '理论')
    await pick(page, '考试科目', '实操')
    await page.keyboard.press('Escape')
    await pick(page, '所在省', '北京市')
    await pick(page, '所在市', '北京市')
    await pick(page, '所在区/县', '海淀区')
    await type(page, '详细地址', '示范路1号3号楼')
    await press(page, '保存')
    await page.locator('.record-page').waitFor()
    await valueOf(page, '考场类型').getByText('机考+实操').waitFor()
    await browser.picture(page, 'room')
  })
})
