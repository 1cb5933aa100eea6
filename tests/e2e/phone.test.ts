import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'

const browser = useBrowser()
const WIDTH = 360

describe('at 360 pixels', () => {
  it.each(['/login', '/verify', '/scores'])('the public page %s fits', async (path) => {
    const page = await browser.newPage({ phone: true })
    await page.goto(path)
    await page.getByRole('button').last().waitFor()
    await browser.picture(page, `phone-${path.slice(1)}`)

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(WIDTH)
  })
  it.each([
    ['wang', ['/me', '/password', '/l/vslc/entry?list=mine']],
    ['beike', ['/', '/tasks', '/jobs', '/l/vslc/candidate', '/l/vslc/exam-site/new']],
  ])('%s never scrolls sideways', async (account, paths) => {
    const page = await browser.signIn(account, { phone: true })
    for (const path of paths) {
      await page.goto(path)
      await page.locator('h1').first().waitFor()
      await browser.picture(page, `phone-${account}${path.replace(/\W/g, '-')}`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(WIDTH)
    }
  })
  it('a candidate comes to their own page after signing in, and to their lists from there', async () => {
    const page = await browser.signIn('wang', { phone: true })

    expect(new URL(page.url()).pathname).toBe('/me')
    await page.getByText('王小八，您好').waitFor()
    await page.getByRole('heading', { name: /我的报考/ }).getByRole('link').click()
    await page.waitForURL(/list=mine/)
    await page.getByRole('heading', { level: 1, name: '我的报考' }).waitFor()
  })
})
