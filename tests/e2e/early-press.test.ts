import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'

const browser = useBrowser()

describe('who presses and types before a page has finished loading', () => {
  it('finds a page that answers, whatever its scripts were just doing', async () => {
    const page = await browser.signIn('beike')
    await page.addInitScript(() => {
      const press = (): void => {
        if (performance.now() > 4_000) return
        document.querySelector('.page-header button, button')?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
        document.querySelector('input')?.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true }))
        setTimeout(press)
      }
      press()
    })
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
    for (let n = 0; n < 6; n++) {
      await page.goto('/l/vslc/candidate')
      await page.getByRole('button', { name: '搜索' }).first().click()
      await page.getByRole('dialog').waitFor()
    }
  })

  it('is heard as soon as it has', async () => {
    const page = await browser.signIn('beike')
    await page.addInitScript(() => {
      // set while the page's first drawing goes on
      let router: unknown
      Object.defineProperty(window, '__remixRouter', { get: () => router, set: (value: unknown) => {
        router = value
        const field = document.querySelector<HTMLInputElement>('.form-page input[type=text]:not([readonly])')
        if (!field) return
        field.value = '先写的'
        field.dispatchEvent(new Event('input', { bubbles: true }))
        const search = [...document.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === '搜索' || button.textContent.includes('搜索'))
        search?.click()
      } })
    })
    await page.goto('/l/vslc/candidate/new')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    const field = page.locator('.form-page input[type=text]:not([readonly])').first()

    expect(await field.inputValue()).toBe('先写的')
    // what the form knows is what it writes again when something else changes
    await page.locator('.form-page input[type=text]:not([readonly])').nth(1).fill('后写的')
    expect(await field.inputValue()).toBe('先写的')
  })

  it('has what was pressed opened at once, and no error in the console', async () => {
    const page = await browser.signIn('beike')
    await page.addInitScript(() => {
      let router: unknown
      Object.defineProperty(window, '__remixRouter', { get: () => router, set: (value: unknown) => {
        router = value
        const button = [...document.querySelectorAll<HTMLElement>('.page-header button')].find((one) => one.textContent.includes('批量导出考生信息'))
        button?.click()
      } })
    })
    await page.goto('/l/vslc/candidate')
    await page.getByRole('dialog').getByRole('button', { name: '立即导出' }).waitFor()
  })
})
