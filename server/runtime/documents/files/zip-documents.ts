import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { DocumentProgress, DocumentResult } from '../types.ts'
import { uniqueName } from './file-name.ts'

export interface ZipOptions {
  /** milliseconds UTC, the time of every entry */
  now: number
  onProgress?: (progress: DocumentProgress) => void
  /** a failed document; the archive goes on and tells them in its last entry */
  onFailure?: (failure: Extract<DocumentResult, { ok: false }>) => void
}

const FAILURES = '未生成的文档.txt'

/** Documents as a ZIP stream with unique names; one document at a time is in memory, at the reader's pace. */
export function zipDocuments(documents: AsyncIterable<DocumentResult>, options: ZipOptions): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  // A reader that goes away must end the printing too, not leave it waiting for a drain.
  const stop = new AbortController()
  output.once('close', () => stop.abort())
  fill(zip, documents, options, stop.signal).catch((error: Error) => output.destroy(error))
  return output
}

/** yazl keeps the stream of every entry until the archive ends: the bytes must not be kept with it. */
function readOnce(bytes: Buffer): Readable {
  const held = [bytes]
  return new Readable({ read() { this.push(held.pop() ?? null) } })
}

async function fill(zip: ZipFile, documents: AsyncIterable<DocumentResult>, { now, onProgress, onFailure }: ZipOptions, signal: AbortSignal): Promise<void> {
  const taken = new Set<string>([FAILURES])
  const mtime = new Date(now)
  const failures: string[] = []
  let done = 0
  for await (const document of documents) {
    if (document.ok) {
      // PDF and xlsx are compressed already
      const entry = readOnce(Buffer.from(document.bytes.buffer, document.bytes.byteOffset, document.bytes.byteLength))
      zip.addReadStream(entry, uniqueName(document.name, taken), { mtime, compress: false, size: document.bytes.byteLength })
      await once(entry, 'end', { signal })
      done++
    } else {
      failures.push(`第 ${document.index + 1} 份：${document.problem.userMessage}`)
      onFailure?.(document)
    }
    onProgress?.({ done, failed: failures.length })
  }
  if (failures.length > 0) zip.addBuffer(Buffer.from(`\uFEFF${failures.join('\r\n')}\r\n`, 'utf8'), FAILURES, { mtime })
  zip.end()
}
