import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { default as ExcelJS, Style } from 'exceljs'
import { lazy } from '#server/platform/lazy.ts'

const excel = lazy(() => createRequire(import.meta.url)('exceljs') as typeof ExcelJS)

export type Worksheet = ReturnType<ExcelJS.stream.xlsx.WorkbookWriter['addWorksheet']>

/** rows between two looks at whether the target keeps up */
const PAUSE = 200

export const TEXT_STYLE: Partial<Style> = { numFmt: '@' }
export const HEADER_STYLE: Partial<Style> = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8EEF7' } },
  alignment: { vertical: 'middle', horizontal: 'center', wrapText: true },
  border: { bottom: { style: 'thin', color: { argb: 'FF9AA5B8' } } },
  numFmt: '@',
}

/** A workbook written to a path or stream while its rows come in. exceljs does not wait for the target, so `pace` does. */
export class WorkbookOutput {
  readonly book: ExcelJS.stream.xlsx.WorkbookWriter
  readonly #output: Writable
  readonly #broken: Promise<never>
  #rows = 0
  constructor(target: string | Writable, at: number) {
    this.#output = typeof target === 'string' ? createWriteStream(target, { mode: 0o600 }) : target
    this.#broken = finished(this.#output, { readable: false }).then(() => new Promise<never>(() => undefined))
    this.#broken.catch(() => undefined)
    const created = new Date(at)
    const { WorkbookWriter } = excel().stream.xlsx
    this.book = new WorkbookWriter({ stream: this.#output, useStyles: true, useSharedStrings: false, created, modified: created } as ConstructorParameters<typeof ExcelJS.stream.xlsx.WorkbookWriter>[0])
  }

  /** Call once for every row. */
  async pace(sheet: Worksheet): Promise<void> {
    if (++this.#rows % PAUSE !== 0) return
    await Promise.race([setImmediate(), this.#broken])
    // What the archiver holds compressed is up to 1 MiB before it slows its source; the target is slower long before that.
    while (this.#output.writableNeedDrain) await Promise.race([once(this.#output, 'drain'), this.#broken])
    const { pipes } = (sheet as unknown as { stream: { pipes: (Writable & { _writableState: { needDrain: boolean } })[] } }).stream
    for (const pipe of pipes) if (pipe._writableState.needDrain) await Promise.race([once(pipe, 'drain'), this.#broken])
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
