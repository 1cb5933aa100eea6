import type { CompiledTemplate, DocumentContext, RenderEnv } from '../types.ts'
import { blockWidth, sheetOf, type Sheet, type SheetBlock, type SheetStyle } from './sheet-model.ts'

export interface LaidCell { text: string; column: number; span: number; rows: number; style: SheetStyle; number: boolean }
/** `group` numbers rows that belong together (a card): they are not parted by a page end. */
export interface LaidRow { cells: LaidCell[]; height?: number; header: boolean; group: number; gap?: boolean }
export interface LaidSheet { name: string; columns: number[]; rows: LaidRow[] }

type Evaluate = (text: string, item: DocumentContext, index: number) => string

/** Fills a sheet template with one document's data: the one grid behind the workbook and the print. */
export function layOutSheet(template: CompiledTemplate, context: DocumentContext, env: RenderEnv): LaidSheet {
  const sheet = sheetOf(template.def.sheet)
  const evaluate: Evaluate = (text, item, index) => template.cell(text)(item, env, { root: context, index }).text
  const rows: LaidRow[] = []
  let group = 0
  for (const block of Object.values(sheet.blocks)) {
    const items = itemsOf(block, context)
    for (let at = 0; at < items.length; at += block.across) {
      rows.push(...layOutGroup(sheet, block, items.slice(at, at + block.across), at, group++, evaluate))
      const last = at + block.across >= items.length
      if (!last) for (let gap = 0; gap < block.gapRows; gap++) rows.push({ cells: [], header: false, group: group++, gap: true })
    }
  }
  return { name: evaluate(sheet.name, context, 0), columns: sheet.columns, rows }
}

function itemsOf(block: SheetBlock, context: DocumentContext): DocumentContext[] {
  if (block.each === undefined) return [context]
  const list = context[block.each]
  return Array.isArray(list) ? list as DocumentContext[] : []
}

function layOutGroup(sheet: Sheet, block: SheetBlock, items: DocumentContext[], first: number, group: number, evaluate: Evaluate): LaidRow[] {
  const width = blockWidth(block.rows)
  const rows: LaidRow[] = block.rows.map(() => ({ cells: [], header: block.header, group, ...(block.height === undefined ? {} : { height: block.height }) }))
  const taken = new Set<string>()
  for (let slot = 0; slot < block.across; slot++) {
    const item = items[slot]
    if (!item && !block.fill) continue
    block.rows.forEach((source, rowIndex) => {
      let column = slot * (width + block.gapColumns)
      for (const entry of source) {
        const { text, span = 1, rows: rowSpan = 1, style = block.style, number = false } = entry as { text: string; span?: number; rows?: number; style?: string; number?: boolean }
        while (taken.has(`${rowIndex}:${column}`)) column++
        for (let down = 1; down < rowSpan; down++) for (let right = 0; right < span; right++) taken.add(`${rowIndex + down}:${column + right}`)
        rows[rowIndex]?.cells.push({ text: item ? evaluate(text, item, first + slot) : '', column, span, rows: rowSpan, number, style: sheet.styles[style ?? ''] ?? {} })
        column += span
      }
    })
  }
  return rows
}
