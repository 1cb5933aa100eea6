import { checkDocumentsHealth, type DocumentsHealth } from './doctor.ts'
import { problemOf } from './errors.ts'
import { fileNameOf } from './files/file-name.ts'
import { ChromiumPool, type PoolOptions } from './pdf/chromium-pool.ts'
import { assertFonts } from './pdf/fonts.ts'
import { mergeDocuments } from './pdf/merge-documents.ts'
import type { Printer } from './pdf/print-batch.ts'
import { Splitter } from './pdf/splitter.ts'
import { streamPdfs } from './pdf/stream-pdfs.ts'
import type { CompiledTemplate, Contexts, DocumentContext, DocumentProgress, DocumentResult, DocumentType, RenderEnv } from './types.ts'

export interface DocumentsOptions extends PoolOptions {
  /** pages one document may have (default 100) */
  maxPages?: number
}
export interface RenderOptions {
  env: RenderEnv
  /** called in order; the next documents wait for its promise */
  onDocument: (document: DocumentResult) => void | Promise<void>
  onProgress?: (progress: DocumentProgress) => void
}
type Delivered = Extract<DocumentResult, { ok: true }>

/** Documents of any template: one Chromium and one splitting thread, both started when first needed. */
export interface Documents {
  /** results in the order of the contexts; a failed document is a result too. `type` defaults to the template's kind */
  stream(template: CompiledTemplate, contexts: Contexts, env: RenderEnv, type?: DocumentType): AsyncGenerator<DocumentResult>
  renderPdfs(template: CompiledTemplate, contexts: Contexts, options: RenderOptions): Promise<DocumentProgress>
  /** all contexts in one file: a PDF, or a workbook with a sheet each */
  merge(template: CompiledTemplate, contexts: Contexts, env: RenderEnv, type?: DocumentType): Promise<Delivered>
  doctor(): Promise<DocumentsHealth>
  browserPid(): Promise<number | undefined>
  close(): Promise<void>
}

export function createDocuments(options: DocumentsOptions = {}): Documents {
  const { maxPages = 100, ...poolOptions } = options
  const printer: Printer = { pool: new ChromiumPool(poolOptions), splitter: new Splitter(), maxPages }
  let fonts: Promise<void> | null = null
  const ready = (): Promise<void> => {
    fonts ??= assertFonts().catch((error: unknown) => { fonts = null; throw error })
    return fonts
  }
  const stream: Documents['stream'] = async function* (template, contexts, env, type = typeOf(template)) {
    if (type === 'xlsx') return yield* streamWorkbooks(template, contexts, env)
    await ready()
    yield* streamPdfs(printer, template, contexts, env)
  }
  return {
    stream,
    async renderPdfs(template, contexts, { env, onDocument, onProgress }) {
      const progress: DocumentProgress = { done: 0, failed: 0 }
      for await (const document of stream(template, contexts, env, 'pdf')) {
        await onDocument(document)
        progress[document.ok ? 'done' : 'failed']++
        onProgress?.({ ...progress })
      }
      return progress
    },
    async merge(template, contexts, env, type = typeOf(template)) {
      if (type === 'xlsx') return mergeWorkbook(template, contexts, env)
      await ready()
      return mergeDocuments(printer, template, contexts, env)
    },
    doctor: () => checkDocumentsHealth(options.chromiumPath),
    browserPid: () => printer.pool.pid(),
    async close() {
      await Promise.all([printer.pool.close(), printer.splitter.close()])
    },
  }
}

// the library that writes workbooks comes with the first one
const renderXlsx = async (template: CompiledTemplate, contexts: DocumentContext[], env: RenderEnv): Promise<Uint8Array> =>
  (await import('./sheet/sheet-xlsx.ts')).renderXlsx(template, contexts, env)

const typeOf = (template: CompiledTemplate): DocumentType => (template.def.kind === 'xlsx' ? 'xlsx' : 'pdf')

async function* streamWorkbooks(template: CompiledTemplate, contexts: Contexts, env: RenderEnv): AsyncGenerator<DocumentResult> {
  let index = 0
  for await (const context of contexts) {
    try {
      yield { ok: true, index, name: fileNameOf(template, context, env, 'xlsx'), type: 'xlsx', bytes: await renderXlsx(template, [context], env), pages: 1 }
    } catch (error) {
      yield { ok: false, index, problem: problemOf(error) }
    }
    index++
  }
}

async function mergeWorkbook(template: CompiledTemplate, contexts: Contexts, env: RenderEnv): Promise<Delivered> {
  const all: DocumentContext[] = []
  for await (const context of contexts) all.push(context)
  const [first = {}] = all
  return { ok: true, index: 0, name: fileNameOf(template, first, env, 'xlsx'), type: 'xlsx', bytes: await renderXlsx(template, all, env), pages: all.length }
}
