import { renderBody } from '../html/render-html.ts'
import { DocumentError, problemOf } from '../errors.ts'
import { fileNameOf } from '../files/file-name.ts'
import type { CompiledTemplate, Contexts, DocumentContext, DocumentProblem, RenderEnv } from '../types.ts'

export interface PreparedDocument { index: number; name: string; body: string }
export interface FailedDocument { index: number; problem: DocumentProblem }
export interface Batch { documents: PreparedDocument[]; failed: FailedDocument[] }
export interface BatchLimits { documents: number; bytes: number; documentBytes: number }

/** Prints of 100 cost 7 ms a document against 150 one by one; larger batches gain little and hold more memory. */
export const STANDARD_LIMITS: BatchLimits = { documents: 100, bytes: 8 * 1024 ** 2, documentBytes: 12 * 1024 ** 2 }

/** Contexts as batches of rendered documents, cut by number and by size; a document that fails stands in `failed`. */
export async function* prepareBatches(template: CompiledTemplate, contexts: Contexts, env: RenderEnv, limits: BatchLimits = STANDARD_LIMITS): AsyncGenerator<Batch> {
  let batch: Batch = { documents: [], failed: [] }
  let bytes = 0
  for await (const { index, members } of numbered(contexts, template.def.perPage ?? 1)) {
    try {
      const body = (await Promise.all(members.map((context) => renderBody(template, context, env)))).join('\n')
      if (body.length > limits.documentBytes) throw tooLarge(template, body.length, limits.documentBytes)
      if (batch.documents.length > 0 && bytes + body.length > limits.bytes) {
        yield batch
        batch = { documents: [], failed: [] }
        bytes = 0
      }
      batch.documents.push({ index, name: fileNameOf(template, members[0] ?? {}, env, 'pdf'), body })
      bytes += body.length
    } catch (error) {
      batch.failed.push({ index, problem: problemOf(error) })
    }
    if (batch.documents.length + batch.failed.length >= limits.documents) {
      yield batch
      batch = { documents: [], failed: [] }
      bytes = 0
    }
  }
  if (batch.documents.length + batch.failed.length > 0) yield batch
}

const tooLarge = (template: CompiledTemplate, found: number, limit: number): DocumentError => new DocumentError(
  'DOCUMENT_TOO_LARGE', `${template.def.file}: one document has ${found} characters of HTML, allowed are ${limit}; shrink its pictures or split it`, '文档内容过大，请缩小图片或减少内容')

/** `perPage` contexts make one document: cards that share a sheet. */
async function* numbered(contexts: Contexts, perPage: number): AsyncGenerator<{ index: number; members: DocumentContext[] }> {
  let index = 0
  let members: DocumentContext[] = []
  for await (const context of contexts) {
    members.push(context)
    if (members.length < perPage) continue
    yield { index: index++, members }
    members = []
  }
  if (members.length > 0) yield { index, members }
}
