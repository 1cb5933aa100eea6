import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'

const browser = useBrowser()

describe('signing in', () => {
  it.each(['admin', 'bj', 'itmc', 'beike', 'beike.site'])('%s comes to a page with a menu', async (account) => {
    const page = await browser.signIn(account)

    await page.getByRole('navigation').first().waitFor()
    expect(await page.getByRole('navigation').first().getByRole('link').count()).toBeGreaterThan(0)
  })
  it('refuses a wrong password in words and stays on the page', async () => {
    const page = await browser.newPage()
    await page.goto('/login')
    await page.locator('input[name="account"]').fill('beike')
    await page.locator('input[name="password"]').fill('wrong-password')
    await page.locator('button[type="submit"]').click()

    await page.getByText('账号或密码').first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/login')
  })
  it('asks for it before any inner page', async () => {
    const page = await browser.newPage()
    await page.goto('/tasks')

    expect(new URL(page.url()).pathname).toBe('/login')
  })
})

describe('pages for everybody', () => {
  it('verify a certificate on a phone, and know nothing of an invented one', async () => {
    const page = await browser.newPage({ phone: true })
    await page.goto('/verify')
    for (const key of ['证书编码', '身份证号码']) await page.getByLabel(key).fill('110108200601020313')
    await page.locator('form.card button.primary').click()

    await page.getByText('没有查询到').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
})

describe('for people who have asked their system for less motion', () => {
  it('menus and dialogs open at once, and close', async () => {
    const page = await browser.signIn('beike', { still: true })
    await page.goto('/tasks')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('header').getByText('北科管理员', { exact: true }).click()
    await page.getByRole('menuitem').first().hover()
    await page.keyboard.press('Escape')

    await page.keyboard.press('Control+k')
    const box = page.getByRole('dialog')
    await box.waitFor()
    await page.keyboard.press('Escape')
    await box.waitFor({ state: 'hidden' })
  })
})
