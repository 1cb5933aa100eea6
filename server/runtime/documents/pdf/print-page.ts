import type { Browser, Page } from 'puppeteer-core'
import { DocumentError } from '../errors.ts'

// as the library names its own: by name, since the library is loaded with the first print
const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError'
const timeoutError = (message: string): Error => Object.assign(new Error(message), { name: 'TimeoutError' })

/** Prints HTML in a page of its own: no scripts, no network, nothing but data: addresses. Milliseconds for the whole. */
export async function printPage(browser: Browser, html: string, timeout: number): Promise<Uint8Array> {
  let page: Page | undefined
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(timeoutError(`no answer within ${timeout} ms`)), timeout) })
  try {
    return await Promise.race([tooLong, lostBrowser(browser), (async () => {
      page = await browser.newPage()
      const crash = new Promise<never>((_, reject) => page?.once('error', reject))
      return Promise.race([crash, printOn(page, html, timeout)])
    })()])
  } catch (error) {
    throw refusalOf(error, browser, timeout)
  } finally {
    clearTimeout(timer)
    if (browser.connected) void page?.close().catch(() => undefined) // the page of a crashed renderer is gone already
  }
}

const lostBrowser = (browser: Browser): Promise<never> =>
  new Promise((_, reject) => browser.once('disconnected', () => reject(new Error('the browser ended'))))

async function printOn(page: Page, html: string, timeout: number): Promise<Uint8Array> {
  await page.setJavaScriptEnabled(false)
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    const answer = request.url().startsWith('data:') ? request.continue() : request.abort('blockedbyclient')
    void answer.catch(() => undefined) // the page closed while the request was pending
  })
  await page.setContent(html, { waitUntil: 'load', timeout })
  return page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: false, outline: false, timeout })
}

function refusalOf(error: unknown, browser: Browser, timeout: number): DocumentError {
  const reason = (error as Error).message
  if (isTimeout(error)) return new DocumentError('DOCUMENT_PRINT_TIMEOUT', `printing did not end within ${timeout} ms; print fewer or simpler documents, or raise the limit`, '文档打印超时，请减少内容后重试', error)
  if (!browser.connected || /crash|closed|ended|disconnected|detached/i.test(reason)) return new DocumentError('DOCUMENT_PRINTER_CRASHED', `Chromium ended while printing: ${reason}`, 'PDF 打印组件意外退出，请重试', error)
  return new DocumentError('DOCUMENT_PRINT_FAILED', `Chromium could not print: ${reason}`, '文档打印失败，请联系管理员检查模板', error)
}
