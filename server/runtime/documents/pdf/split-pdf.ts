import { ParseSpeeds, PDFArray, PDFDict, PDFDocument, PDFName, PDFRef, type LoadOptions, type SaveOptions } from 'pdf-lib'

// pdf-lib pauses between objects for the sake of a page; a thread of its own has nobody to wait for.
const LOAD: LoadOptions = { updateMetadata: false, parseSpeed: ParseSpeeds.Fastest }
const SAVE: SaveOptions = { useObjectStreams: true, addDefaultPage: false, objectsPerTick: Infinity }

export interface PdfMeta { title: string; author: string; /** milliseconds UTC */ now: number }
export interface SplitPart { bytes: Uint8Array; pages: number }

/**
 * First page of each document, by the named destinations that Chromium wrote for the marks `prefix0`, `prefix1`, ….
 * Throws unless every mark is there, the first on page 0, each on a later page than the one before.
 */
export function firstPages(pdf: PDFDocument, prefix: string, count: number): number[] {
  const pages = new Map(pdf.getPages().map((page, index) => [page.ref, index]))
  const destinations = pdf.catalog.lookupMaybe(PDFName.of('Dests'), PDFDict)
  const starts: number[] = []
  for (let index = 0; index < count; index++) {
    const destination = destinations?.lookupMaybe(PDFName.of(`${prefix}${index}`), PDFArray)
    const ref = destination?.get(0)
    const start = ref instanceof PDFRef ? pages.get(ref) : undefined
    if (start === undefined || start <= (starts[index - 1] ?? -1) || (index === 0 && start !== 0)) {
      throw new Error(`mark ${index} of ${count} was found on page ${start ?? 'none'} after ${starts[index - 1] ?? 'none'}; the template's markup probably closes an element it did not open`)
    }
    starts.push(start)
  }
  return starts
}

function describe(pdf: PDFDocument, { title, author, now }: PdfMeta): void {
  const time = new Date(now)
  pdf.setTitle(title, { showInWindowTitleBar: true })
  if (author !== '') pdf.setAuthor(author)
  pdf.setCreator('Certflow')
  pdf.setProducer('Certflow')
  pdf.setCreationDate(time)
  pdf.setModificationDate(time)
  pdf.setLanguage('zh-CN')
}

async function copyOut(source: PDFDocument, indices: number[], meta: PdfMeta): Promise<SplitPart> {
  const target = await PDFDocument.create({ updateMetadata: false })
  for (const page of await target.copyPages(source, indices)) target.addPage(page)
  describe(target, meta)
  return { bytes: await target.save(SAVE), pages: indices.length }
}

/** One printed batch as a file per document; pages without a document do not occur, a document has one page or more. */
export async function splitPdf(bytes: Uint8Array, prefix: string, metas: PdfMeta[]): Promise<SplitPart[]> {
  const source = await PDFDocument.load(bytes, LOAD)
  const starts = firstPages(source, prefix, metas.length)
  const parts: SplitPart[] = []
  for (const [index, meta] of metas.entries()) {
    const [from, to] = [starts[index] ?? 0, starts[index + 1] ?? source.getPageCount()]
    parts.push(await copyOut(source, Array.from({ length: to - from }, (_, at) => from + at), meta))
  }
  return parts
}

/** Printed batches as one file, in order. */
export async function mergePdfs(batches: Uint8Array[], meta: PdfMeta): Promise<SplitPart> {
  const target = await PDFDocument.create({ updateMetadata: false })
  for (const bytes of batches) {
    const source = await PDFDocument.load(bytes, LOAD)
    for (const page of await target.copyPages(source, source.getPageIndices())) target.addPage(page)
  }
  describe(target, meta)
  return { bytes: await target.save(SAVE), pages: target.getPageCount() }
}
