import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'puppeteer-core'
import { hasEnded, processMark } from '#server/platform/process-mark.ts'
import { DocumentError } from '../errors.ts'
import { findChromium } from './find-chromium.ts'
import { printPage } from './print-page.ts'
import { processTreeMemory } from './process-memory.ts'
import { Slots } from '#server/platform/slots.ts'

export interface PoolOptions {
  /** path of the browser; absent = searched on PATH */
  chromiumPath?: string
  /** pages printed at the same time (default 2) */
  tabs?: number
  /** milliseconds for one print (default 60 000) */
  timeout?: number
  /** bytes of the browser with its children before it is ended (default 2 GiB) */
  memoryLimit?: number
  /** prints after which the browser is started anew (default 200) */
  recycleAfter?: number
  /** milliseconds without a print after which the browser is ended (default 120 000) */
  idleAfter?: number
}

const FLAGS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // Aborted requests may still have opened a connection ahead of time: all of them end at a port where nobody listens.
  '--proxy-server=http://127.0.0.1:1', '--proxy-bypass-list=<-loopback>', '--dns-prefetch-disable',
  '--disable-extensions', '--disable-dev-shm-usage', '--mute-audio', '--no-default-browser-check',
]
const WATCH_EVERY = 500
const PROFILE = 'certflow-chromium-'
/** what a browser gets to end by itself; one that hangs never does */
const END_MS = 5_000

/** One Chromium, started when first needed, started again after a crash. */
export class ChromiumPool {
  readonly #options: Required<Omit<PoolOptions, 'chromiumPath'>> & { chromiumPath?: string }
  readonly #slots: Slots
  #browser: Promise<Browser> | null = null
  #prints = 0
  #active = 0
  #closed = false
  #idle: NodeJS.Timeout | undefined
  /** removals of the profiles of ended browsers; awaited at close, so that a killed browser leaves nothing behind */
  readonly #leaving = new Set<Promise<void>>()

  constructor(options: PoolOptions = {}) {
    this.#options = { tabs: 2, timeout: 60_000, memoryLimit: 2 * 1024 ** 3, recycleAfter: 200, idleAfter: 120_000, ...options }
    this.#slots = new Slots(this.#options.tabs)
  }

  /** Process id of the running browser, undefined while there is none. */
  async pid(): Promise<number | undefined> {
    return (await this.#browser?.catch(() => null))?.process()?.pid
  }

  /** Prints one HTML page; refusals are DocumentErrors (timeout, crash, memory). */
  async print(html: string, timeout = this.#options.timeout): Promise<Uint8Array> {
    return this.#slots.use(async () => {
      if (this.#closed) throw new DocumentError('DOCUMENT_CLOSED', 'the document service was closed; nothing more is printed', '系统正在停止，请稍后重试')
      clearTimeout(this.#idle)
      this.#active++
      const opening = this.#open()
      const browser = await opening.catch((error: unknown) => { this.#active--; throw error })
      const watch = this.#watchMemory(browser)
      try {
        return await printPage(browser, html, timeout)
      } catch (error) {
        // A hung renderer does not answer a polite request to close.
        if (error instanceof DocumentError && error.code === 'DOCUMENT_PRINT_TIMEOUT') {
          browser.process()?.kill('SIGKILL')
          // its end is noticed a moment later: nobody is to begin with it meanwhile
          if (this.#browser === opening) this.#browser = null
        }
        throw watch.exceeded() ? new DocumentError('DOCUMENT_TOO_LARGE', `printing took more than ${this.#options.memoryLimit} bytes of memory; print fewer or smaller documents`, '文档过大，超出内存限制，请减少内容或图片') : error
      } finally {
        watch.stop()
        this.#active--
        await this.#recycle()
      }
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
    await Promise.all(this.#leaving)
  }

  #open(): Promise<Browser> {
    if (this.#browser) return this.#browser
    const opening = this.#launch()
    const forget = (): void => { if (this.#browser === opening) this.#browser = null }
    opening.then((browser) => browser.once('disconnected', forget), forget)
    this.#browser = opening
    this.#prints = 0
    return opening
  }

  async #launch(): Promise<Browser> {
    const executablePath = await findChromium(this.#options.chromiumPath)
    // Root cannot use Chromium's sandbox; everybody else keeps it.
    const args = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS
    await this.#sweep()
    const userDataDir = await mkdtemp(join(tmpdir(), `${PROFILE}${processMark()}.`))
    try {
      const { default: puppeteer } = await import('puppeteer-core')
      const browser = await puppeteer.launch({
        // through a pipe, which closes with this process however that ends: no browser is left behind
        pipe: true,
        executablePath, userDataDir, headless: true, args, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, timeout: 30_000,
      })
      browser.process()?.once('exit', () => this.#discard(userDataDir))
      return browser
    } catch (error) {
      await rm(userDataDir, { recursive: true, force: true })
      throw new DocumentError('DOCUMENT_PRINTER_CRASHED', `${executablePath} did not start: ${(error as Error).message}`, 'PDF 打印组件无法启动，请联系管理员', error)
    }
  }

  /** Profiles of processes that were killed. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(tmpdir())) {
      if (!name.startsWith(PROFILE) || !hasEnded(name.slice(PROFILE.length, name.lastIndexOf('.')))) continue
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined) // another process sweeps too
    }
  }

  #discard(folder: string): void {
    // The children of a killed browser may still write for a moment; what cannot be removed then is the temporary folder's business.
    const removal = rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => undefined).finally(() => this.#leaving.delete(removal))
    this.#leaving.add(removal)
  }

  async #recycle(): Promise<void> {
    this.#prints++
    if (this.#active > 0) return
    if (this.#prints >= this.#options.recycleAfter) await this.#end()
    else this.#idle = setTimeout(() => void this.#end(), this.#options.idleAfter).unref()
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const opening = this.#browser
    this.#browser = null
    const browser = await opening?.catch(() => null) // one that never started has nothing to close
    if (!browser?.connected) return
    const late = setTimeout(() => browser.process()?.kill('SIGKILL'), END_MS)
    await browser.close().catch(() => undefined) // killed meanwhile: it has ended too
    clearTimeout(late)
  }

  #watchMemory(browser: Browser): { stop: () => void; exceeded: () => boolean } {
    let over = false
    const look = async (): Promise<void> => {
      const pid = browser.process()?.pid
      if (!pid || await processTreeMemory(pid) <= this.#options.memoryLimit) return
      over = true
      browser.process()?.kill('SIGKILL')
    }
    const timer = setInterval(() => void look(), WATCH_EVERY)
    timer.unref()
    return { stop: () => clearInterval(timer), exceeded: () => over }
  }
}
