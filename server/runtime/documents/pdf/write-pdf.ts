import { deflateSync } from 'node:zlib'
import type { Written } from './source-objects.ts'

const HEAD = Buffer.from('%PDF-1.7\n%\x81\x81\x81\x81\n', 'latin1')
const ENTRY = 7

/** A PDF of these objects by number: streams as they are, all else together in one compressed object stream (ISO 32000-1, 7.5.7 and 7.5.8). */
export function writePdf(objects: ReadonlyMap<number, Pick<Written, 'bytes' | 'stream'>>, { root, info }: { root: number; info: number }): Uint8Array {
  const parts: Uint8Array[] = [HEAD]
  let at = HEAD.length
  const put = (bytes: Uint8Array): void => { parts.push(bytes); at += bytes.length }
  const last = Math.max(...objects.keys())
  const [packed, table] = [last + 1, last + 2]
  // numbers of the batch that this document does not use stay in the table as free
  const entries = Buffer.alloc((table + 1) * ENTRY)
  const enter = (number: number, type: 1 | 2, value: number, index: number): void => {
    entries[number * ENTRY] = type
    entries.writeUIntBE(value, number * ENTRY + 1, 4)
    entries.writeUInt16BE(index, number * ENTRY + 5)
  }
  const placed = (number: number, ...bytes: Uint8Array[]): void => {
    enter(number, 1, at, 0)
    put(Buffer.from(`${number} 0 obj\n`))
    for (const part of bytes) put(part)
    put(Buffer.from('\nendobj\n'))
  }
  const small: [number, Uint8Array][] = []
  for (const [number, { bytes, stream }] of objects) { if (stream) placed(number, bytes); else small.push([number, bytes]) }
  let offset = 0
  const index = small.map(([number, bytes], n) => { const line = `${number} ${offset}`; offset += bytes.length + 1; enter(number, 2, packed, n); return line }).join(' ')
  const inside = deflateSync(Buffer.concat([Buffer.from(`${index}\n`), ...small.flatMap(([, bytes]) => [bytes, NEWLINE])]))
  placed(packed, Buffer.from(`<</Type/ObjStm/N ${small.length}/First ${index.length + 1}/Filter/FlateDecode/Length ${inside.length}>>stream\n`), inside, END)
  const start = at
  enter(table, 1, at, 0)
  const rows = deflateSync(entries)
  placed(table, Buffer.from(`<</Type/XRef/Size ${table + 1}/W[1 4 2]/Root ${root} 0 R/Info ${info} 0 R/Filter/FlateDecode/Length ${rows.length}>>stream\n`), rows, END)
  put(Buffer.from(`startxref\n${start}\n%%EOF\n`))
  // a buffer of its own: it is handed to another thread
  const out = new Uint8Array(at)
  let to = 0
  for (const part of parts) { out.set(part, to); to += part.length }
  return out
}
const NEWLINE = Buffer.from('\n')
const END = Buffer.from('\nendstream')
