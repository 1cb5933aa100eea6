import { FileRefusal } from '../../archive/file-refusal.ts'
import type { Cell, SheetRow } from './cell.ts'
import { CellValues } from './cell-values.ts'
import type { CellContext } from './cell-values.ts'
import { NotUnderstood } from './not-understood.ts'
import { refuseCorrupt, refuseDtd } from './small-xml.ts'
import { digits, matches, TagScanner } from './tag-scanner.ts'
import { runsText } from './text.ts'

const MAX_ROW_BYTES = 16 * 1024 * 1024
const MAX_COLUMN = 16_384
const LESS = 60
const NOTHING = Buffer.alloc(0)

/**
 * Rows of a worksheet part, chunk by chunk. Goes over the bytes by hand: a general XML parser costs
 * many times as much. Throws NotUnderstood at constructs it does not know, FileRefusal at limits.
 */
export class RowScanner {
  #rest: Buffer = NOTHING
  #tags: TagScanner | undefined
  #dataEnd = ''
  #row = 0
  #rows = 0
  #cellCount = 0
  #done = false
  readonly #values: CellValues
  constructor(private readonly context: CellContext) {
    this.#values = new CellValues(context)
  }

  get done(): boolean { return this.#done }

  feed(chunk: Buffer): SheetRow[] {
    if (this.#done) return []
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let seen = Math.max(0, this.#rest.length - 64)
    if (!this.#tags) {
      const start = this.#begin(bytes)
      if (!this.#tags) return this.#keep(bytes, [])
      bytes = bytes.subarray(start)
      seen = 0
    }
    const end = bytes.indexOf(this.#dataEnd, seen, 'latin1')
    this.#done ||= end >= 0
    const cut = this.#done ? end : bytes.lastIndexOf(this.#tags.rowOpen)
    if (cut <= 0) return this.#keep(bytes, [])
    const rows = this.#parse(this.#tags, bytes, cut)
    return this.#keep(this.#done ? NOTHING : bytes.subarray(cut), rows)
  }

  #keep(rest: Buffer, rows: SheetRow[]): SheetRow[] {
    if (rest.length > MAX_ROW_BYTES) throw refuseCorrupt('a row does not end')
    this.#rest = rest
    return rows
  }

  /** Index after `<sheetData>` once it has come. */
  #begin(bytes: Buffer): number {
    if (bytes.includes('<!DOCTYPE')) throw refuseDtd()
    const text = bytes.toString('latin1')
    if (/^.{0,3}<\?xml[^>]*encoding\s*=\s*["'](?!utf-8)/is.test(text)) throw new NotUnderstood('encoding other than UTF-8')
    const data = /<((?:[\w.-]+:)?)sheetData(\s[^>]*)?(\/)?>/.exec(text)
    if (!data) return 0
    const prefix = data[1] ?? ''
    this.#tags = new TagScanner(prefix)
    this.#dataEnd = `</${prefix}sheetData>`
    this.#done = data[0].endsWith('/>')
    return data.index + data[0].length
  }

  #parse(tags: TagScanner, bytes: Buffer, end: number): SheetRow[] {
    const rows: SheetRow[] = []
    for (let at = 0; ;) {
      const open = nextTag(bytes, at, end)
      if (open < 0) return rows
      at = tags.openRow(bytes, open)
      this.#row = tags.reference === 0 ? this.#row + 1 : tags.reference
      if (tags.selfClosed) continue
      const row: SheetRow = { row: this.#row, cells: {} }
      const before = this.#cellCount
      at = this.#cells(tags, bytes, at, end, row.cells)
      if (this.#cellCount === before) continue
      if (++this.#rows > this.context.limits.maxRows) throw tooMany('too-many-rows', '行', this.context.limits.maxRows)
      rows.push(row)
    }
  }

  #cells(tags: TagScanner, bytes: Buffer, from: number, end: number, cells: SheetRow['cells']): number {
    let column = 0
    for (let at = from; ;) {
      const open = nextTag(bytes, at, end)
      if (open < 0) throw new NotUnderstood('row without end')
      if (matches(bytes, open, tags.rowEnd)) return open + tags.rowEnd.length
      if (tags.isExtension(bytes, open)) {
        at = tags.skipExtension(bytes, open)
        continue
      }
      at = tags.openCell(bytes, open)
      column = tags.column === 0 ? column + 1 : tags.column
      if (column > MAX_COLUMN) throw refuseCorrupt(`column ${column}`)
      if (tags.selfClosed) continue
      const cell = this.#content(tags, bytes, at)
      at = tags.next
      if (!cell) continue
      cells[column] = cell
      if (++this.#cellCount > this.context.limits.maxCells) throw tooMany('too-many-cells', '个单元格', this.context.limits.maxCells)
    }
  }

  /** Cell whose opening tag ends at `from`; `tags.next` is moved behind its end. */
  #content(tags: TagScanner, bytes: Buffer, from: number): Cell | undefined {
    const { type, style } = tags
    if (matches(bytes, from, tags.value)) {
      const start = from + tags.value.length
      let stop = start
      while (bytes[stop] !== LESS && stop < bytes.length) stop++
      if (matches(bytes, stop, tags.valueCellEnd)) {
        tags.next = stop + tags.valueCellEnd.length
        if (type === 's') return this.#values.shared(stop > start ? digits(bytes, start, stop) : -1)
        return this.#values.literal(type, style, bytes.toString(type === 'n' ? 'latin1' : 'utf8', start, stop))
      }
    }
    const body = tags.cellBody(bytes, from)
    const inline = body.inline === undefined ? undefined : runsText(body.inline, tags.prefix)
    if (body.formula) return this.#values.formula(type, style, body.value, inline)
    if (inline !== undefined && type === 'inlineStr') return this.#values.text(inline)
    return body.value === undefined ? undefined : this.#values.literal(type, style, body.value)
  }
}

/** Index of the next `<` in bytes[at, end), -1 at the end. Anything but white space before it is not understood. */
const nextTag = (bytes: Buffer, at: number, end: number): number => {
  for (let i = at; i < end; i++) {
    const c = bytes[i] as number
    if (c === LESS) return i
    if (c > 32) throw new NotUnderstood('text between elements')
  }
  return -1
}

const tooMany = (code: 'too-many-rows' | 'too-many-cells', unit: string, limit: number): FileRefusal =>
  new FileRefusal(code, `more than ${limit}`, `Excel 文件的内容超过上限 ${limit} ${unit}，请拆分后分批上传。`)
