import type { DocumentProblem } from './types.ts'

export type DocumentErrorCode =
  | 'DOCUMENT_TEMPLATE_INVALID' | 'DOCUMENT_RENDER_FAILED' | 'DOCUMENT_IMAGE_MISSING' | 'DOCUMENT_IMAGE_INVALID'
  | 'DOCUMENT_CHROMIUM_MISSING' | 'DOCUMENT_FONTS_MISSING' | 'DOCUMENT_PRINT_TIMEOUT' | 'DOCUMENT_PRINTER_CRASHED'
  | 'DOCUMENT_PRINT_FAILED' | 'DOCUMENT_TOO_LARGE' | 'DOCUMENT_SPLIT_FAILED' | 'DOCUMENT_CLOSED'

/** A refusal of the document service: `message` for the log (what, where, found, cure), `userMessage` for the person. */
export class DocumentError extends Error {
  readonly code: DocumentErrorCode
  readonly userMessage: string

  constructor(code: DocumentErrorCode, message: string, userMessage: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DocumentError'
    this.code = code
    this.userMessage = userMessage
  }
}

/** The printer is away, not the document wrong: the same documents may be printed later. */
export const isPrinterLost = (error: unknown): boolean =>
  error instanceof DocumentError && ['DOCUMENT_PRINTER_CRASHED', 'DOCUMENT_PRINT_TIMEOUT', 'DOCUMENT_CLOSED'].includes(error.code)

/** The two texts of any failure, for a batch that goes on without the failed document. */
export function problemOf(error: unknown): DocumentProblem {
  if (error instanceof DocumentError) return { code: error.code, message: error.message, userMessage: error.userMessage }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'DOCUMENT_RENDER_FAILED', message, userMessage: '文档生成失败，请联系管理员检查模板' }
}
