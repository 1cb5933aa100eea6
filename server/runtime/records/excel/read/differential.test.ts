import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SheetRow } from './cell.ts'
import { cellOfExceljs } from './fallback.ts'
import { readSheet } from './read-sheet.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'differential-')) })
afterAll(() => rm(folder, { recursive: true }))

const text = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '张', '·', '𠮷', '&', '<', '>', '"', "'", '\n', '0', '=', '@', '\t', 'é', '龘'), minLength: 1, maxLength: 40 })
const day = fc.integer({ min: Date.UTC(1901, 0, 1) / 1000, max: Date.UTC(2099, 11, 31) / 1000 }).map((s) => new Date(s * 1000))
const value: fc.Arbitrary<ExcelJS.CellValue> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(11010519900307460)) },
  fc.boolean(),
  day,
  fc.constant(null),
  fc.constantFrom('#N/A', '#REF!', '#DIV/0!').map((error) => ({ error }) as ExcelJS.CellErrorValue),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((runs) => ({ richText: runs.map((run) => ({ text: run, font: { bold: true } })) })),
  // not 0 and FALSE: exceljs loses such results
  fc.oneof(text, fc.integer({ min: 1 }), fc.constant(true)).map((result) => ({ formula: 'A1&"<x>"', result }) as ExcelJS.CellFormulaValue),
)
const sheet = fc.array(fc.array(value, { maxLength: 8 }), { maxLength: 12 })

const write = async (path: string, rows: ExcelJS.CellValue[][], shared: boolean): Promise<void> => {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: shared, useStyles: true })
  const target = book.addWorksheet('数据')
  rows.forEach((values, index) => {
    const row = target.getRow(index * 2 + 1)
    values.forEach((v, column) => {
      row.getCell(column + 1).value = v
      if (v instanceof Date) row.getCell(column + 1).numFmt = 'yyyy-mm-dd hh:mm:ss'
    })
    row.commit()
  })
  target.commit()
  await book.commit()
}
const ours = async (path: string): Promise<SheetRow[]> => {
  const rows: SheetRow[] = []
  for await (const row of readSheet(path)) rows.push(row)
  return rows
}
const theirs = async (path: string): Promise<SheetRow[]> => {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  const rows: SheetRow[] = []
  book.worksheets[0]?.eachRow((source, row) => {
    const cells: SheetRow['cells'] = {}
    source.eachCell((c, column) => {
      const cell = cellOfExceljs(c.value)
      if (cell) cells[column] = cell
    })
    if (Object.keys(cells).length > 0) rows.push({ row, cells })
  })
  return rows
}

it.each([true, false])('reads what exceljs reads, shared strings: %s', async (shared) => {
  let n = 0
  await fc.assert(fc.asyncProperty(sheet, async (rows) => {
    const path = join(folder, `${shared}-${n++}.xlsx`)
    await write(path, rows, shared)
    expect(await ours(path)).toEqual(await theirs(path))
    await rm(path)
  }), { numRuns: 120 })
})
