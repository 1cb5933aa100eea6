import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { create, dialog, press, stands, type } from './support/form.ts'
import { openList } from './support/list.ts'

const browser = useBrowser({ programme: { demo: 'elder-care-experts', definitions: join(import.meta.dirname, '../fixtures/trial-programme') } })
const WIDTH = 360
const fits = async (page: Page, what: string): Promise<void> => {
  await browser.picture(page, `phone-${what}`)
  expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(WIDTH)
}

it('a reviewer on a phone sees what a task is about, claims it, and has room in every dialog', async () => {
  const desk = await browser.signIn('songhe')
  const menu = desk.getByRole('menuitem', { name: '智慧养老服务职业技能等级证书', exact: true })
  for (let tries = 0; tries < 10 && !(await menu.isVisible()); tries++) {
    await desk.locator('header').getByText('考务专员', { exact: true }).click()
    await menu.waitFor({ timeout: 1_000 }).catch(() => undefined)
  }
  await menu.click()
  await openList(desk, '物资申购')
  await create(desk, '新增物资申购')
  await type(desk, '申购内容', '康复训练器材三套')
  await type(desk, '金额（元）', '52000')
  await press(desk, '提交')
  await stands(desk, '待初审')

  const gao = await browser.signIn('songhe.gao', { phone: true })
  await gao.goto(`${browser.url}/tasks`)
  await gao.getByRole('button', { name: '认领', exact: true }).click()
  await gao.getByRole('button', { name: '放回', exact: true }).waitFor()
  await fits(gao, 'inbox')
  const told = await gao.getByText('康复训练器材三套').boundingBox()
  expect(told && told.x >= 0 && told.x + told.width <= WIDTH, 'what it is about stands in view').toBe(true)
  await gao.getByRole('link', { name: '初审', exact: true }).click()
  await gao.getByRole('button', { name: /委派|更多|⋯|…/ }).first().waitFor()
  await fits(gao, 'task')
  for (const move of ['委派', '退回']) {
    await press(gao, move)
    await dialog(gao, move).waitFor()
    await fits(gao, `dialog-${move}`)
    await dialog(gao, move).getByRole('button', { name: /取\s?消/ }).click()
    await dialog(gao, move).waitFor({ state: 'detached' })
  }
})
