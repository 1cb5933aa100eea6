import type { CompiledTemplate, DocumentContext, RenderEnv } from './types.ts'

/** A message from a text template: plain text, line ends as \n, and a subject of one line where the template has one. */
export function renderText(template: CompiledTemplate, context: DocumentContext, env: RenderEnv): { subject?: string; text: string } {
  const text = template.body(context, env).text.replace(/\r\n?/g, '\n').replace(/[ \t]+\n/g, '\n').trim()
  if (!template.subject) return { text }
  // a line break in a subject would begin a new header of a mail
  return { text, subject: template.subject(context, env).text.replace(/[\p{Cc}\s]+/gu, ' ').trim() }
}
