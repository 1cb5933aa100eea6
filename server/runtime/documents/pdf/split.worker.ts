import { parentPort } from 'node:worker_threads'
import { mergePdfs, splitPdf, type PdfMeta, type SplitPart } from './split-pdf.ts'

export type SplitRequest = { id: number } & ({ kind: 'split'; bytes: Uint8Array; prefix: string; metas: PdfMeta[] } | { kind: 'merge'; batches: Uint8Array[]; meta: PdfMeta })
export type SplitAnswer = { id: number } & ({ parts: SplitPart[] } | { error: string })

async function answer(request: SplitRequest): Promise<SplitAnswer> {
  try {
    const parts = request.kind === 'split' ? await splitPdf(request.bytes, request.prefix, request.metas) : [await mergePdfs(request.batches, request.meta)]
    return { id: request.id, parts }
  } catch (error) {
    return { id: request.id, error: (error as Error).message }
  }
}

parentPort?.on('message', (request: SplitRequest) => {
  void answer(request).then((reply) => {
    const transfer = 'parts' in reply ? reply.parts.map((part) => part.bytes.buffer as ArrayBuffer) : []
    parentPort?.postMessage(reply, transfer)
  })
})
