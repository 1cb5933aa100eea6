import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import type { Download, Locator, Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { writeSheet } from '#server/runtime/records/excel/index.ts'
import { sampleBytes } from '#server/scenarios/sample-files.ts'

export interface Kept { name: string; path: string; bytes: Buffer }

/** A folder for the files of one test file; removed at its end. */
export function useFolder() {
  let made: Promise<string> | null = null
  const folder = (): Promise<string> => (made ??= mkdtemp(join(tmpdir(), 'certflow-files-')))
  afterAll(async () => { if (made) await rm(await made, { recursive: true, force: true }) })
  return {
    path: async (name: string): Promise<string> => join(await folder(), name),
    /** form.pdf, seal-95x95.png, face-1.jpg … made on the spot */
    async sample(name: string): Promise<string> {
      const path = join(await folder(), name)
      await writeFile(path, (await sampleBytes(name)).bytes)
      return path
    },
    /** A workbook whose titles are the keys of the first row. */
    async sheet(name: string, rows: readonly Record<string, string>[]): Promise<string> {
      const path = join(await folder(), name)
      const titles = Object.keys(rows[0] ?? {})
      await writeSheet(path, { title: 'Sheet1', columns: titles.map((title) => ({ title })), rows: rows.map((row) => titles.map((title) => row[title] ?? '')), at: 0 })
      return path
    },
    /** Keeps what the press downloads. */
    async download(page: Page, pressed: Locator): Promise<Kept> {
      const [got] = await Promise.all([page.waitForEvent('download'), pressed.click()]) as [Download, void]
      const path = join(await folder(), `${Date.now()}-${got.suggestedFilename()}`)
      await got.saveAs(path)
      return { name: got.suggestedFilename(), path, bytes: await readFile(path) }
    },
  }
}

/** The rows of a workbook's first sheet by their titles. */
export async function readWorkbook(path: string): Promise<Record<string, string>[]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  const sheet = book.worksheets[0]
  const lines: string[][] = []
  sheet?.eachRow((row) => { lines.push(((row.values as ExcelJS.CellValue[]).slice(1)).map((value) => (value === null || value === undefined ? '' : String(value)))) })
  const [titles = [], ...rows] = lines
  return rows.map((row) => Object.fromEntries(titles.map((title, i) => [title, row[i] ?? ''])))
}
