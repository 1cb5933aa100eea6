import { NotUnderstood } from './not-understood.ts'

export interface CellBody { formula: boolean; value?: string; inline?: string }

const LESS = 60
const GREATER = 62
const SLASH = 47

/** Do the bytes at `at` equal `mark`? */
export const matches = (bytes: Buffer, at: number, mark: Buffer): boolean => {
  for (let i = 0; i < mark.length; i++) if (bytes[at + i] !== mark[i]) return false
  return true
}

/** Unsigned integer written in bytes[from, end). */
export const digits = (bytes: Buffer, from: number, end: number): number => {
  let n = 0
  for (let at = from; at < end; at++) {
    const c = (bytes[at] as number) - 48
    if (c < 0 || c > 9) throw new NotUnderstood('number attribute')
    n = n * 10 + c
  }
  return n
}

/**
 * Reads `row` and `c` tags from UTF-8 bytes without a parser; what the last tag said stands in the fields.
 * Markup is ASCII and no byte of a longer character looks like it, so nothing is decoded before it is needed.
 */
export class TagScanner {
  readonly rowOpen: Buffer
  readonly rowEnd: Buffer
  readonly value: Buffer
  readonly valueCellEnd: Buffer
  /** row number of a `row` tag, 0 when it has none */
  reference = 0
  /** column of a `c` tag from 1, 0 when it has none */
  column = 0
  style = 0
  type = 'n'
  selfClosed = false
  /** index behind the last element */
  next = 0
  readonly #cellOpen: Buffer
  readonly #cellEnd: Buffer
  readonly #extension: Buffer
  readonly #extensionEnd: Buffer
  constructor(readonly prefix: string) {
    const mark = (text: string): Buffer => Buffer.from(text.replaceAll('~', prefix))
    this.rowOpen = mark('<~row')
    this.rowEnd = mark('</~row>')
    this.value = mark('<~v>')
    this.valueCellEnd = mark('</~v></~c>')
    this.#cellOpen = mark('<~c')
    this.#cellEnd = mark('</~c>')
    this.#extension = mark('<~extLst')
    this.#extensionEnd = mark('</~extLst>')
  }

  /** Reads the tag at `at`; index behind it. */
  openRow(bytes: Buffer, at: number): number {
    if (!matches(bytes, at, this.rowOpen)) throw new NotUnderstood('something other than row in sheetData')
    return this.#attributes(bytes, at + this.rowOpen.length)
  }

  openCell(bytes: Buffer, at: number): number {
    if (!matches(bytes, at, this.#cellOpen)) throw new NotUnderstood('something other than c in a row')
    return this.#attributes(bytes, at + this.#cellOpen.length)
  }

  #attributes(bytes: Buffer, from: number): number {
    this.reference = this.column = this.style = 0
    this.type = 'n'
    for (let at = from; ;) {
      const c = bytes[at]
      if (c === 32 || c === 10 || c === 13 || c === 9) {
        at++
        continue
      }
      if (c === GREATER || c === SLASH) {
        this.selfClosed = c === SLASH
        return c === SLASH ? at + 2 : at + 1
      }
      let equals = at
      while (bytes[equals] !== 61 && equals < bytes.length) equals++
      const quote = bytes[equals + 1]
      let end = equals + 2
      while (bytes[end] !== quote && end < bytes.length) end++
      if (at === from || (quote !== 34 && quote !== 39) || end >= bytes.length) throw new NotUnderstood('attribute')
      if (equals === at + 1) this.#attribute(c as number, bytes, equals + 2, end)
      at = end + 1
    }
  }

  #attribute(name: number, bytes: Buffer, from: number, end: number): void {
    if (name === 114) this.#address(bytes, from, end)
    else if (name === 115) this.style = digits(bytes, from, end)
    else if (name === 116) this.type = end - from === 1 && bytes[from] === 115 ? 's' : bytes.toString('latin1', from, end)
  }

  /** `12` of a row, `AB12` of a cell */
  #address(bytes: Buffer, from: number, end: number): void {
    let at = from
    let column = 0
    for (; at < end; at++) {
      const c = bytes[at] as number
      if (c < 65 || c > 90) break
      column = column * 26 + c - 64
    }
    this.column = column
    this.reference = digits(bytes, at, end)
  }

  isExtension(bytes: Buffer, at: number): boolean {
    return matches(bytes, at, this.#extension)
  }

  skipExtension(bytes: Buffer, at: number): number {
    const close = bytes.indexOf(this.#extensionEnd, at)
    if (close < 0) throw new NotUnderstood('extension without end')
    return close + this.#extensionEnd.length
  }

  /** Children of a cell in full generality: `f`, `v`, `is`, extensions, white space between them. */
  cellBody(bytes: Buffer, from: number): CellBody {
    const body: CellBody = { formula: false }
    for (let at = from; ;) {
      const open = bytes.indexOf(LESS, at)
      if (open < 0 || bytes.toString('utf8', at, open).trim() !== '') throw new NotUnderstood('text between cell parts')
      if (matches(bytes, open, this.#cellEnd)) {
        this.next = open + this.#cellEnd.length
        return body
      }
      at = this.isExtension(bytes, open) ? this.skipExtension(bytes, open) : this.#part(bytes, open, body)
    }
  }

  #part(bytes: Buffer, open: number, body: CellBody): number {
    const tagEnd = bytes.indexOf(GREATER, open)
    const name = /^[\w.:-]+/.exec(bytes.toString('latin1', open + 1, Math.min(tagEnd, open + 80)))?.[0] ?? ''
    const local = name.startsWith(this.prefix) ? name.slice(this.prefix.length) : ''
    if (tagEnd < 0 || !(local === 'f' || local === 'v' || local === 'is')) throw new NotUnderstood('part of a cell')
    if (local === 'f') body.formula = true
    if (bytes[tagEnd - 1] === SLASH) return tagEnd + 1
    const end = `</${name}>`
    const close = bytes.indexOf(end, tagEnd)
    if (close < 0) throw new NotUnderstood('part of a cell without end')
    const content = bytes.toString('utf8', tagEnd + 1, close)
    if (local === 'is') body.inline = content
    else if (content.includes('<')) throw new NotUnderstood('markup inside a value')
    else if (local === 'v') body.value = content
    return close + end.length
  }
}
