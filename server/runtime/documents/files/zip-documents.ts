import { PassThrough, type Readable } from 'node:stream'
import { writeArchive, type ArchiveSource } from '#server/runtime/records/archive/index.ts'
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

/** Documents as a ZIP stream with unique names; one document at a time is in memory, at the reader's pace. A reader that goes away ends the printing, too. */
export function zipDocuments(documents: AsyncIterable<DocumentResult>, options: ZipOptions): Readable {
  const output = new PassThrough()
  writeArchive(output, entriesOf(documents, options), options.now).catch((error: Error) => output.destroy(error))
  return output
}

async function* entriesOf(documents: AsyncIterable<DocumentResult>, { onProgress, onFailure }: ZipOptions): AsyncGenerator<ArchiveSource> {
  const taken = new Set<string>([FAILURES])
  const failures: string[] = []
  let done = 0
  for await (const document of documents) {
    if (document.ok) {
      // PDF and xlsx are compressed already
      yield { name: uniqueName(document.name, taken), source: Buffer.from(document.bytes.buffer, document.bytes.byteOffset, document.bytes.byteLength), stored: true }
      done++
    } else {
      failures.push(`第 ${document.index + 1} 份：${document.problem.userMessage}`)
      onFailure?.(document)
    }
    onProgress?.({ done, failed: failures.length })
  }
  if (failures.length > 0) yield { name: FAILURES, source: Buffer.from(`\uFEFF${failures.join('\r\n')}\r\n`, 'utf8') }
}
