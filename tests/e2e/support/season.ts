import type { Locator, Page } from 'playwright-core'
import { generatePeople, type Person } from '#server/cli/demo/generator/index.ts'
import { dialog, edit, pick, press } from './form.ts'
import { openList, openRow } from './list.ts'

export const PLAN = '2026年第1次数字营销技术应用全国统考'
export const WANG = { name: '王小八', idNo: '110108200503140610' }
export const LI = { name: '李大伟', idNo: '110105200411202336' }

/** Invented people of the school, the same in each run. */
export const newPeople = (count: number): Person[] =>
  generatePeople({ seed: 20, count, school: '北科示范职业学院', idType: '身份证', majors: [{ name: '市场营销', code: '530605', level: '高职专科' }] })

export const candidateRow = (person: Person): Record<string, string> => ({
  学生姓名: person.name, 姓名拼音: person.namePinyin, 性别: person.gender, 证件类型: person.idType, 证件号码: person.idNo, 手机号码: person.mobile,
  入学年份: String(person.enrolYear), 专业层次: person.majorLevel, 就读专业: person.major, 专业代码: person.majorCode,
})
export const registrationRow = (person: { name: string; idNo: string }): Record<string, string> => ({
  考生姓名: person.name, 证件号码: person.idNo, 考生类型: '院校考生', 证书编号: '1630054223020943', 报考证书: '数字营销技术应用', 证书等级: '中级', 考核站点编号: '110000007',
})

/** Fetches the plan's records to be issued; answers the panel that tells what became of it. */
export async function fetchIssuances(page: Page): Promise<Locator> {
  await openList(page, '证书发放管理')
  await press(page.locator('.page-header'), '获取待发证记录')
  const asking = dialog(page, '获取待发证记录')
  await pick(asking, '考试计划', PLAN)
  await press(asking, '获取待发证记录')
  await page.locator('.result-counts').waitFor()
  return dialog(page, '获取待发证记录')
}

/** Puts seals, one after the other, into an organisation's form and saves it. */
export async function uploadSeals(page: Page, list: string, name: string, seals: string[]): Promise<void> {
  await openList(page, list)
  await openRow(page, name)
  await edit(page)
  const section = page.locator('.form-section', { hasText: '电子签章' })
  for (const [index, seal] of seals.entries()) {
    await section.locator('input[type=file]').first().setInputFiles(seal)
    await section.locator('figure').nth(index).waitFor()
  }
  await press(page, '保存')
  await page.locator('.record-page').waitFor()
}

/** Asks the public page for a certificate. */
export async function verify(page: Page, code: string, idNo: string): Promise<void> {
  await page.goto('/verify')
  await page.getByLabel('证书编码').fill(code)
  await page.getByLabel('身份证号码').fill(idNo)
  await press(page, '查询')
}
