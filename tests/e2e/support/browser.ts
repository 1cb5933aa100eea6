import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type ConsoleMessage, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { startServer, type RunningServer } from './start-server.ts'

const ROOT = join(import.meta.dirname, '../../..')
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const executable = (): string => {
  const configured = process.env['CHROMIUM_PATH']
  const found = configured ?? (process.env['PATH'] ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name))).find((file) => existsSync(file))
  if (!found) throw new Error('Chromium is not installed; on Debian: apt-get install -y chromium')
  return found
}

interface BrowserOptions { /** a server of this file's own with this demo set and these definitions over the shipped ones */ programme?: { demo: string; definitions: string }; /** a server of this file's own, whose time begins here (ISO); else the server that all files share */ clock?: string }
export interface Desktop { advanceTo(instant: string): Promise<void>; /** the open page of the running test */ page(): Page; newPage(options?: { phone?: boolean; still?: boolean }): Promise<Page>; readonly url: string; signIn(account: string, options?: { password?: string; phone?: boolean; still?: boolean }): Promise<Page>; /** console errors of this test that belong to it, by a part of their text */ expectNoise(part: string): void; /** a picture of the step, for people: kept only when E2E_PICTURES names a folder */ picture(page: Page, name: string): Promise<void> }

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const STEP_MS = 20_000
const DESK = { viewport: { width: 1360, height: 900 } }

// a call that the server refuses with reasons is an answer; the browser reports it all the same
const isRefusal = (message: ConsoleMessage): boolean => /status of 4\d\d/.test(message.text()) && new URL(message.location().url).pathname.startsWith('/x/')

const keepPictures = async (name: string, pages: Page[]): Promise<void> => {
  const dir = join(ROOT, 'test-results')
  mkdirSync(dir, { recursive: true })
  for (const [index, page] of pages.entries()) if (!page.isClosed()) await page.screenshot({ path: join(dir, `${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${index + 1}.png`), fullPage: true })
}

/** A browser for the tests of one file: fresh context per test, a picture on failure, and no error in any console. */
export function useBrowser(options: BrowserOptions = {}): Desktop {
  let browser: Browser
  const contexts: BrowserContext[] = []
  const pages: Page[] = []
  let noise: string[] = []
  let expected: string[] = []
  let own: RunningServer | null = null
  let url = options.clock || options.programme ? '' : inject('serverUrl')

  beforeAll(async () => {
    if (options.clock || options.programme) {
      own = await startServer({ ...(options.clock ? { clock: options.clock } : {}), ...options.programme })
      url = own.url
    }
    browser = await chromium.launch({ executablePath: executable(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  })
  afterAll(async () => {
    await browser.close()
    await own?.stop()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPictures(task.name, pages)
    const heard = noise.filter((line) => !expected.some((part) => line.includes(part)))
    noise = []
    expected = []
    pages.length = 0
    for (const context of contexts.splice(0)) await context.close()
    expect(heard.join('\n'), 'errors in the browser console').toBe('')
  })

  const newPage = async (options: { phone?: boolean; still?: boolean } = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true, baseURL: url, ...(options.still ? { reducedMotion: 'reduce' as const } : {}), ...(options.phone ? PHONE : DESK) })
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS)
    pages.push(page)
    page.on('pageerror', (error) => noise.push(String(error)))
    page.on('console', (message) => { if (message.type() === 'error' && !isRefusal(message)) noise.push(`${message.text()} (${message.location().url})`) })
    return page
  }
  return {
    get url() { return url },
    newPage,
    expectNoise: (part) => { expected.push(part) },
    advanceTo: (instant) => own ? own.advanceTo(instant) : Promise.reject(new Error('the shared server keeps its time; ask useBrowser for a server of its own with { clock }')),
    async picture(page, name) {
      const dir = process.env['E2E_PICTURES']
      if (!dir) return
      mkdirSync(dir, { recursive: true })
      await page.screenshot({ path: join(dir, `${name}.png`) })
    },
    page: () => { const last = pages.at(-1); if (!last) throw new Error('no page is open; call newPage or signIn first'); return last },
    async signIn(account, { password = 'Certflow-2026', phone = false, still = false } = {}) {
      const page = await newPage({ phone, still })
      await page.goto('/login')
      await page.locator('input[name="account"]').fill(account)
      await page.locator('input[name="password"]').fill(password)
      await Promise.all([page.waitForURL((at) => !at.pathname.startsWith('/login')), page.locator('button[type="submit"]').click()])
      return page
    },
  }
}
