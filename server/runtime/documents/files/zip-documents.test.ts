import { describe, expect, it } from 'vitest'
import type { DocumentProgress, DocumentResult } from '../types.ts'
import { zipDocuments } from './zip-documents.ts'

const document = (index: number, name: string): DocumentResult => ({ ok: true, index, name, type: 'pdf', bytes: new Uint8Array(64 * 1024).fill(index), pages: 1 })
async function* listOf(results: DocumentResult[]): AsyncGenerator<DocumentResult> { yield* results }
async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
/** Names in the central directory, in order. */
const namesIn = (zip: Buffer): string[] => {
  const names: string[] = []
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 46, 'latin1')) {
    names.push(zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28)).toString('utf8'))
  }
  return names
}

describe('a ZIP of documents', () => {
  it('holds every document under a name of its own and tells the progress', async () => {
    const progress: DocumentProgress[] = []
    const zip = await bytesOf(zipDocuments(listOf([document(0, '甲.pdf'), document(1, '甲.pdf'), document(2, '乙.pdf')]), { now: 0, onProgress: (step) => progress.push(step) }))
    expect(namesIn(zip)).toEqual(['甲.pdf', '甲 (2).pdf', '乙.pdf'])
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3])
  })
  it('lists the documents that failed in a last entry', async () => {
    const failure: DocumentResult = { ok: false, index: 1, problem: { code: 'DOCUMENT_IMAGE_MISSING', message: 'x', userMessage: '缺少“照片”图片，请上传后重试' } }
    const zip = await bytesOf(zipDocuments(listOf([document(0, '甲.pdf'), failure]), { now: 0 }))
    expect(namesIn(zip)).toEqual(['甲.pdf', '未生成的文档.txt'])
  })
  it('stops asking for documents when the reader goes away', async () => {
    let made = 0
    let ended = false
    async function* endless(): AsyncGenerator<DocumentResult> {
      try {
        for (;;) yield document(made++, 'x.pdf')
      } finally {
        ended = true
      }
    }
    const stream = zipDocuments(endless(), { now: 0 })
    stream.on('error', () => undefined)
    await new Promise((resolve) => stream.once('data', resolve))
    stream.destroy()
    await expect.poll(() => ended).toBe(true)
    expect(made).toBeLessThan(50)
  })
  it('passes a failure of the printing on to the reader', async () => {
    async function* broken(): AsyncGenerator<DocumentResult> {
      yield document(0, 'x.pdf')
      throw new Error('the source broke')
    }
    await expect(bytesOf(zipDocuments(broken(), { now: 0 }))).rejects.toThrow('the source broke')
  })
})
