import { Utils } from './handlebars.ts'

/** Rows as an HTML table; `columns` = property → heading, in order. Everything is escaped. */
export function tableHtml(rows: unknown, columns: Record<string, unknown>): string {
  const list = Array.isArray(rows) ? rows as Record<string, unknown>[] : []
  const own = (row: Record<string, unknown>, name: string): unknown => (row !== null && typeof row === 'object' && Object.hasOwn(row, name) ? row[name] : '')
  const cell = (tag: string, value: unknown): string => `<${tag}>${Utils.escapeExpression(String(value ?? ''))}</${tag}>`
  const head = Object.values(columns).map((title) => cell('th', title)).join('')
  const body = list.map((row) => `<tr>${Object.keys(columns).map((name) => cell('td', own(row, name))).join('')}</tr>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}
