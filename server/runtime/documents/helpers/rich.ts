import { createRequire } from 'node:module'
import type { default as SanitizeHtml } from 'sanitize-html'
import { lazy } from '#server/platform/lazy.ts'

const sanitizer = lazy(() => createRequire(import.meta.url)('sanitize-html') as typeof SanitizeHtml)

const LENGTH = /^\d+(\.\d+)?(px|pt|em|mm|%)$/

/** Rich text as stored by the editor, cut down to formatting: no scripts, links out, ids, classes or foreign images. */
export function cleanRichText(html: string): string {
  return sanitizer()(html, {
    allowedTags: ['p', 'br', 'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'span', 'blockquote', 'hr', 'ol', 'ul', 'li', 'h1', 'h2', 'h3', 'h4', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'img'],
    allowedAttributes: { '*': ['style'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'], ol: ['start'], img: ['src', 'alt', 'width', 'height'] },
    allowedSchemes: [],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    allowedStyles: { '*': { 'text-align': [/^(left|right|center|justify)$/], 'text-indent': [LENGTH], 'font-weight': [/^(bold|normal)$/], 'text-decoration': [/^(underline|line-through)$/] } },
  })
}
