import { createWriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { default as ExcelJS, Style } from 'exceljs'
import { lazy } from '#server/platform/lazy.ts'

const excel = lazy(() => createRequire(import.meta.url)('exceljs') as typeof ExcelJS)

export type Worksheet = ReturnType<ExcelJS.stream.xlsx.WorkbookWriter['addWorksheet']>

export const TEXT_STYLE: Partial<Style> = { numFmt: '@' }
export const HEADER_STYLE: Partial<Style> = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8EEF7' } },
  alignment: { vertical: 'middle', horizontal: 'center', wrapText: true },
  border: { bottom: { style: 'thin', color: { argb: 'FF9AA5B8' } } },
  numFmt: '@',
}

/** A workbook of few rows, written to a path or stream: exceljs does not wait for its target. */
export class WorkbookOutput {
  readonly book: ExcelJS.stream.xlsx.WorkbookWriter
  readonly #output: Writable
  readonly #broken: Promise<never>
  constructor(target: string | Writable, at: number) {
    this.#output = typeof target === 'string' ? createWriteStream(target, { mode: 0o600 }) : target
    this.#broken = finished(this.#output, { readable: false }).then(() => new Promise<never>(() => undefined))
    this.#broken.catch(() => undefined)
    const created = new Date(at)
    const { WorkbookWriter } = excel().stream.xlsx
    this.book = new WorkbookWriter({ stream: this.#output, useStyles: true, useSharedStrings: false, created, modified: created } as ConstructorParameters<typeof ExcelJS.stream.xlsx.WorkbookWriter>[0])
  }

  async end(): Promise<void> {
    const written = finished(this.#output, { readable: false })
    await Promise.race([this.book.commit(), this.#broken])
    await written
  }

  /** Gives the target up after an error of the rows. */
  abort(error: unknown): void {
    this.#output.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}
