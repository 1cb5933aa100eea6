import { Utils } from '../helpers/handlebars.ts'
import type { CompiledTemplate, DocumentContext, RenderEnv } from '../types.ts'
import { layOutSheet, type LaidCell, type LaidRow } from './lay-out-sheet.ts'
import type { SheetStyle } from './sheet-model.ts'

const cssOf = ({ bold, size, align, border, fill }: SheetStyle): string => [
  bold ? 'font-weight:bold' : '', size ? `font-size:${size}pt` : '', `text-align:${align ?? 'left'}`, border ? 'border:1px solid #333' : '', fill ? `background:${fill}` : '',
].filter(Boolean).join(';')

function cellHtml(cell: LaidCell): string {
  const spans = `${cell.span > 1 ? ` colspan="${cell.span}"` : ''}${cell.rows > 1 ? ` rowspan="${cell.rows}"` : ''}`
  return `<td${spans} style="${cssOf(cell.style)}">${Utils.escapeExpression(cell.text).replace(/\r?\n/g, '<br>')}</td>`
}

function rowHtml(row: LaidRow, columns: number, covered: Set<number>): string {
  let html = ''
  let column = 0
  const fillTo = (end: number): void => {
    for (; column < end; column++) if (!covered.has(column)) html += '<td></td>'
  }
  for (const cell of [...row.cells].sort((left, right) => left.column - right.column)) {
    fillTo(cell.column)
    html += cellHtml(cell)
    column += cell.span
  }
  fillTo(columns)
  return `<tr style="height:${row.height ?? 18}pt">${html}</tr>`
}

/** The sheet as a table with the same columns, merges and borders as the workbook; a group of rows stays on one page. */
export function sheetHtml(template: CompiledTemplate, context: DocumentContext, env: RenderEnv): string {
  const { columns, rows } = layOutSheet(template, context, env)
  const total = columns.reduce((sum, width) => sum + width, 0)
  const widths = columns.map((width) => `<col style="width:${(width / total * 100).toFixed(3)}%">`).join('')
  const hanging = new Map<number, Set<number>>()
  rows.forEach((row, at) => row.cells.forEach((cell) => {
    for (let down = 1; down < cell.rows; down++) {
      const set = hanging.get(at + down) ?? new Set<number>()
      for (let right = 0; right < cell.span; right++) set.add(cell.column + right)
      hanging.set(at + down, set)
    }
  }))
  let at = 0
  return tablesOf(rows).map((part) => {
    if (part[0]?.gap) {
      at += part.length
      return `<div style="height:${part.length * 18}pt"></div>`
    }
    const heads: string[] = []
    const bodies = new Map<number, string>()
    for (const row of part) {
      const html = rowHtml(row, columns.length, hanging.get(at++) ?? new Set())
      if (row.header) heads.push(html)
      else bodies.set(row.group, (bodies.get(row.group) ?? '') + html)
    }
    return `<table class="sheet"><colgroup>${widths}</colgroup>${heads.length > 0 ? `<thead>${heads.join('')}</thead>` : ''}${[...bodies.values()].map((html) => `<tbody>${html}</tbody>`).join('')}</table>`
  }).join('')
}

/**
 * Rows by the table they stand in. A header repeats on each page only as the head of a table of its own,
 * and borders of cards on both sides of a page end stay apart only in tables of their own.
 */
function tablesOf(rows: LaidRow[]): LaidRow[][] {
  const tables: LaidRow[][] = []
  let last: LaidRow | undefined
  for (const row of rows) {
    const starts = !last || (row.header && !last.header) || Boolean(row.gap) !== Boolean(last.gap)
    if (starts) tables.push([row])
    else tables[tables.length - 1]?.push(row)
    last = row
  }
  return tables
}
