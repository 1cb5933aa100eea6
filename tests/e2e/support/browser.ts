import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, onTestFailed } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const executable = (): string => {
  const configured = process.env['CHROMIUM_PATH']
  const found = configured ?? (process.env['PATH'] ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name))).find((file) => existsSync(file))
  if (!found) throw new Error('Chromium is not installed; on Debian: apt-get install -y chromium')
  return found
}

export interface Desktop { /** the open page of the running test */ page(): Page; newPage(options?: { phone?: boolean }): Promise<Page>; url: string; signIn(account: string, password?: string): Promise<Page> }

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const DESK = { viewport: { width: 1360, height: 900 } }

/** A browser for the tests of one file: fresh context per test, a picture on failure, and no error in any console. */
export function useBrowser(): Desktop {
  let browser: Browser
  const contexts: BrowserContext[] = []
  const pages: Page[] = []
  let noise: string[] = []
  const url = inject('serverUrl')

  beforeAll(async () => { browser = await chromium.launch({ executablePath: executable(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }) })
  afterAll(async () => { await browser.close() })
  afterEach(async () => {
    const heard = noise
    noise = []
    pages.length = 0
    for (const context of contexts.splice(0)) await context.close()
    expect(heard, 'errors in the browser console').toEqual([])
  })

  const newPage = async (options: { phone?: boolean } = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true, baseURL: url, ...(options.phone ? PHONE : DESK) })
    contexts.push(context)
    const page = await context.newPage()
    pages.push(page)
    page.on('pageerror', (error) => noise.push(String(error)))
    page.on('console', (message) => { if (message.type() === 'error') noise.push(`${message.text()} (${message.location().url})`) })
    onTestFailed(async ({ task }) => {
      const dir = join(ROOT, 'test-results')
      mkdirSync(dir, { recursive: true })
      if (!page.isClosed()) await page.screenshot({ path: join(dir, `${task.name.replace(/[^\p{L}\p{N}]+/gu, '-')}.png`), fullPage: true })
    })
    return page
  }
  return {
    url, newPage,
    page: () => { const last = pages.at(-1); if (!last) throw new Error('no page is open; call newPage or signIn first'); return last },
    async signIn(account, password = 'Certflow-2026') {
      const page = await newPage()
      await page.goto('/login')
      await page.locator('input[name="account"]').fill(account)
      await page.locator('input[name="password"]').fill(password)
      await Promise.all([page.waitForURL((at) => !at.pathname.startsWith('/login')), page.locator('button[type="submit"]').click()])
      return page
    },
  }
}
