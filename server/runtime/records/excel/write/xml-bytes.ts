/** bytes after which the buffer is handed on */
const FULL = 262_144
/** one character takes six bytes at most: `&quot;`, and `_x005F` in place of `_` */
const WIDEST = 7

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
const AMP = ascii('&amp;')
const LT = ascii('&lt;')
const GT = ascii('&gt;')
const ESCAPED = ascii('_x005F_')
const LOST = Uint8Array.of(0xef, 0xbf, 0xbd)
/** ASCII that stands for itself */
const SELF = Uint8Array.from({ length: 128 }, (_, c) => (c >= 32 && c < 127 && !'&<>_'.includes(String.fromCharCode(c)) || c === 9 || c === 10 || c === 127 ? 1 : 0))

const isHex = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102)
/** `_x000D_` in a text would be read as the character of that number. */
const looksEscaped = (text: string, at: number): boolean =>
  (text.charCodeAt(at + 1) | 32) === 120 && text.charCodeAt(at + 6) === 95 && [2, 3, 4, 5].every((n) => isHex(text.charCodeAt(at + n)))

/** XML as UTF-8, written byte by byte: several times as fast as making texts and encoding them. */
export class XmlBytes {
  #bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(FULL * 2)
  #at = 0

  get isFull(): boolean { return this.#at >= FULL }

  /** What has been written; it is written over by what comes next. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at)
    this.#at = 0
    return taken
  }

  /** Room for `length` more bytes. */
  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + length))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  /** Markup, as it is. */
  raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#copy(bytes)
  }
  #copy(bytes: Uint8Array): void {
    const { length } = bytes
    const out = this.#bytes
    let at = this.#at
    for (let i = 0; i < length; i++) out[at++] = bytes[i]!
    this.#at = at
  }

  /** A cell in one go: markup, its row in digits, markup, character data, markup. */
  cell(open: Uint8Array, row: Uint8Array, kind: Uint8Array, text: string, end: Uint8Array): void {
    this.#room(open.length + row.length + kind.length + text.length * WIDEST + end.length)
    this.#copy(open)
    this.#copy(row)
    this.#copy(kind)
    this.#text(text)
    this.#copy(end)
  }

  /** Character data of a cell: what XML cannot hold is left out, half a character becomes U+FFFD. */
  #text(text: string): void {
    const { length } = text
    const out = this.#bytes
    let at = this.#at
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i)
      if (c < 128) {
        if (SELF[c] === 1) { out[at++] = c; continue }
        const written = special(text, i, c)
        for (let k = 0; k < written.length; k++) out[at++] = written[k]!
      } else if (c < 0x800) {
        out[at++] = 0xc0 | c >> 6
        out[at++] = 0x80 | c & 63
      } else if (c < 0xd800 || (c > 0xdfff && c < 0xfffe)) {
        out[at++] = 0xe0 | c >> 12
        out[at++] = 0x80 | c >> 6 & 63
        out[at++] = 0x80 | c & 63
      } else if (c < 0xfffe) {
        const low = c < 0xdc00 && i + 1 < length ? text.charCodeAt(i + 1) : 0
        if (low >= 0xdc00 && low <= 0xdfff) {
          const point = 0x1_0000 + (c - 0xd800 << 10) + low - 0xdc00
          out[at++] = 0xf0 | point >> 18
          out[at++] = 0x80 | point >> 12 & 63
          out[at++] = 0x80 | point >> 6 & 63
          out[at++] = 0x80 | point & 63
          i++
        } else for (let k = 0; k < 3; k++) out[at++] = LOST[k]!
      }
    }
    this.#at = at
  }
}

const NEW_LINE = Uint8Array.of(10)
const NOTHING = new Uint8Array()
const UNDERSCORE = Uint8Array.of(95)
/** The ASCII characters that do not stand for themselves; line ends become one, as every XML reader makes them. */
const special = (text: string, at: number, c: number): Uint8Array => {
  switch (c) {
    case 38: return AMP
    case 60: return LT
    case 62: return GT
    case 95: return looksEscaped(text, at) ? ESCAPED : UNDERSCORE
    case 13: return text.charCodeAt(at + 1) === 10 ? NOTHING : NEW_LINE
    default: return NOTHING
  }
}
