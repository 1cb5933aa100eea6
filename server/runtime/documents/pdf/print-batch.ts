import { assembleHtml, MARK } from '../html/render-html.ts'
import { DocumentError, isPrinterLost, problemOf } from '../errors.ts'
import type { CompiledTemplate, DocumentResult, RenderEnv } from '../types.ts'
import type { PreparedDocument } from './batches.ts'
import type { ChromiumPool } from './chromium-pool.ts'
import type { PdfMeta } from './split-pdf.ts'
import type { Splitter } from './splitter.ts'

export interface Printer { pool: ChromiumPool; splitter: Splitter; maxPages: number }

/** A machine-side loss that another try may cure. */
const worthAnotherTry = (error: unknown): boolean =>
  error instanceof DocumentError && ['DOCUMENT_PRINTER_CRASHED', 'DOCUMENT_PRINT_TIMEOUT', 'DOCUMENT_TOO_LARGE'].includes(error.code)

const metaOf = (template: CompiledTemplate, document: PreparedDocument, env: RenderEnv): PdfMeta =>
  ({ title: document.name.replace(/\.pdf$/, ''), author: env.site?.name ?? '', now: env.now })

/** Prints a batch; a crash is tried once more with a new browser. */
export async function printDocuments(printer: Printer, template: CompiledTemplate, documents: PreparedDocument[]): Promise<Uint8Array> {
  const html = assembleHtml(template, documents.map(({ body }) => body))
  try {
    return await printer.pool.print(html)
  } catch (error) {
    if (!(error instanceof DocumentError) || error.code !== 'DOCUMENT_PRINTER_CRASHED') throw error
    return printer.pool.print(html)
  }
}

/** Takes a printed batch apart; a document over the page limit fails alone. */
export async function splitDocuments(printer: Printer, template: CompiledTemplate, documents: PreparedDocument[], bytes: Uint8Array, env: RenderEnv): Promise<DocumentResult[]> {
  const parts = await printer.splitter.split(bytes, MARK, documents.map((document) => metaOf(template, document, env)))
  return documents.map(({ index, name }, at): DocumentResult => {
    const part = parts[at]
    if (part && part.pages <= printer.maxPages) return { ok: true, index, name, type: 'pdf', bytes: part.bytes, pages: part.pages }
    return { ok: false, index, problem: problemOf(new DocumentError('DOCUMENT_TOO_LARGE', `${template.def.file}: "${name}" has ${part?.pages ?? 0} pages, allowed are ${printer.maxPages}`, `文档共 ${part?.pages ?? 0} 页，超过 ${printer.maxPages} 页的限制`)) }
  })
}

const PROBE = '<!doctype html><title>probe</title><p>probe</p>'
const PROBE_MS = 20_000

/** Throws when nothing can be printed at all: then no document is to blame, and the whole has to wait. */
async function assertPrinterWorks(printer: Printer, cause: unknown): Promise<void> {
  if (cause instanceof DocumentError && cause.code === 'DOCUMENT_CLOSED') throw cause
  if (isPrinterLost(cause)) await printer.pool.print(PROBE, PROBE_MS)
}

/** After a failed batch: halves, down to the document that is the cause, so that one bad document cannot stop the others. */
export async function isolate(printer: Printer, template: CompiledTemplate, documents: PreparedDocument[], env: RenderEnv, cause: unknown): Promise<DocumentResult[]> {
  await assertPrinterWorks(printer, cause)
  const separable = worthAnotherTry(cause) || (cause instanceof DocumentError && cause.code === 'DOCUMENT_SPLIT_FAILED')
  if (documents.length <= 1 || !separable) return documents.map(({ index }) => ({ ok: false, index, problem: problemOf(cause) }))
  const middle = Math.ceil(documents.length / 2)
  const results: DocumentResult[] = []
  for (const half of [documents.slice(0, middle), documents.slice(middle)]) results.push(...await printAndSplit(printer, template, half, env))
  return results
}

export async function printAndSplit(printer: Printer, template: CompiledTemplate, documents: PreparedDocument[], env: RenderEnv): Promise<DocumentResult[]> {
  try {
    return await splitDocuments(printer, template, documents, await printDocuments(printer, template, documents), env)
  } catch (error) {
    return isolate(printer, template, documents, env, error)
  }
}
