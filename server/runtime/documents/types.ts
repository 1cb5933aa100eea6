import type { Finding, TemplateDef } from '../definitions/model.ts'

/** What a document sees: the names of the template's `data`, as plain JSON-like values. Never a record, never a function. */
export type DocumentContext = Record<string, unknown>

export interface DocumentFile { bytes: Uint8Array; type?: string }
/** Reads a file of a context by its reference; null = there is none (or the reader's rights do not reach it). */
export type ReadFile = (ref: string) => Promise<DocumentFile | null>

/** The world a document is printed in. `now` in milliseconds UTC, `zone` an IANA zone; `site` is offered to templates as `@site`. */
export interface RenderEnv {
  now: number
  zone: string
  readFile: ReadFile
  site?: { name?: string; baseUrl?: string }
}

/** An image asked for while the text was made; its bytes are read afterwards. */
export interface ImageRequest { ref: string; required: boolean; label: string }

/** `place`: what `@root` and `@index` mean when the context is one item of a list. */
export interface CompiledText { (context: DocumentContext, env: RenderEnv, place?: { root: DocumentContext; index: number }): { text: string; images: ImageRequest[] } }

export interface CompiledTemplate {
  def: TemplateDef
  /** body of one document; images are still tokens */
  body: CompiledText
  fileName: CompiledText
  subject?: CompiledText
  /** texts of a sheet's cells by their source text */
  cell: (text: string) => CompiledText
}
export interface Compilation { template?: CompiledTemplate; findings: Finding[] }

export type DocumentType = 'pdf' | 'xlsx'
export interface DocumentProblem { code: string; message: string; userMessage: string }
export type DocumentResult =
  | { ok: true; index: number; name: string; type: DocumentType; bytes: Uint8Array; pages: number }
  | { ok: false; index: number; problem: DocumentProblem }

export interface DocumentProgress { done: number; failed: number }
export type Contexts = Iterable<DocumentContext> | AsyncIterable<DocumentContext>
