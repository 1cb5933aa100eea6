import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { press } from './support/form.ts'

const browser = useBrowser()

const setTime = async (page: Page, label: string, text: string): Promise<void> => {
  const field = page.getByLabel(label).first()
  await field.click()
  await field.fill(text)
  await field.press('Enter')
}

describe('a form', () => {
  it('takes province, city and district from one chooser', async () => {
    const page = await browser.signIn('beike')
    await page.goto('/l/vslc/room/new')
    const chooser = page.getByRole('combobox', { name: /所在省\/市\/区/ })
    await chooser.click()
    await page.getByRole('menuitemcheckbox', { name: '北京市' }).first().click()
    await page.getByRole('menuitemcheckbox', { name: '北京市' }).nth(1).click()
    await page.getByRole('menuitemcheckbox', { name: '海淀区' }).click()

    await page.getByTitle('北京市 / 北京市 / 海淀区').waitFor()
    expect(await page.getByRole('combobox', { name: /^所在/ }).count()).toBe(1)
  })
  it('says what is missing before it asks the server', async () => {
    const page = await browser.signIn('beike')
    await page.goto('/l/vslc/room/new')
    await press(page, '保存')

    await page.getByRole('alert').getByText('处需要修改').waitFor()
    await page.getByRole('alert').getByRole('button', { name: '考场名称' }).click()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('f.name')
  })
  it('keeps defaults in step with what they rest on until a person types their own', async () => {
    const page = await browser.signIn('itmc')
    await page.goto('/l/vslc/exam-plan/new')
    await setTime(page, '首场开考时间', '2027-09-12 09:00')
    const registrationEnd = page.locator('[id="f.regWindow.end"]')
    await expect.poll(() => registrationEnd.inputValue()).toBe('2027-08-20 00:00')
    await setTime(page, '首场开考时间', '2027-10-12 09:00')
    await expect.poll(() => registrationEnd.inputValue()).toBe('2027-09-24 00:00')
  })
})
