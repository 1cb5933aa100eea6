import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { findChromium } from '#server/runtime/documents/pdf/find-chromium.ts'
import { check, median, shown } from './harness/measure.ts'
import { startProduct, User, type Product } from './harness/product.ts'
import { DEMO } from './harness/school.ts'
import { pressKey, typeKeys, watch, type Typing } from './harness/typing.ts'
import type { BenchContext, Benchmark, Figure } from './harness/types.ts'

const ACCOUNT = 'itmc'
/** the form with most fields that a person of the demo set fills in, and one with a table */
const LONGEST = { entity: 'vslc/exam-plan', field: 'name' }
const TABLE = { entity: 'itmc-digital-marketing/annual-schedule', array: 'sittings', column: 'note' }
const KEYS = 40

async function openBrowser(ctx: BenchContext): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: await findChromium(ctx.config.chromium), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  ctx.after(() => browser.close())
  return browser
}

async function signIn(browser: Browser, product: Product): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', baseURL: product.url, viewport: { width: 1360, height: 900 } })
  const page = await context.newPage()
  await page.goto('/login')
  await page.locator('input[name="account"]').fill(ACCOUNT)
  await page.locator('input[name="password"]').fill('Certflow-2026')
  await Promise.all([page.waitForURL((at) => !at.pathname.startsWith('/login')), page.locator('button[type="submit"]').click()])
  return page
}

async function openForm(page: Page, entity: string): Promise<number> {
  await page.goto(`/l/${entity}/new`, { waitUntil: 'networkidle' })
  const fields = await page.locator('.schema-form').locator('input, textarea, [contenteditable="true"]').count()
  await watch(page)
  return fields
}

const field = (page: Page, id: string) => page.locator(`[id="${id}"]`)

/** Rows are pasted as from a spreadsheet. */
async function pasteRows(page: Page, rows: number): Promise<void> {
  await page.getByRole('button', { name: /添加一行/ }).click()
  await field(page, `f.${TABLE.array}.0.number`).focus()
  await page.evaluate((count) => {
    const data = new DataTransfer()
    data.setData('text/plain', Array.from({ length: count }, (_, n) => `${n + 1}\t2026-05-20\t中级\t第${n + 1}次考核`).join('\n'))
    document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, rows)
  await page.getByText(`${rows} `).first().waitFor()
  await page.waitForTimeout(1_500)
}

let script: Promise<string> | undefined
const stockScript = (): Promise<string> => (script ??= (async () => {
  const made = await build({ configFile: false, logLevel: 'error', define: { 'process.env.NODE_ENV': '"production"' }, build: { write: false, rollupOptions: { input: join(import.meta.dirname, 'harness/stock-form.tsx'), output: { format: 'iife' } } } })
  const chunk = 'output' in made ? made.output[0] : undefined
  check(chunk?.type === 'chunk', 'the stock form was not bundled')
  return chunk.code
})())

/** The library's own form in a page by itself. */
async function stockPage(browser: Browser, given: { schema: object; data: object }): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1360, height: 900 } })).newPage()
  await page.goto('about:blank')
  await page.setContent('<!DOCTYPE html><html lang="zh-CN"><body><div id="root"></div></body></html>')
  await page.evaluate((value) => { (window as unknown as { given: unknown }).given = value }, given)
  await page.addScriptTag({ content: await stockScript() })
  await page.locator('form').waitFor({ timeout: 120_000 })
  await watch(page)
  return page
}

interface Measured { ours: Typing[]; theirs: Typing[] }
const figure = (id: string, what: string, { ours, theirs }: Measured, more: string): Figure => ({
  id, what, value: median(ours.map((t) => t.middle)), unit: ' ms', goal: { atMost: 50 },
  behind: `p95 ${shown(median(ours.map((t) => t.p95)))} ms, worst ${shown(Math.max(...ours.map((t) => t.worst)))} ms; the library's own form ${shown(median(theirs.map((t) => t.middle)))} ms; ${more}`,
})

async function rounds(ctx: BenchContext, ours: () => Promise<Typing>, theirs: () => Promise<Typing>): Promise<Measured> {
  const out: Measured = { ours: [], theirs: [] }
  await ours()
  for (let n = 0; n < ctx.rounds; n++) { out.ours.push(await ours()); out.theirs.push(await theirs()) }
  return out
}

async function longest(ctx: BenchContext, browser: Browser, page: Page, user: User): Promise<Figure[]> {
  const fields = await openForm(page, LONGEST.entity)
  const { form } = await user.ask<{ form: { schema: object; data: object } }>('form', { entity: LONGEST.entity })
  const stock = await stockPage(browser, form)
  const type = async (on: Page): Promise<Typing> => { await on.bringToFront(); await field(on, `f.${LONGEST.field}`).fill(''); await on.waitForTimeout(800); await field(on, `f.${LONGEST.field}`).focus(); return typeKeys(on, KEYS) }
  const measured = await rounds(ctx, () => type(page), () => type(stock))
  const held = await field(page, `f.${LONGEST.field}`).inputValue()
  check(held.length === KEYS, `the field holds ${held.length} letters`)
  await stock.close()
  return [
    figure('longest', `a key in the longest form (${fields} inputs) until it is painted`, measured, `stock rjsf of the same schema`),
    { id: 'pause', what: 'the longest task in the pause after typing, in which the form takes the text over', value: median(measured.ours.map((t) => t.longTask)), unit: ' ms', behind: `the library's own form: ${shown(median(measured.theirs.map((t) => t.longTask)))} ms while typing` },
  ]
}

async function table(ctx: BenchContext, browser: Browser, page: Page, user: User): Promise<Figure[]> {
  const rows = ctx.size(500)
  await openForm(page, TABLE.entity)
  await pasteRows(page, rows)
  const cell = (n: number): string => `f.${TABLE.array}.${n}.${TABLE.column}`
  const { form } = await user.ask<{ form: { schema: object } }>('form', { entity: TABLE.entity })
  const data = { [TABLE.array]: Array.from({ length: rows }, (_, n) => ({ number: n + 1, examDate: '2026-05-20', levels: '中级', note: `第${n + 1}次考核` })) }
  const stock = await stockPage(browser, { schema: form.schema, data })
  let at = 0
  const commits: number[] = []
  const ours = async (): Promise<Typing> => {
    await page.bringToFront()
    const row = at++ % 8
    await field(page, cell(row)).focus()
    const typed = await typeKeys(page, KEYS)
    commits.push(await pressKey(page, 'Enter'))
    check((await field(page, cell(row)).inputValue()).length > KEYS, 'the cell has lost its text')
    return typed
  }
  const theirs = async (): Promise<Typing> => { await stock.bringToFront(); await field(stock, cell(1)).focus(); return typeKeys(stock, Math.min(KEYS, 10)) }
  const measured = await rounds(ctx, ours, theirs)
  await stock.close()
  return [
    figure('table', `a key in a table of ${rows} rows until it is painted`, measured, `stock rjsf of the same schema and rows`),
    { id: 'leave', what: 'the key that leaves a cell of it, whose text the form then takes over', value: median(commits), unit: ' ms' },
  ]
}

const benchmark: Benchmark = {
  title: 'From a key to the paint in Chromium: the longest form and a long table, against stock rjsf with the same schema',
  async run(ctx) {
    const product = await startProduct(ctx.dir, DEMO.demo)
    ctx.after(() => product.stop())
    const user = await User.signIn(product.url, ACCOUNT)
    const browser = await openBrowser(ctx)
    const page = await signIn(browser, product)
    ctx.say('the longest form')
    const figures = await longest(ctx, browser, page, user)
    ctx.say('the table')
    return [...figures, ...await table(ctx, browser, page, user)]
  },
}
export default benchmark
