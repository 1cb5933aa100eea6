import { sheetHtml } from '../sheet/sheet-html.ts'
import type { CompiledTemplate, DocumentContext, RenderEnv } from '../types.ts'
import { loadImages } from './load-images.ts'
import { pageCss } from './page-css.ts'

export const MARK = 'certflow-doc-'
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"

/** The inside of one document as HTML, pictures included. */
export async function renderBody(template: CompiledTemplate, context: DocumentContext, env: RenderEnv): Promise<string> {
  if (template.def.kind === 'xlsx') return sheetHtml(template, context, env)
  const { text, images } = template.body(context, env)
  return loadImages(text, images, env.readFile)
}

/** Bodies as one printable page. The hidden links make Chromium write a named destination where each document begins. */
export function assembleHtml(template: CompiledTemplate, bodies: string[]): string {
  const links = bodies.map((_, index) => `<a href="#${MARK}${index}"></a>`).join('')
  const documents = bodies.map((body, index) => `<section class="doc" id="${MARK}${index}">${body}</section>`).join('\n')
  return `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>${pageCss(template.def)}</style></head><body><nav class="marks">${links}</nav>${documents}</body></html>`
}

/** All documents as one HTML page, each beginning on a new sheet: the preview, and what Chromium prints. */
export async function renderHtml(template: CompiledTemplate, contexts: DocumentContext[], env: RenderEnv): Promise<string> {
  const bodies: string[] = []
  for (const context of contexts) bodies.push(await renderBody(template, context, env))
  return assembleHtml(template, bodies)
}
