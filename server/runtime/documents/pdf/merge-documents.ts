import { DocumentError } from '../errors.ts'
import { cleanFileName } from '../files/file-name.ts'
import type { CompiledTemplate, Contexts, DocumentResult, RenderEnv } from '../types.ts'
import { prepareBatches } from './batches.ts'
import { printDocuments, type Printer } from './print-batch.ts'

/** One file is made in memory, so it has an end; larger sets are a ZIP. */
const MAX_DOCUMENTS = 1000

/** All documents as one PDF named after the template. The first failing document refuses the whole: a gap would go unseen. */
export async function mergeDocuments(printer: Printer, template: CompiledTemplate, contexts: Contexts, env: RenderEnv): Promise<Extract<DocumentResult, { ok: true }>> {
  const batches: Uint8Array[] = []
  let count = 0
  for await (const { documents, failed } of prepareBatches(template, contexts, env)) {
    const [first] = failed
    if (first) throw new DocumentError('DOCUMENT_RENDER_FAILED', `document ${first.index + 1}: ${first.problem.message}`, `第 ${first.index + 1} 份：${first.problem.userMessage}`)
    count += documents.length
    if (count > MAX_DOCUMENTS) throw new DocumentError('DOCUMENT_TOO_LARGE', `a merged PDF holds at most ${MAX_DOCUMENTS} documents; ask for a ZIP or narrow the selection`, `合并打印最多 ${MAX_DOCUMENTS} 份，请缩小范围或下载压缩包`)
    batches.push(await printDocuments(printer, template, documents))
  }
  if (batches.length === 0) throw new DocumentError('DOCUMENT_RENDER_FAILED', 'there is nothing to print; choose at least one record', '没有可打印的记录')
  const title = template.def.title.zh
  const { bytes, pages } = await printer.splitter.merge(batches, { title, author: env.site?.name ?? '', now: env.now })
  return { ok: true, index: 0, name: cleanFileName(title, 'pdf'), type: 'pdf', bytes, pages }
}
