import sanitize from 'sanitize-html'

const RULES: sanitize.IOptions = {
  allowedTags: ['p', 'br', 'strong', 'b', 'em', 'i', 'u', 's', 'h3', 'h4', 'ul', 'ol', 'li', 'blockquote', 'code', 'pre', 'hr', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  allowedAttributes: { a: ['href'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  transformTags: { a: sanitize.simpleTransform('a', { rel: 'noopener noreferrer nofollow' }) },
}
RULES.allowedAttributes = { ...(RULES.allowedAttributes as Record<string, string[]>), a: ['href', 'rel'] }

/** Formatted text as it may stand in a page: known tags, no styles, no scripts, no foreign schemes. */
export const cleanHtml = (html: string): string => sanitize(html, RULES)
