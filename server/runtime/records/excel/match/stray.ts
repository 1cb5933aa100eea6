import type { ImportColumn } from '#server/runtime/definitions/model.ts'

const INVISIBLE = /[\u200B-\u200D\u2060\uFEFF\u00AD]/
const EDGE = /^\s|\s$/
/** names of two characters are often spread to the width of three with an ideographic space */
const SPREAD_NAME = /^\p{Script=Han}(?:\s+\p{Script=Han}){1,3}$/u

/** Why a text has spaces or line breaks where none belong; undefined when it has none. */
export const strayProblem = (text: string, column: ImportColumn): string | undefined => {
  const { title } = column
  if (/[\r\n\u2028\u2029]/.test(text)) return `“${title}”里有换行，请删除换行后重新导入。`
  if (EDGE.test(text)) return `“${title}”的内容前后有空格，请删除空格后重新导入。`
  if (INVISIBLE.test(text)) return `“${title}”里有看不见的字符，请删除单元格内容后手工重新填写。`
  if (text.includes('\t')) return `“${title}”里有制表符，请删除后重新导入。`
  if ((column.sensitive && /\s/.test(text)) || SPREAD_NAME.test(text)) return `“${title}”的内容中间有空格，请删除空格后重新导入。`
  return undefined
}
