import { deflateSync } from 'node:zlib'
import { PDFDict, PDFName, PDFRawStream, PDFRef, type PDFContext, type PDFObject } from 'pdf-lib'
import { replaceText, textParts, type TextPart } from './content-text.ts'
import { glyphFont, inflated, type GlyphFont } from './glyph-fonts.ts'
import { rawStream, writtenOf, type SourceObjects, type Written } from './source-objects.ts'
import { writeToUnicode } from './to-unicode.ts'

/** Numbers for new objects, and the objects themselves. */
export interface NewObjects { add(object: PDFObject): PDFRef; put(ref: PDFRef, written: Written): void }
const CODES = 256
const key = (text: string): PDFName => PDFName.of(text)

interface Page { dict: PDFDict; fonts: PDFDict; content: Uint8Array; parts: TextPart[] }
/** A font of the document: what several fonts of the batch give to it, by their codes. */
interface Merged { matrix: string; size: number; members: Map<PDFRef, Map<number, number>> }

/**
 * Fonts whose outlines Chromium cannot embed come as dozens of Type 3 fonts that hold the glyphs of the whole batch. A document gets
 * its own: the glyphs it shows, and none that tell the names of the others. Answers the pages to write in place of those given;
 * a page that holds something that is not understood stays as it is.
 */
export class FontShrinker {
  readonly #fonts = new Map<PDFRef, GlyphFont | null>()
  readonly #contents = new Map<PDFRef, { content: Uint8Array; parts: TextPart[] } | null>()
  readonly #procs = new Map<PDFRef, Written>()
  readonly #context: PDFContext
  constructor(objects: SourceObjects) { this.#context = objects.context }

  shrink(pages: readonly PDFDict[], into: NewObjects): PDFDict[] {
    const read = pages.map((dict) => this.#read(dict))
    if (read.some((page) => page === null)) return [...pages]
    const own = read as Page[]
    const merged = this.#merge(own)
    if (merged.length === 0) return [...pages]
    const refs = merged.map((m) => into.add(this.#font(m, into)))
    return own.map((page) => this.#rewrite(page, merged, refs, into))
  }

  #read(dict: PDFDict): Page | null {
    const resources = dict.lookup(key('Resources'))
    const fonts = resources instanceof PDFDict ? resources.lookup(key('Font')) : undefined
    const ref = dict.get(key('Contents'))
    if (!(fonts instanceof PDFDict) || !(ref instanceof PDFRef)) return null
    let known = this.#contents.get(ref)
    if (known === undefined) {
      const stream = this.#context.lookup(ref)
      const content = stream instanceof PDFRawStream ? inflated(stream) : null
      const parts = content && textParts(content)
      this.#contents.set(ref, (known = content && parts ? { content, parts } : null))
    }
    return known && { dict, fonts, ...known }
  }

  #glyphs(ref: PDFObject | undefined): GlyphFont | null {
    if (!(ref instanceof PDFRef)) return null
    let font = this.#fonts.get(ref)
    if (font === undefined) {
      const dict = this.#context.lookup(ref)
      this.#fonts.set(ref, (font = dict instanceof PDFDict ? glyphFont(dict) : null))
    }
    return font
  }

  /** Every used code of the fonts that can be merged gets a code of its own; a font stays whole, so that no text has to be cut. */
  #merge(pages: readonly Page[]): Merged[] {
    const used = new Map<PDFRef, Set<number>>()
    for (const { fonts, parts } of pages) {
      for (const part of parts) {
        const ref = part.kind === 'text' ? fonts.get(key(part.font)) : undefined
        if (part.kind !== 'text' || !(ref instanceof PDFRef) || !this.#glyphs(ref)) continue
        const codes = used.get(ref) ?? new Set()
        used.set(ref, codes)
        for (const code of part.codes) codes.add(code)
      }
    }
    const out: Merged[] = []
    for (const [ref, codes] of used) {
      const { matrix, glyphs } = this.#glyphs(ref)!
      // a code without a glyph shows nothing: it is better left in a font that says so
      if ([...codes].some((code) => !glyphs.has(code))) continue
      let into = out.find((m) => m.matrix === matrix && m.size + codes.size <= CODES)
      if (!into) out.push((into = { matrix, size: 0, members: new Map() }))
      into.members.set(ref, new Map([...codes].sort((a, b) => a - b).map((code) => [code, into.size++])))
    }
    return out
  }

  #font({ matrix, members }: Merged, into: NewObjects): PDFDict {
    const [names, widths, procs, unicode] = [[] as string[], [] as number[], {} as Record<string, PDFRef>, new Map<number, string>()]
    const box = [Infinity, Infinity, -Infinity, -Infinity]
    for (const [ref, codes] of members) {
      const font = this.#glyphs(ref)!
      const [left, bottom, right, top] = font.box as [number, number, number, number]
      box[0] = Math.min(box[0]!, left, right)
      box[1] = Math.min(box[1]!, bottom, top)
      box[2] = Math.max(box[2]!, left, right)
      box[3] = Math.max(box[3]!, bottom, top)
      for (const [code, to] of codes) {
        const glyph = font.glyphs.get(code)!
        names[to] = `g${to}`
        widths[to] = glyph.width
        procs[`g${to}`] = glyph.proc
        into.put(glyph.proc, this.#proc(glyph.proc))
        if (glyph.unicode !== undefined) unicode.set(to, glyph.unicode)
      }
    }
    const last = names.length - 1
    const map = into.add(rawStream(this.#context, deflateSync(writeToUnicode(unicode))))
    return this.#context.obj({
      Type: 'Font', Subtype: 'Type3', FontMatrix: matrix.replace(/[[\]]/g, ' ').trim().split(/\s+/).map(Number), FontBBox: box, FirstChar: 0, LastChar: last, Widths: widths,
      Encoding: { Type: 'Encoding', Differences: [0, ...names.map((n) => key(n))] }, CharProcs: procs, ToUnicode: map,
    }) as PDFDict
  }

  /** Outlines are short: packed anew they take a fifth less. */
  #proc(ref: PDFRef): Written {
    let written = this.#procs.get(ref)
    if (!written) {
      const stream = this.#context.lookup(ref)
      const content = stream instanceof PDFRawStream && stream.dict.keys().every((k) => ['/Filter', '/Length'].includes(k.toString())) ? inflated(stream) : null
      this.#procs.set(ref, (written = writtenOf(content ? rawStream(this.#context, deflateSync(content, { level: 9, memLevel: 9 })) : stream!)))
    }
    return written
  }

  #rewrite({ dict, fonts, content, parts }: Page, merged: Merged[], refs: PDFRef[], into: NewObjects): PDFDict {
    const place = new Map<string, { at: number; codes: Map<number, number> }>()
    const kept: Record<string, PDFObject> = {}
    for (const [name, ref] of fonts.entries()) {
      const at = merged.findIndex((m) => ref instanceof PDFRef && m.members.has(ref))
      if (at >= 0) place.set(name.decodeText(), { at, codes: merged[at]!.members.get(ref as PDFRef)! })
      else if (parts.some((part) => part.font === name.decodeText())) kept[name.decodeText()] = ref
    }
    const text = replaceText(content, parts, (part) => {
      const to = place.get(part.font)
      if (!to) return null
      return part.kind === 'font' ? `Own${to.at}` : part.codes.map((code) => to.codes.get(code)!.toString(16).toUpperCase().padStart(2, '0')).join('')
    })
    const contents = into.add(rawStream(this.#context, deflateSync(text)))
    const page = dict.clone(this.#context)
    const resources = (dict.lookup(key('Resources')) as PDFDict).clone(this.#context)
    resources.set(key('Font'), this.#context.obj({ ...kept, ...Object.fromEntries(refs.map((ref, n) => [`Own${n}`, ref])) }))
    page.set(key('Resources'), resources)
    page.set(key('Contents'), contents)
    return page
  }
}
