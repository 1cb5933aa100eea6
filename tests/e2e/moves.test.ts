import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { create, dialog, pick, press, stands, type } from './support/form.ts'
import { openList, openRow } from './support/list.ts'

const browser = useBrowser({ programme: { demo: 'elder-care-experts', definitions: join(import.meta.dirname, '../fixtures/trial-programme') } })

/** Works for several programmes: this one is chosen after the sign-in. */
const officer = async (): Promise<Page> => {
  const page = await browser.signIn('songhe')
  const menu = page.getByRole('menuitem', { name: '智慧养老服务职业技能等级证书', exact: true })
  for (let tries = 0; tries < 10 && !(await menu.isVisible()); tries++) {
    await page.locator('header').getByText('考务专员', { exact: true }).click()
    await menu.waitFor({ timeout: 1_000 }).catch(() => undefined)
  }
  await menu.click()
  await page.locator('.brand').getByText('智慧养老服务职业技能等级证书').waitFor()
  return page
}
const order = async (page: Page, name: string, amount?: string): Promise<void> => {
  await openList(page, '物资申购')
  await create(page, '新增物资申购')
  await type(page, '申购内容', name)
  if (amount !== undefined) await type(page, '金额（元）', amount)
  await press(page, '提交')
}
/** A button whose dialog asks for a comment, and perhaps more. */
const say = async (page: Page, button: string, comment: string, ask?: (place: ReturnType<typeof dialog>) => Promise<void>): Promise<void> => {
  await press(page, button)
  await ask?.(dialog(page, button))
  await dialog(page, button).locator('textarea').last().fill(comment)
  await press(dialog(page, button), button)
  await dialog(page, button).waitFor({ state: 'detached' })
}

describe('a task', () => {
  it('is claimed from the inbox, delegated, returned, and what was sent is taken back', async () => {
    const desk = await officer()
    await order(desk, '护理床十张', '52000')
    await stands(desk, '待初审')

    const gao = await browser.signIn('songhe.gao')
    await gao.goto(`${browser.url}/tasks`)
    await gao.getByRole('button', { name: '认领', exact: true }).click()
    await gao.getByRole('button', { name: '放回', exact: true }).waitFor()
    await browser.picture(gao, 'inbox-claimed')
    await gao.getByRole('link', { name: '初审', exact: true }).click()
    await say(gao, '委派', '请看型号', (box) => box.getByText('兰专家', { exact: true }).click())
    await gao.getByText('兰专家').first().waitFor()
    await browser.picture(gao, 'delegated')
    expect(await gao.getByRole('button', { name: '初审通过' }).count()).toBe(0)

    const lan = await browser.signIn('songhe.lan')
    await lan.goto(`${browser.url}/tasks`)
    await lan.getByRole('link', { name: '初审', exact: true }).click()
    await say(lan, '交回', '型号合适')

    await gao.reload()
    // a draft is not for reviewers: from what they returned they come back to the list; the other's page looks again by itself and finds it gone
    browser.expectNoise('(Not Found)')
    await say(gao, '退回', '缺报价单')
    await gao.getByRole('heading', { level: 1, name: '物资申购' }).waitFor()
    expect(await gao.locator('tbody').getByText('护理床十张').count()).toBe(0)

    await desk.reload()
    await stands(desk, '草稿')
    await press(desk, '提交')
    await stands(desk, '待初审')
    await say(desk, '撤回', '写错了金额')
    await stands(desk, '草稿')
    await desk.getByRole('tab', { name: /历史/ }).click()
    await desk.getByText('写错了金额').first().waitFor()
    await browser.picture(desk, 'history')
  })

  it('waits for those who are asked to sign, and is not for who did the one before', async () => {
    const desk = await officer()
    await order(desk, '轮椅', '20000')
    await stands(desk, '待初审')
    const gao = await browser.signIn('songhe.gao')
    await openList(gao, '物资申购')
    await openRow(gao, '轮椅')
    await say(gao, '初审通过', '同意')
    await stands(gao, '待终审')
    await gao.getByLabel(/批准: 您已办理“初审”，按职责分离要求须由他人办理/).first().waitFor()
    await browser.picture(gao, 'duties')

    const he = await browser.signIn('songhe.he')
    await openList(he, '物资申购')
    await openRow(he, '轮椅')
    await press(he, '前加签')
    await pick(dialog(he, '前加签'), '加签人', '兰专家')
    await browser.picture(he, 'signers')
    await press(dialog(he, '前加签'), '前加签')
    await dialog(he, '前加签').waitFor({ state: 'detached' })
    await he.getByText('兰专家').first().waitFor()
  })
})

describe('an incident', () => {
  it('is listed with its cause, and settled after a variable has been corrected', async () => {
    const desk = await officer()
    await order(desk, '数量未定')
    await desk.goto(`${browser.url}/incidents`)
    const row = desk.getByRole('row').filter({ hasText: '数量未定' })
    await row.getByText('“逐批登记”需要办理的次数或人员无法确定').waitFor()
    await browser.picture(desk, 'incidents')
    await row.getByRole('button', { name: '修改变量' }).click()
    const box = desk.getByRole('dialog')
    await box.getByLabel('lots').fill('1')
    await box.getByLabel('原因').fill('电话确认为一批')
    await browser.picture(desk, 'incident-variables')
    await box.getByRole('button', { name: '确 定' }).or(box.getByRole('button', { name: '确定' })).click()
    await box.waitFor({ state: 'detached' })
    await row.getByRole('checkbox').check()
    await desk.getByRole('button', { name: /批量重试/ }).click()
    await desk.getByText('没有流程异常').waitFor()
    await openList(desk, '物资申购')
    await openRow(desk, '数量未定')
    await stands(desk, '待终审')
  })
})
