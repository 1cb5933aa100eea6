import { FileRefusal } from '../../archive/file-refusal.ts'
import { NotUnderstood } from './not-understood.ts'
import { refuseCorrupt, refuseDtd } from './small-xml.ts'
import type { StringStore } from './string-store.ts'
import { matches } from './tag-scanner.ts'
import { runsText } from './text.ts'

/** one string with all its runs and markup */
const MAX_ITEM = 4 * 1024 * 1024
const LESS = 60
const NOTHING = Buffer.alloc(0)

export const refuseLongText = (length: number, limit: number): FileRefusal =>
  new FileRefusal('string-too-long', `${length} characters, limit ${limit}`, `Excel 文件里有单元格超过 ${limit} 个字符，请缩短内容后再上传。`)

interface Marks { prefix: string; open: Buffer; empty: Buffer; plain: Buffer; plainEnd: Buffer; close: Buffer }

const marksOf = (prefix: string): Marks => {
  const mark = (text: string): Buffer => Buffer.from(text.replaceAll('~', prefix))
  return { prefix, open: mark('<~si'), empty: mark('<~si/>'), plain: mark('<~si><~t>'), plainEnd: mark('</~t></~si>'), close: mark('</~si>') }
}

/** Feeds the `si` elements of a sharedStrings part into the store. Plain ones go over as bytes, never becoming a string. */
class StringsScanner {
  #rest: Buffer = NOTHING
  #marks: Marks | undefined
  constructor(private readonly store: StringStore, private readonly maxLength: number) {}

  feed(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (!this.#marks) {
      if (bytes.includes('<!DOCTYPE')) throw refuseDtd()
      const root = /<((?:[\w.-]+:)?)sst(\s[^>]*)?>/.exec(bytes.toString('latin1', 0, 65_536))
      if (root) {
        this.#marks = marksOf(root[1] ?? '')
        bytes = bytes.subarray(root.index + root[0].length)
      }
    }
    this.#rest = this.#marks ? bytes.subarray(this.#items(bytes, this.#marks)) : bytes
    if (this.#rest.length > MAX_ITEM) throw refuseCorrupt('a shared string does not end')
  }

  /** Index of the first item that is not complete yet. */
  #items(bytes: Buffer, marks: Marks): number {
    for (let at = 0; ;) {
      while (bytes[at] !== LESS && at < bytes.length) at++
      if (at + marks.plain.length > bytes.length) return at
      if (!matches(bytes, at, marks.open)) {
        if (bytes[at + 1] === 47) return bytes.length
        throw new NotUnderstood('something other than si in sst')
      }
      const plain = this.#plain(bytes, at, marks)
      const next = plain > 0 ? plain : this.#item(bytes, at, marks)
      if (next < 0) return at
      at = next
    }
  }

  /** `<si><t>text</t></si>` without entities and escapes: index behind it, -1 if it is something else or not complete. */
  #plain(bytes: Buffer, at: number, marks: Marks): number {
    if (!matches(bytes, at, marks.plain)) return -1
    const start = at + marks.plain.length
    let stop = start
    for (let c = bytes[stop]; c !== LESS; c = bytes[++stop]) {
      // & begins an entity, \r is a line end to fold, _x may begin an escape
      if (c === undefined || c === 38 || c === 13 || (c === 95 && bytes[stop + 1] === 120)) return -1
    }
    if (!matches(bytes, stop, marks.plainEnd) || stop - start > this.maxLength) return -1
    this.store.addBytes(bytes, start, stop)
    return stop + marks.plainEnd.length
  }

  #item(bytes: Buffer, at: number, marks: Marks): number {
    if (matches(bytes, at, marks.empty)) {
      this.store.add('')
      return at + marks.empty.length
    }
    const end = bytes.indexOf(marks.close, at)
    if (end < 0) return -1
    const text = runsText(bytes.toString('utf8', bytes.indexOf(62, at) + 1, end), marks.prefix)
    if (text.length > this.maxLength) throw refuseLongText(text.length, this.maxLength)
    this.store.add(text)
    return end + marks.close.length
  }
}

export const loadSharedStrings = async (chunks: AsyncIterable<Buffer>, store: StringStore, maxLength: number): Promise<void> => {
  const scanner = new StringsScanner(store, maxLength)
  for await (const chunk of chunks) scanner.feed(chunk)
}
