import { ParseSpeeds, PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRef, PDFString, type LoadOptions, type SaveOptions } from 'pdf-lib'
import { FontShrinker, type NewObjects } from './shrink-fonts.ts'
import { SourceObjects, writtenOf, type Written } from './source-objects.ts'
import { writePdf } from './write-pdf.ts'

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

const name = (text: string): PDFName => PDFName.of(text)

/** One document of a batch: its pages with what they need, under the numbers they have there. */
function documentOf(objects: SourceObjects, fonts: FontShrinker, pages: readonly PDFDict[], { title, author, now }: PdfMeta): Uint8Array {
  const { context } = objects
  const own = new Map<number, Written>()
  let next = context.largestObjectNumber + 1
  const into: NewObjects = {
    add(object) { const ref = PDFRef.of(next++); own.set(ref.objectNumber, writtenOf(object)); return ref },
    put(ref, written) { own.set(ref.objectNumber, written) },
  }
  const parent = PDFRef.of(next++)
  const shown = fonts.shrink(pages, into).map((page) => { const copy = page.clone(context); copy.set(name('Parent'), parent); return into.add(copy) })
  own.set(parent.objectNumber, writtenOf(context.obj({ Type: 'Pages', Kids: shown, Count: shown.length })))
  const root = into.add(context.obj({ Type: 'Catalog', Pages: parent, Lang: PDFString.of('zh-CN'), ViewerPreferences: { DisplayDocTitle: true } }))
  const at = PDFString.fromDate(new Date(now))
  const info = into.add(context.obj({ Title: PDFHexString.fromText(title), ...(author === '' ? {} : { Author: PDFHexString.fromText(author) }), Creator: PDFString.of('Certflow'), Producer: PDFString.of('Certflow'), CreationDate: at, ModDate: at }))
  const reached = objects.reach([...own.values()].flatMap(({ refs }) => refs.filter((ref) => !own.has(ref.objectNumber))))
  const all = new Map<number, Written>([...[...reached].map(([ref, written]) => [ref.objectNumber, written] as const), ...own])
  return writePdf(all, { root: root.objectNumber, info: info.objectNumber })
}

/** One printed batch as a file per document; pages without a document do not occur, a document has one page or more. */
export async function splitPdf(bytes: Uint8Array, prefix: string, metas: PdfMeta[]): Promise<SplitPart[]> {
  const source = await PDFDocument.load(bytes, LOAD)
  const starts = firstPages(source, prefix, metas.length)
  const objects = new SourceObjects(source)
  const fonts = new FontShrinker(objects)
  const pages = source.getPages().map((page) => page.node)
  return metas.map((meta, index) => {
    const own = pages.slice(starts[index] ?? 0, starts[index + 1] ?? pages.length)
    return { bytes: documentOf(objects, fonts, own, meta), pages: own.length }
  })
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
