import ExcelJS from 'exceljs'
import { marginsOf } from '../html/page-size.ts'
import { uniqueName } from '../files/file-name.ts'
import type { CompiledTemplate, DocumentContext, RenderEnv } from '../types.ts'
import { layOutSheet, type LaidCell, type LaidSheet } from './lay-out-sheet.ts'

/** Excel's codes of paper sizes (ECMA-376, 18.3.1.63). */
const PAPER_CODES: Record<string, number> = { Letter: 1, A3: 8, A4: 9, A5: 11, B4: 12, B5: 13 }
const MAX_NUMBER_DIGITS = 15
const THIN = { style: 'thin' as const, color: { argb: 'FF333333' } }

/**
 * Documents as one workbook, a worksheet each. Every cell is text (also = + - @ and long digit strings),
 * except those the template calls numbers and that Excel can hold exactly.
 */
export async function renderXlsx(template: CompiledTemplate, contexts: DocumentContext[], env: RenderEnv): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook()
  workbook.creator = env.site?.name ?? ''
  workbook.created = new Date(env.now)
  workbook.modified = new Date(env.now)
  const names = new Set<string>()
  for (const context of contexts) {
    const laid = layOutSheet(template, context, env)
    addSheet(workbook, sheetName(laid.name, names), laid, template)
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

// Excel refuses \ / ? * [ ] : in names, more than 31 characters, and a quote at either end.
function sheetName(wanted: string, taken: Set<string>): string {
  const clean = wanted.replace(/[\\/?*[\]:]/g, '_').replace(/^'+|'+$/g, '').trim() || 'Sheet1'
  return uniqueName([...clean].slice(0, 31).join(''), taken, 31)
}

function addSheet(workbook: ExcelJS.Workbook, name: string, laid: LaidSheet, template: CompiledTemplate): void {
  const [top, right, bottom, left] = marginsOf(template.def.margins).map((millimetres) => millimetres / 25.4) as [number, number, number, number]
  const sheet = workbook.addWorksheet(name, {
    pageSetup: {
      paperSize: PAPER_CODES[template.def.paper ?? 'A4'] as ExcelJS.PaperSize, orientation: template.def.landscape ? 'landscape' : 'portrait',
      fitToPage: true, fitToWidth: 1, fitToHeight: 0, horizontalCentered: true, margins: { top, right, bottom, left, header: 0.2, footer: 0.2 },
    },
  })
  sheet.columns = laid.columns.map((width) => ({ width }))
  laid.rows.forEach((row, index) => {
    sheet.getRow(index + 1).height = row.height ?? 18
    for (const cell of row.cells) writeCell(sheet, index + 1, cell)
  })
  const heads = laid.rows.flatMap((row, index) => (row.header ? [index + 1] : []))
  if (heads.length > 0) sheet.pageSetup.printTitlesRow = `${heads[0]}:${heads[heads.length - 1]}`
}

function writeCell(sheet: ExcelJS.Worksheet, row: number, laid: LaidCell): void {
  const cell = sheet.getCell(row, laid.column + 1)
  const numeric = laid.number && /^-?\d+(\.\d+)?$/.test(laid.text) && laid.text.replace(/\D/g, '').length <= MAX_NUMBER_DIGITS
  cell.value = numeric ? Number(laid.text) : laid.text
  const { bold = false, size = 11, align = 'left', border = false, fill } = laid.style
  cell.style = {
    ...(numeric ? {} : { numFmt: '@' }),
    font: { name: '宋体', size, bold },
    alignment: { horizontal: align, vertical: 'middle', wrapText: true },
    ...(fill ? { fill: { type: 'pattern' as const, pattern: 'solid' as const, fgColor: { argb: `FF${fill.slice(1).toUpperCase()}` } } } : {}),
    ...(border ? { border: { top: THIN, left: THIN, bottom: THIN, right: THIN } } : {}),
  }
  if (laid.span > 1 || laid.rows > 1) sheet.mergeCells(row, laid.column + 1, row + laid.rows - 1, laid.column + laid.span)
}
