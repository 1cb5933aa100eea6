import type { ImportColumn } from '#server/runtime/definitions/model.ts'

// zero-width characters, direction marks (they come along when numbers are copied from file properties and chats), fillers, control characters
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u00AD\u061C\u180E\u115F\u1160\u3164\uFFA0\uFFF9-\uFFFC\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/
/** full-width digits and letters: alike to the eye, another number to the machine */
const FULL_WIDTH = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/
const EXACT_KINDS = new Set(['integer', 'number', 'date', 'date-time', 'time'])
const EDGE = /^\s|\s$/
/** names of two characters are often spread to the width of three with an ideographic space */
const SPREAD_NAME = /^\p{Script=Han}(?:\s+\p{Script=Han}){1,3}$/u

/** Why a text has spaces or line breaks where none belong; undefined when it has none. */
export const strayProblem = (text: string, column: ImportColumn): string | undefined => {
  const { title } = column
  if (/[\r\n\u2028\u2029]/.test(text)) return `“${title}”里有换行，请删除换行后重新导入。`
  if (EDGE.test(text)) return `“${title}”的内容前后有空格，请删除空格后重新导入。`
  if (INVISIBLE.test(text)) return `“${title}”里有看不见的字符，请删除单元格内容后手工重新填写。`
  if ((column.sensitive || EXACT_KINDS.has(column.kind ?? 'string')) && FULL_WIDTH.test(text)) return `“${title}”里有全角数字或字母，请改为半角后重新导入。`
  if (text.includes('\t')) return `“${title}”里有制表符，请删除后重新导入。`
  if ((column.sensitive && /\s/.test(text)) || SPREAD_NAME.test(text)) return `“${title}”的内容中间有空格，请删除空格后重新导入。`
  return undefined
}
