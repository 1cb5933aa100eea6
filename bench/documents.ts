import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Page } from 'puppeteer-core'
import { createDocuments, fontsAvailable, renderHtml, type CompiledTemplate } from '#server/runtime/documents/index.ts'
import { findChromium } from '#server/runtime/documents/pdf/find-chromium.ts'
import { check, inTurns, median, shown, timed } from './harness/measure.ts'
import { ticketEnv, ticketOf, ticketPhotos, ticketTemplate } from './harness/tickets.ts'
import type { BenchContext, Benchmark, Figure } from './harness/types.ts'

const NOTO = 'Noto Sans CJK SC'
const NOW = Date.parse('2026-05-13T09:00+08:00')
const SAMPLE = 40

/** A browser that is started and warm, with one open page. */
async function warmPage(ctx: BenchContext): Promise<Page> {
  const browser = await puppeteer.launch({
    executablePath: await findChromium(ctx.config.chromium ?? undefined), userDataDir: await mkdtemp(join(ctx.dir, 'chromium-')), headless: true,
    args: ['--disable-gpu', '--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  ctx.after(() => browser.close())
  return browser.newPage()
}

async function inFont(ctx: BenchContext, page: Page, photos: Uint8Array[], font: string | undefined): Promise<Figure[]> {
  const { template, sample } = await ticketTemplate(font)
  const env = ticketEnv(photos, NOW)
  const count = ctx.size(1_000)
  const contexts = ticketOf(sample, count)
  const few = contexts.slice(0, Math.min(count, SAMPLE))
  const documents = createDocuments(ctx.config.chromium ? { chromiumPath: ctx.config.chromium } : {})
  const sizes: number[] = []
  const ours = async (): Promise<number> => {
    sizes.length = 0
    const ms = await timed(() => documents.renderPdfs(template, contexts, { env, onDocument: (d) => { check(d.ok && d.pages === 1, d.ok ? `${d.pages} pages` : d.problem.message); sizes.push(d.bytes.length) } }))
    check(sizes.length === count, `${sizes.length} of ${count} were printed`)
    return ms / count
  }
  try {
    const ms = await inTurns(ctx.rounds, ours, () => oneByOne(page, template, few, env))
    const fonts = (await fontsAvailable()).found.join(', ')
    const [id, what] = font ? ['noto', `in ${font}`] : ['own', 'in the first font of the list that is installed']
    return [
      { id: `ratio-${id}`, what: `${count} tickets ${what}: one print each on a warm browser takes so many times as long`, value: 1 / ms.ratio, unit: '×', goal: { atLeast: 10 }, behind: `${shown(ms.ours)} ms against ${shown(ms.theirs)} ms a ticket; installed: ${fonts}` },
      { id: `ms-${id}`, what: `a ticket ${what}`, value: ms.ours, unit: ' ms', ...(font ? { goal: { atMost: 15 } } : {}) },
      { id: `kb-${id}`, what: `its size ${what}`, value: median(sizes) / 1024, unit: ' KB', ...(font ? { goal: { atMost: 100 } } : {}), behind: `largest ${shown(Math.max(...sizes) / 1024)} KB, photo ${shown(median(photos.map((p) => p.length)) / 1024)} KB` },
    ]
  } finally { await documents.close() }
}

/** What one would write without batches: the same page for each document, printed by itself. Milliseconds a document. */
async function oneByOne(page: Page, template: CompiledTemplate, contexts: Parameters<typeof renderHtml>[1], env: Parameters<typeof renderHtml>[2]): Promise<number> {
  const ms = await timed(async () => {
    for (const context of contexts) {
      await page.setContent(await renderHtml(template, [context], env), { waitUntil: 'load' })
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: false, outline: false })
      check(pdf.length > 10_000, `a ticket of ${pdf.length} bytes`)
    }
  })
  return ms / contexts.length
}

const benchmark: Benchmark = {
  title: 'Admission tickets with photo, bar code and QR code as single PDFs, against one print each on a warm browser',
  async run(ctx) {
    const { found } = await fontsAvailable()
    const page = await warmPage(ctx)
    const photos = await ticketPhotos()
    ctx.say(`fonts: ${found.join(', ')}`)
    const figures: Figure[] = []
    if (found.includes(NOTO)) figures.push(...await inFont(ctx, page, photos, NOTO))
    else figures.push({ id: 'ratio-noto', what: `tickets in ${NOTO}`, value: NaN, unit: '×', goal: { atLeast: 10 }, behind: 'the font is not installed: apt-get install fonts-noto-cjk' })
    if (found[0] && found[0] !== NOTO) figures.push(...await inFont(ctx, page, photos, undefined))
    return figures
  },
}
export default benchmark
