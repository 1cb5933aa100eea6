import { Worker } from 'node:worker_threads'
import { DocumentError } from '../errors.ts'
import type { PdfMeta, SplitPart } from './split-pdf.ts'
import type { SplitAnswer, SplitRequest } from './split.worker.ts'

type Work = { kind: 'split'; bytes: Uint8Array; prefix: string; metas: PdfMeta[] } | { kind: 'merge'; batches: Uint8Array[]; meta: PdfMeta }
interface Waiting { resolve: (parts: SplitPart[]) => void; reject: (error: Error) => void }

const failed = (reason: string): DocumentError =>
  new DocumentError('DOCUMENT_SPLIT_FAILED', `the printed batch could not be taken apart: ${reason}`, '文档拆分失败，请联系管理员检查模板')

/** milliseconds without work after which the thread ends and gives its memory back */
const IDLE = 15_000

/** The thread that takes printed batches apart while the next one prints; started when first needed, ended when idle. */
export class Splitter {
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  readonly #idleAfter: number
  #next = 1
  readonly #waiting = new Map<number, Waiting>()

  constructor(idleAfter = IDLE) { this.#idleAfter = idleAfter }

  /** Gives the batch away: `bytes` must not be used afterwards. */
  split(bytes: Uint8Array, prefix: string, metas: PdfMeta[]): Promise<SplitPart[]> {
    return this.#ask({ kind: 'split', bytes, prefix, metas })
  }

  async merge(batches: Uint8Array[], meta: PdfMeta): Promise<SplitPart> {
    const [part] = await this.#ask({ kind: 'merge', batches, meta })
    if (!part) throw failed('nothing came back')
    return part
  }

  async close(): Promise<void> {
    await this.#end()
    this.#fail('the document service was closed')
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  #rest(worker: Worker): void {
    worker.unref() // an idle thread must not keep the process alive
    this.#idle = setTimeout(() => void this.#end(), this.#idleAfter).unref()
  }

  #ask(work: Work): Promise<SplitPart[]> {
    clearTimeout(this.#idle)
    const id = this.#next++
    const worker = this.#open()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ id, ...work } satisfies SplitRequest)
    })
  }

  #open(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./split.worker.mjs', import.meta.url), { execArgv: [] })
    worker.on('message', (reply: SplitAnswer) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if (this.#waiting.size === 0) this.#rest(worker)
      if ('parts' in reply) waiting?.resolve(reply.parts)
      else waiting?.reject(failed(reply.error))
    })
    const lost = (reason: string): void => {
      if (this.#worker !== worker) return
      this.#worker = null
      this.#fail(reason)
    }
    worker.on('error', (error) => lost((error as Error).message))
    worker.on('exit', (code) => lost(`the thread ended with code ${code}`))
    this.#worker = worker
    return worker
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(failed(reason))
    this.#waiting.clear()
  }
}
