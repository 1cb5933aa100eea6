import type { Cell, Field, RecordView } from '#app/gateway/contracts.server.ts'
import { cleanHtml } from '#app/gateway/clean-html.server.ts'

const clean = (cell: Cell): Cell => (cell.kind === 'rich' ? { ...cell, text: cleanHtml(cell.text) } : cell)
const cleanField = (field: Field): Field => ({
  ...field,
  cell: Array.isArray(field.cell) ? field.cell.map(clean) : clean(field.cell),
  ...(field.table && { table: { ...field.table, rows: field.table.rows.map((row) => row.map(clean)) } }),
})

/** The record page's data; formatted texts are cleaned once more before they become part of the page. */
export const presentRecord = (view: RecordView): RecordView => ({ ...view, sections: view.sections.map((section) => ({ ...section, fields: section.fields.map(cleanField) })) })
