import { describe, expect, it } from 'vitest'
import { fromBase32, stepOf, totp } from '#server/runtime/accounts/totp.ts'
import { useBrowser } from './support/browser.ts'
import { create, press, type } from './support/form.ts'
import { openList } from './support/list.ts'

// codes follow the server's time, so this one keeps the real one
const browser = useBrowser({ clock: new Date().toISOString() })
const PASSWORD = 'Certflow-2026'
let secret = ''
let recovery: string[] = []
const code = (later = 0): string => totp(fromBase32(secret), stepOf(Date.now()) + later)

describe.sequential('a second factor', () => {
  it('is enrolled with the code of an app, which gets its secret as a picture or as text', async () => {
    const page = await browser.signIn('itmc')
    await page.goto('/password')
    await page.getByRole('link', { name: '两步验证' }).click()
    const picture = page.getByRole('img', { name: '验证器二维码' })
    await picture.waitFor()
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
    secret = (await page.locator('code').innerText()).replaceAll(/\s/g, '')
    await browser.picture(page, 'factor-enrol')

    await page.getByLabel(/^验证码/).fill('000000')
    await press(page, '启用两步验证')
    await page.getByRole('alert').waitFor()
    await browser.picture(page, 'factor-wrong')
    // the secret stands until it is confirmed
    expect((await page.locator('code').innerText()).replaceAll(/\s/g, '')).toBe(secret)
    await page.getByLabel(/^验证码/).fill(code())
    await press(page, '启用两步验证')
    await page.locator('.recovery-codes code').first().waitFor()
    recovery = await page.locator('.recovery-codes code').allInnerTexts()
    await browser.picture(page, 'factor-codes')
    expect(new Set(recovery).size).toBeGreaterThanOrEqual(8)
  })
  it('is asked for at the next sign-in before anything else opens', async () => {
    const page = await browser.signIn('itmc')
    await page.waitForURL(/\/second-factor/)
    await page.goto('/tasks')
    await page.waitForURL(/\/second-factor/)
    await browser.picture(page, 'factor-verify')
    // the code of enrolment does not count twice, that of the next half minute does
    await page.getByLabel(/^验证码/).fill(code(1))
    await press(page, '验证')
    await page.getByRole('navigation').first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })
  it('opens with a recovery code on a lost phone, and can be taken off again', async () => {
    const page = await browser.signIn('itmc')
    await page.getByLabel(/^验证码/).fill(recovery[0]!)
    await press(page, '验证')
    await page.getByRole('navigation').first().waitFor()
    await page.goto('/second-factor')
    await browser.picture(page, 'factor-on')
    await page.getByLabel(/^验证码/).fill(recovery[0]!)
    await press(page, '停用两步验证')
    await page.getByRole('alert').waitFor()
    await page.getByLabel(/^验证码/).fill(recovery[1]!)
    await press(page, '停用两步验证')
    await page.waitForURL(/\/password/)

    const next = await browser.signIn('itmc')
    await next.getByRole('navigation').first().waitFor()
  })
})

describe('a session that has ended', () => {
  it('gives back what was typed into a form after signing in again', async () => {
    const page = await browser.signIn('beike')
    await openList(page, '考核站点申报')
    await create(page, '申报考核站点')
    await type(page, '详细地址', '未保存路1号')
    await page.getByText(/已自动保存/).waitFor()
    await page.context().clearCookies()
    await press(page, '保存')
    await page.waitForURL(/\/login\?/)
    await page.getByText('登录已过期').first().waitFor()
    await browser.picture(page, 'session-ended')
    await page.locator('input[name="account"]').fill('beike')
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.locator('button[type="submit"]').click()

    await page.waitForURL(/\/l\/vslc\/exam-site\/new/)
    await browser.picture(page, 'session-draft')
    await press(page, '恢复')
    expect(await page.getByRole('textbox', { name: '详细地址', exact: true }).inputValue()).toBe('未保存路1号')
  })
})
