import type { Cell } from './cell.ts'
import { serialToText } from './dates.ts'
import type { SheetLimits } from './limits.ts'
import { NotUnderstood } from './not-understood.ts'
import { refuseLongText } from './shared-strings.ts'
import { refuseCorrupt } from './small-xml.ts'
import type { StringStore } from './string-store.ts'
import type { NumberStyle } from './styles.ts'
import { decodeText } from './text.ts'

export interface CellContext {
  strings: StringStore
  styles: readonly NumberStyle[]
  date1904: boolean
  limits: SheetLimits
}

/** is its own shortest text, and short enough to be no slice that keeps the whole chunk alive */
const SHORT_INTEGER = /^[1-9]\d{0,11}$/
const TRUE: Cell = { kind: 'boolean', text: 'TRUE' }
const FALSE: Cell = { kind: 'boolean', text: 'FALSE' }

/** Cells from the `t` and `s` attributes and the raw content of `v`. Undefined = no content. */
export class CellValues {
  readonly #dates = new Map<number, Cell>()
  constructor(private readonly context: CellContext) {}

  literal(type: string, style: number, raw: string): Cell | undefined {
    switch (type) {
      case 's': return this.shared(raw.trim() === '' ? -1 : Number(raw))
      case 'n': return raw === '' ? undefined : this.#number(raw, style)
      case 'str': case 'inlineStr': return this.text(decodeText(raw))
      case 'b': return raw.trim() === '1' || raw.trim() === 'true' ? TRUE : FALSE
      case 'e': return { kind: 'error', text: decodeText(raw) }
      case 'd': return this.#isoDate(raw)
      default: throw new NotUnderstood(`cell type ${type.slice(0, 20)}`)
    }
  }

  text(text: string): Cell | undefined {
    if (text.length > this.context.limits.maxStringLength) throw refuseLongText(text.length, this.context.limits.maxStringLength)
    return text === '' ? undefined : { kind: 'string', text }
  }

  formula(type: string, style: number, raw: string | undefined, inline: string | undefined): Cell {
    const result = inline !== undefined ? this.text(inline) : raw === undefined ? undefined : this.literal(type, style, raw)
    if (!result) return { kind: 'formula', text: '', cached: 'empty' }
    return { ...result, kind: 'formula', cached: result.kind as Exclude<Cell['kind'], 'formula'> }
  }

  shared(index: number): Cell | undefined {
    const cell = this.context.strings.cell(index)
    return cell.kind === 'empty' ? undefined : cell
  }

  #number(raw: string, style: number): Cell {
    const number = Number(raw)
    if (!Number.isFinite(number)) throw refuseCorrupt('a number cell holds no number')
    const look = this.context.styles[style] ?? 'plain'
    if (look === 'date') {
      const date = this.#date(number)
      if (date) return date
    }
    const cell: Cell = { kind: 'number', text: SHORT_INTEGER.test(raw) ? raw : String(number), number }
    if (look === 'padded') cell.padded = true
    return cell
  }

  /** Columns of dates repeat few days: one cell per serial, up to a bound. */
  #date(number: number): Cell | undefined {
    const known = this.#dates.get(number)
    if (known) return known
    const text = serialToText(number, this.context.date1904)
    if (text === undefined) return undefined
    const cell: Cell = { kind: 'date', text, number }
    if (this.#dates.size < 5000) this.#dates.set(number, cell)
    return cell
  }

  #isoDate(raw: string): Cell {
    const parts = /^(\d{4}-\d\d-\d\d)?T?(?:(\d\d:\d\d:\d\d)(?:\.\d+)?Z?)?$/.exec(raw.trim())
    if (!parts || (!parts[1] && !parts[2])) throw new NotUnderstood('ISO date cell')
    const [, date, time] = parts
    return { kind: 'date', text: date === undefined ? String(time) : time === undefined || time === '00:00:00' ? date : `${date}T${time}` }
  }
}
