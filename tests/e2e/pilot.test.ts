import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { ask, csrfOf } from './support/ask.ts'
import { useBrowser } from './support/browser.ts'
import { create, dialog, edit, pick, press, stands, type, valueOf, write } from './support/form.ts'
import { openList, openRow, openTab, rowWith } from './support/list.ts'

const browser = useBrowser({ clock: '2026-03-02T09:00+08:00' })
const CERTIFICATE = '数字营销技术应用职业技能等级证书(中级)'
const PLAN = '2026年第一批'
const SCHOOL = '京西示范信息学院'
let record = ''

/** The server's refusals come as quickly as they can. */
async function answerAtOnce(page: Page, during: () => Promise<void>): Promise<void> {
  await page.route('**/x/act*', (route) => route.fulfill({ status: 409, json: { ok: false, problems: [{ code: 'BUSY', message: '请稍后再试' }] } }))
  await during()
  await page.unroute('**/x/act*')
}

describe.sequential('a school applies to pilot a certificate', () => {
  it('is kept as a draft before it is complete', async () => {
    const page = await browser.signIn('third')
    await openList(page, '证书试点申报')
    await create(page, '申报证书试点')
    await pick(page, '申报计划', PLAN)
    await pick(page, '证书名称', '中级')
    await type(page, '申请总培训人数', '60')
    await browser.picture(page, 'pilot-form')
    await press(page, '保存')

    await page.waitForURL(/\/r\/vslc\/pilot-application\/\d+$/)
    record = new URL(page.url()).pathname
    await stands(page, '未提交')
    await browser.picture(page, 'pilot-draft')
  })
  it('is not submitted while something required is missing, and says what', async () => {
    const page = await browser.signIn('third')
    await page.goto(record)
    await edit(page)
    await press(page, '保存并提交')

    const summary = page.getByRole('alert').filter({ hasText: '有 1 处需要修改' })
    await summary.getByText('师资情况').waitFor()
    await browser.picture(page, 'pilot-missing')
    await write(page, '师资情况', '专任教师8人')
    await press(page, '保存并提交')
    await stands(page, '待初审')
    await page.getByText('专任教师8人').waitFor()
  })
  it('cannot be opened by another school', async () => {
    browser.expectNoise('404')
    const page = await browser.signIn('other')
    const answer = await page.goto(record)

    expect(answer?.status()).toBe(404)
    await page.getByText('没有找到此内容').waitFor()
    await browser.picture(page, 'pilot-other-school')
  })
  it('comes back from the province with a reason', async () => {
    const page = await browser.signIn('bj')
    await page.getByRole('link', { name: /待办|全部/ }).first().waitFor()
    await openList(page, '证书试点申报')
    await openTab(page, '待初审')
    await openRow(page, SCHOOL, '中级')
    await press(page, '退回')
    const asking = dialog(page, '退回')
    await press(asking, '退回')
    await asking.getByText('请填写意见').waitFor()
    await asking.getByRole('textbox').fill('人数有误')
    await browser.picture(page, 'pilot-return')
    await press(asking, '退回')

    await stands(page, '审核退回')
    await openTab(page, '审核记录')
    await page.getByText('人数有误').waitFor()
    await browser.picture(page, 'pilot-trail')
  })
  it('keeps no script in its rich text, whatever is sent past the editor', async () => {
    const school = await browser.signIn('third')
    await school.goto(record)
    const venue = '<p>机房3间</p><img src=x onerror="window.broken=1"><script>window.broken=1</script><a href="javascript:window.broken=1">详情</a>'
    const saved = await ask(school, 'save', { entity: 'vslc/pilot-application', id: record.split('/').at(-1), data: { venue } }, await csrfOf(school))
    expect(await saved.json()).toMatchObject({ ok: true })
    await school.reload()
    const shown = valueOf(school, '场地情况')
    await shown.getByText('机房3间').waitFor()

    expect(await shown.innerHTML()).not.toMatch(/onerror|<script|javascript:/i)
    expect(await school.evaluate(() => 'broken' in window)).toBe(false)
  })
  it('is corrected and submitted again by the school, even after the window', async () => {
    await browser.advanceTo('2026-04-02T09:00+08:00')
    const page = await browser.signIn('third')
    await page.getByRole('link', { name: new RegExp(CERTIFICATE.replace(/[()]/g, '.')) }).first().waitFor()
    await browser.picture(page, 'pilot-tasks')
    await page.goto(record)
    await edit(page)
    await type(page, '申请总培训人数', '50')
    await press(page, '保存并提交')

    await stands(page, '待初审')
    await page.getByText('50', { exact: true }).first().waitFor()
  })
  it('is approved for fewer people, and a colleague with an old page is told so', async () => {
    const first = await browser.signIn('bj')
    const second = await browser.signIn('bj')
    for (const page of [first, second]) {
      await page.goto(record)
      await press(page, '通过')
    }
    const asking = dialog(first, '通过')
    await answerAtOnce(first, async () => { for (let n = 0; n < 20; n++) await press(asking, '通过') })
    await type(asking, '批准总培训人数', '70')
    await press(asking, '通过')
    await asking.getByText('批准人数不能超过申请人数').first().waitFor()
    await browser.picture(first, 'pilot-too-many')
    await type(asking, '批准总培训人数', '40')
    await press(asking, '通过')
    await stands(first, '审核通过')

    const late = dialog(second, '通过')
    await type(late, '批准总培训人数', '30')
    await press(late, '通过')
    await late.getByText('已被他人处理').waitFor()
    await browser.picture(second, 'pilot-stale')
    await second.reload()
    await second.getByText('40', { exact: true }).first().waitFor()
  })
  it('is shown to the school as approved, with nothing left to press', async () => {
    const page = await browser.signIn('third')
    await openList(page, '证书试点申报')
    await openTab(page, '审核通过')
    await rowWith(page, '中级', '40').waitFor()
    await openRow(page, '中级', '40')

    expect(await page.getByRole('button', { name: /编辑|提交|删除/ }).count()).toBe(0)
    await browser.picture(page, 'pilot-approved')
  })
})
