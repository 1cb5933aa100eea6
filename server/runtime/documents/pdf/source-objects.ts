import { PDFArray, PDFDict, PDFName, PDFRawStream, PDFRef, PDFStream, type PDFContext, type PDFDocument, type PDFObject } from 'pdf-lib'

/** An indirect object as it is written, with the objects it refers to. */
export interface Written { bytes: Uint8Array; refs: readonly PDFRef[]; stream: boolean }

export const bytesOf = (object: PDFObject): Uint8Array => {
  const bytes = new Uint8Array(object.sizeInBytes())
  object.copyBytesInto(bytes, 0)
  return bytes
}

/** References inside an object, whatever depth. */
export function refsIn(object: PDFObject, found: PDFRef[] = []): PDFRef[] {
  if (object instanceof PDFRef) found.push(object)
  else if (object instanceof PDFArray) for (const item of object.asArray()) refsIn(item, found)
  else if (object instanceof PDFDict) for (const [, value] of object.entries()) refsIn(value, found)
  else if (object instanceof PDFStream) refsIn(object.dict, found)
  return found
}

export const writtenOf = (object: PDFObject): Written => ({ bytes: bytesOf(object), refs: refsIn(object), stream: object instanceof PDFStream })

/** The objects of a printed batch. Each is written once, however many documents share it: they keep their numbers. */
export class SourceObjects {
  readonly context: PDFContext
  readonly #pages: ReadonlySet<PDFRef>
  readonly #written = new Map<PDFRef, Written | null>()
  constructor(source: PDFDocument) {
    this.context = source.context
    this.#pages = new Set(source.getPages().map((page) => page.ref))
  }

  get(ref: PDFRef): Written | null {
    let written = this.#written.get(ref)
    if (written === undefined) {
      const object = this.context.lookup(ref)
      this.#written.set(ref, (written = object ? writtenOf(object) : null))
    }
    return written
  }

  /** Everything that the roots lead to. Pages are never among it: another document's page must not come along by a link. */
  reach(roots: readonly PDFRef[]): Map<PDFRef, Written> {
    const reached = new Map<PDFRef, Written>()
    const open = [...roots]
    for (let ref = open.pop(); ref; ref = open.pop()) {
      if (reached.has(ref) || this.#pages.has(ref)) continue
      const written = this.get(ref)
      if (!written) continue
      reached.set(ref, written)
      open.push(...written.refs)
    }
    return reached
  }
}

export const rawStream = (context: PDFContext, contents: Uint8Array): PDFRawStream => {
  const dict = context.obj({}) as PDFDict
  dict.set(PDFName.of('Length'), context.obj(contents.length))
  dict.set(PDFName.of('Filter'), PDFName.of('FlateDecode'))
  return PDFRawStream.of(dict, contents)
}
