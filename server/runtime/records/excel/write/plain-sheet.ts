import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { cellWriter, writeRow } from './plain-cells.ts'
import { bookParts, Formats, PACKAGE_LINKS, SHEET_END, sheetHead, sheetPath } from './sheet-parts.ts'
import type { Batches, SheetHead } from './sheet-spec.ts'
import { ascii, XmlBytes } from './xml-bytes.ts'
import { ZipOutput } from './zip-output.ts'

/** `maxRows`: rows of one sheet with its header, by default as many as Excel has; what is more stands in further sheets. */
export interface PlainSheet extends SheetHead { maxRows?: number }

const EXCEL_ROWS = 1_048_576

/**
 * A workbook of bare rows under a frozen header, written straight as XML, in batches: a general library takes many
 * times as long. Returns the number of rows. Memory does not grow with them. Fails with the error of the rows or the target.
 */
export async function writePlainSheet(target: string | Writable, sheet: PlainSheet, batches: Batches): Promise<number> {
  const { title, columns, at, maxRows = EXCEL_ROWS } = sheet
  const zip = new ZipOutput(typeof target === 'string' ? createWriteStream(target, { mode: 0o600 }) : target, at)
  const formats = new Formats()
  const cells = columns.map((column, i) => cellWriter(column, i, formats))
  const out = new XmlBytes()
  const flush = async (): Promise<void> => {
    await zip.write(out.take())
    // others in this thread have their turn, however fast the rows come
    await setImmediate()
  }
  let sheets = 0
  let row = 0
  let count = 0
  const begin = async (): Promise<void> => {
    await zip.begin(sheetPath(++sheets))
    await zip.write(Buffer.from(sheetHead(columns, formats, sheets === 1)))
    row = 1
  }
  const end = async (): Promise<void> => {
    out.raw(ascii(SHEET_END))
    await flush()
    await zip.end()
  }
  try {
    await zip.text(PACKAGE_LINKS.name, PACKAGE_LINKS.text)
    await begin()
    for await (const batch of batches) {
      for (const values of batch) {
        if (row === maxRows) { await end(); await begin() }
        writeRow(out, cells, ++row, values)
        count++
        if (out.isFull) await flush()
      }
    }
    await end()
    for (const { name, text } of bookParts(title, sheets, formats, at)) await zip.text(name, text)
    await zip.close()
    return count
  } catch (error) {
    zip.abort(error)
    throw error
  }
}
