import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { createDocuments, type CompiledTemplate, type DocumentContext, type DocumentResult } from '#server/runtime/documents/index.ts'
import { compiled, env, factsOf, picturesOf, shippedTemplate, templateOf, textOf } from './support.ts'

const documents = createDocuments()
afterAll(() => documents.close())

type Delivered = Extract<DocumentResult, { ok: true }>
const delivered = (result: DocumentResult | undefined): Delivered => {
  if (!result?.ok) throw new Error(result ? result.problem.message : 'nothing was printed')
  return result
}
async function printAll(template: CompiledTemplate, contexts: DocumentContext[], on?: (result: DocumentResult) => void): Promise<DocumentResult[]> {
  const results: DocumentResult[] = []
  await documents.renderPdfs(template, contexts, { env, onDocument: (result) => { results.push(result); on?.(result) } })
  return results
}
const page = compiled(templateOf({ filename: '{{id}}', data: { id: { path: 'id' }, long: { path: 'long' } }, html: '<h1>编号{{id}}号</h1>{{#if long}}{{pageBreak}}<p>第二页{{id}}</p>{{/if}}' }))

describe('an admission ticket (VSLC-183, VSLC-184)', () => {
  const { def, sample } = shippedTemplate('vslc', 'admission-ticket')
  const template = compiled(def)

  it('prints the person with masked number, the photo, all subjects and the notice on one page', async () => {
    const [result] = await printAll(template, [{ ...sample, name: '𠮷田·古丽', photo: 'sample:portrait', idNo: '370*****6532' }])
    const ticket = delivered(result)
    const text = await textOf(ticket.bytes)
    expect(ticket.name).toBe('𠮷田·古丽(20260301000111000000700001)-示例应用职业技能等级证书准考证.pdf')
    for (const shown of ['𠮷田·古丽', '370*****6532', '20260301000111000000700001', '2026-05-20 09:00~11:00', '2026-05-20 14:00~16:00', '示例应用实操', '考试须知', '两证缺一不可']) expect(text.replaceAll(' ', '')).toContain(shown.replaceAll(' ', ''))
    expect(ticket.pages).toBe(1)
    expect(await picturesOf(ticket.bytes)).toContain('image 295x413')
    expect(ticket.bytes.byteLength).toBeLessThan(120 * 1024)
  })

  it('carries title and time of printing in its properties', async () => {
    const [result] = await printAll(template, [sample])
    const facts = await factsOf(delivered(result).bytes)
    expect(facts).toMatch(/Title:\s+示例考生甲\(20260301000111000000700001\)/)
    expect(facts).toMatch(/Page size:.*\(A4\)/)
    expect(facts).toMatch(/CreationDate:\s+Mon Jun {2}8/)
  })
})

describe('a certificate (VSLC-057, VSLC-062)', () => {
  const { def, sample } = shippedTemplate('vslc', 'certificate')
  const template = compiled(def)
  const seals = async (context: DocumentContext): Promise<string[]> =>
    (await picturesOf(delivered((await printAll(template, [context]))[0]).bytes)).filter((picture) => picture.startsWith('image'))

  it('prints photo, both signature seals and the official seal on one A4 landscape page', async () => {
    expect(await seals(sample)).toEqual(['image 295x413', 'image 200x200', 'image 200x200', 'image 360x360'])
  })
  it('leaves the official seal out of the paper print, keeping the signature seals', async () => {
    expect(await seals({ ...sample, paperPrint: true })).toEqual(['image 295x413', 'image 200x200', 'image 200x200'])
  })
  it('prints name, level, code and date in characters', async () => {
    const [result] = await printAll(template, [sample])
    const text = await textOf(delivered(result).bytes)
    for (const shown of ['示例考生甲', '中级', 'SL2026110000070001', '二〇二六年六月八日']) expect(text.replaceAll(' ', '')).toContain(shown)
    expect(await factsOf(delivered(result).bytes)).toMatch(/Pages:\s+1\n[\s\S]*Page size:\s+841\.\d+ x 594/)
  })
  it('is refused without the seal it needs, and the next one is printed all the same', async () => {
    const results = await printAll(template, [{ ...sample, officialSeal: null }, sample])
    expect(results[0]).toMatchObject({ ok: false, index: 0, problem: { code: 'DOCUMENT_IMAGE_MISSING', userMessage: '缺少“培训评价组织公章”图片，请上传后重试' } })
    expect(results[1]).toMatchObject({ ok: true, index: 1 })
  })
})

describe('Chromium is shut in', () => {
  it('neither runs scripts nor asks the network, even for markup that passed no check', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => { asked.push(request.url ?? ''); response.end('x') })
    server.on('connection', () => asked.push('connection'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const safe = compiled(templateOf({ html: '<p>原文</p>' }))
    const hostile = `<p id="p">原文</p><script>document.getElementById('p').textContent='改过'</script><img src="${origin}/img"><link rel="stylesheet" href="${origin}/css"><iframe src="${origin}/frame"></iframe><iframe src="file:///etc/passwd"></iframe><object data="${origin}/object"></object><style>@import "${origin}/import";p{background:url(${origin}/bg)}</style><svg><image href="${origin}/svg"/></svg>`
    const [result] = await printAll({ ...safe, body: () => ({ text: hostile, images: [] }) }, [{}])
    const leaving = `<p>原文</p><meta http-equiv="refresh" content="0;url=${origin}/refresh">`
    await printAll({ ...safe, body: () => ({ text: leaving, images: [] }) }, [{}])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await textOf(delivered(result).bytes)).toBe('原文')
    expect(asked).toEqual([])
  })
})

describe('batches', () => {
  it('prints 120 documents in order, one of them with two pages, none with another\'s text', async () => {
    const contexts = Array.from({ length: 120 }, (_, index) => ({ id: `A${index}Z`, long: index === 57 }))
    const results = (await printAll(page, contexts)).map(delivered)
    expect(results.map(({ name }) => name)).toEqual(contexts.map(({ id }) => `${id}.pdf`))
    expect(results.map(({ pages }) => pages)).toEqual(contexts.map(({ long }) => (long ? 2 : 1)))
    for (const index of [0, 56, 57, 58, 99, 100, 119]) {
      const text = await textOf(results[index]?.bytes ?? new Uint8Array())
      expect(text).toBe(index === 57 ? '编号A57Z号 第二页A57Z' : `编号A${index}Z号`)
    }
  })

  it('puts the glyphs of no other document into a file: a name printed among many weighs what it weighs alone', async () => {
    const named = compiled(templateOf({ filename: '{{id}}', data: { id: { path: 'id' }, name: { path: 'name' } }, css: 'p{font-family:"Noto Sans CJK SC"}', html: '<p>姓名{{name}}</p>' }))
    const others = Array.from({ length: 60 }, (_, index) => ({ id: `n${index}`, name: String.fromCodePoint(0x5200 + index * 7, 0x6200 + index * 11, 0x7200 + index * 5) }))
    const among = (await printAll(named, others)).map(delivered)
    const alone = delivered((await printAll(named, [others[30]!]))[0])
    expect(among[30]!.bytes.byteLength).toBeLessThan(alone.bytes.byteLength * 1.1)
    expect(await textOf(among[30]!.bytes)).toBe(`姓名${others[30]!.name}`)
  })

  it('goes on after the browser is killed in the middle of a batch', async () => {
    const contexts = Array.from({ length: 210 }, (_, index) => ({ id: `K${index}`, long: false }))
    await printAll(page, contexts.slice(0, 1))
    const first = await documents.browserPid()
    const results: DocumentResult[] = []
    await documents.renderPdfs(page, contexts, {
      env, onDocument: (result) => {
        results.push(result)
        // the second batch is printing while the first is delivered
        if (result.index === 0 && first) process.kill(first, 'SIGKILL')
      },
    })
    expect(results.map((result) => delivered(result).name)).toEqual(contexts.map(({ id }) => `${id}.pdf`))
    expect(await documents.browserPid()).not.toBe(first)
  })

  it('prints the others when one document breaks out of its place', async () => {
    const breaking = compiled(templateOf({ filename: '{{id}}', data: { id: { path: 'id' } }, html: '<p>{{id}}</p>' }))
    const wild: CompiledTemplate = { ...breaking, body: (context, world) => (context.id === 2 ? { text: '<p>2</p></section><!--', images: [] } : breaking.body(context, world)) }
    const results = await printAll(wild, [0, 1, 2, 3].map((id) => ({ id })))
    expect(await Promise.all(results.map((result) => textOf(delivered(result).bytes)))).toEqual(['0', '1', '2', '3'])
  })

  it('refuses a document with more pages than allowed and keeps its neighbours', async () => {
    const small = createDocuments({ maxPages: 1 })
    const results: DocumentResult[] = []
    await small.renderPdfs(page, [{ id: 'a' }, { id: 'b', long: true }, { id: 'c' }], { env, onDocument: (result) => { results.push(result) } })
    await small.close()
    expect(results.map((result) => (result.ok ? result.name : result.problem.userMessage))).toEqual(['a.pdf', '文档共 2 页，超过 1 页的限制', 'c.pdf'])
  })

  it('ends a print that takes too long', async () => {
    const hasty = createDocuments({ timeout: 1 })
    const results: DocumentResult[] = []
    await hasty.renderPdfs(page, [{ id: 'a' }], { env, onDocument: (result) => { results.push(result) } })
    await hasty.close()
    expect(results).toMatchObject([{ ok: false, problem: { code: 'DOCUMENT_PRINT_TIMEOUT', userMessage: '文档打印超时，请减少内容后重试' } }])
  })

  it('ends a browser that takes more memory than allowed', async () => {
    const narrow = createDocuments({ memoryLimit: 1 })
    const rows = compiled(templateOf({ data: { id: { path: 'id' } }, html: `<table>${'<tr><td>行{{id}}</td><td>{{id}}</td></tr>'.repeat(20_000)}</table>` }))
    const results: DocumentResult[] = []
    await narrow.renderPdfs(rows, [{ id: 1 }], { env, onDocument: (result) => { results.push(result) } })
    await narrow.close()
    expect(results).toMatchObject([{ ok: false, problem: { code: 'DOCUMENT_TOO_LARGE', userMessage: '文档过大，超出内存限制，请减少内容或图片' } }])
  })

  it('merges a set into one PDF in order', async () => {
    const merged = await documents.merge(page, [{ id: 'a' }, { id: 'b', long: true }, { id: 'c' }], env)
    expect(merged.pages).toBe(4)
    expect(await textOf(merged.bytes)).toBe('编号a号 编号b号 第二页b 编号c号')
  })

  it('lays several contexts on one document where the template says perPage', async () => {
    const cards = compiled(templateOf({ perPage: 2, filename: '{{id}}', data: { id: { path: 'id' } }, html: '<p>卡{{id}}</p>' }))
    const results = (await printAll(cards, [1, 2, 3].map((id) => ({ id })))).map(delivered)
    expect(await Promise.all(results.map(({ bytes }) => textOf(bytes)))).toEqual(['卡1 卡2', '卡3'])
  })
})

describe('what is missing', () => {
  it('says which browser was looked for', async () => {
    const lost = createDocuments({ chromiumPath: '/nowhere/chromium' })
    const results: DocumentResult[] = []
    await lost.renderPdfs(page, [{ id: 'a' }], { env, onDocument: (result) => { results.push(result) } })
    expect(results).toMatchObject([{ ok: false, problem: { code: 'DOCUMENT_CHROMIUM_MISSING', message: expect.stringContaining('/nowhere/chromium') as string } }])
    expect(await lost.doctor()).toMatchObject({ ok: false, chromium: { ok: false } })
    await lost.close()
  })
  it('finds this machine healthy', async () => {
    expect(await documents.doctor()).toMatchObject({ ok: true, chromium: { ok: true, version: expect.stringMatching(/Chrom/) as string }, fonts: { ok: true, rareCharacters: true } })
  })
})
