import { inflateSync } from 'node:zlib'
import { PDFArray, PDFDict, PDFName, PDFNumber, PDFRawStream, PDFRef } from 'pdf-lib'
import { readToUnicode } from './to-unicode.ts'

/** A Type 3 font of a batch: the glyphs that stand at its codes. */
export interface GlyphFont { matrix: string; box: number[]; glyphs: ReadonlyMap<number, { proc: PDFRef; width: number; unicode: string | undefined }> }

const name = (text: string): PDFName => PDFName.of(text)
const KNOWN = new Set(['Type', 'Subtype', 'FontMatrix', 'FirstChar', 'LastChar', 'FontBBox', 'CIDToGIDMap', 'ToUnicode', 'FontDescriptor', 'Widths', 'Encoding', 'CharProcs'])

export const inflated = (stream: PDFRawStream): Uint8Array | null => {
  const filter = stream.dict.lookup(name('Filter'))
  return filter === undefined ? stream.contents : filter === name('FlateDecode') ? inflateSync(stream.contents) : null
}

/** null = no Type 3 font, or one with something in it that is not looked after here; it is left as it stands. */
export function glyphFont(font: PDFDict): GlyphFont | null {
  if (font.lookup(name('Subtype')) !== name('Type3') || font.keys().some((key) => !KNOWN.has(key.decodeText()))) return null
  const [matrix, box, widths, procs] = [font.lookup(name('FontMatrix')), font.lookup(name('FontBBox')), font.lookup(name('Widths')), font.lookup(name('CharProcs'))]
  const encoding = font.lookup(name('Encoding'))
  const first = font.lookup(name('FirstChar'))
  if (!(matrix instanceof PDFArray) || !(box instanceof PDFArray) || !(widths instanceof PDFArray) || !(procs instanceof PDFDict) || !(encoding instanceof PDFDict) || !(first instanceof PDFNumber)) return null
  const unicode = unicodeOf(font)
  const codes = differences(encoding.lookup(name('Differences')))
  const edges = numbers(box)
  if (!unicode || !codes || !edges) return null
  const glyphs = new Map<number, { proc: PDFRef; width: number; unicode: string | undefined }>()
  for (const [code, glyph] of codes) {
    const proc = procs.get(glyph)
    const width = code < first.asNumber() ? undefined : widths.asArray()[code - first.asNumber()]
    if (proc instanceof PDFRef) glyphs.set(code, { proc, width: width instanceof PDFNumber ? width.asNumber() : 0, unicode: unicode.get(code) })
  }
  return { matrix: matrix.toString(), box: edges, glyphs }
}

function unicodeOf(font: PDFDict): Map<number, string> | null {
  const stream = font.lookup(name('ToUnicode'))
  if (!(stream instanceof PDFRawStream)) return null
  const text = inflated(stream)
  return text && readToUnicode(Buffer.from(text).toString('latin1'))
}

function numbers(array: PDFArray): number[] | null {
  const list = array.asArray()
  return list.every((n) => n instanceof PDFNumber) ? list.map((n) => n.asNumber()) : null
}

function differences(array: unknown): Map<number, PDFName> | null {
  if (!(array instanceof PDFArray)) return null
  const out = new Map<number, PDFName>()
  let code = -1
  for (const item of array.asArray()) {
    if (item instanceof PDFNumber) code = item.asNumber()
    else if (item instanceof PDFName && code >= 0) out.set(code++, item)
    else return null
  }
  return out
}
