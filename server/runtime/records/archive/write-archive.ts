import { createReadStream, createWriteStream } from 'node:fs'
import { finished, pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type { Writable } from 'node:stream'
import { ZipFile } from 'yazl'

export interface ArchiveSource {
  /** `/` makes folders; unsafe parts (`..`, leading `/`, control characters) are removed */
  name: string
  /** bytes, a file path, or something that opens a stream when its turn comes */
  source: Buffer | string | (() => Readable)
  /** already compressed (photo, PDF): stored as it is */
  stored?: boolean
}

/** A name no unpacker can be led astray by. */
export const safeEntryName = (name: string): string => {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    // eslint-disable-next-line no-control-regex -- control characters are what is removed
    .map((part) => part.replace(/[\u0000-\u001f<>:"|?*]/g, '_').trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.join('/') || '_'
}

const openSource = (source: ArchiveSource['source']): Readable => {
  if (typeof source === 'string') return createReadStream(source)
  return Buffer.isBuffer(source) ? Readable.from([source]) : source()
}

/** One entry at a time, so that at most one source is open and nothing is queued in memory. */
const addEntry = (zip: ZipFile, entry: ArchiveSource, at: number): Promise<void> => {
  const options = { compress: !entry.stored, mtime: new Date(at) }
  return addSource(zip, safeEntryName(entry.name), options, { source: entry.source })
}

/** yazl keeps what opens an entry until the archive ends: the bytes must not be kept with it. */
const addSource = (zip: ZipFile, name: string, options: { compress: boolean; mtime: Date }, held: { source?: ArchiveSource['source'] }): Promise<void> =>
  new Promise((done, fail) => {
    zip.addReadStreamLazy(name, options, (callback) => {
      const stream = openSource(held.source!)
      delete held.source
      finished(stream, { writable: false }).then(() => done(), fail)
      callback(null, stream)
    })
  })

/**
 * Writes a ZIP (UTF-8 names, zip64 when needed) to a path or stream. `at` (ms UTC) stamps the entries.
 * Returns the number of entries. Fails with the error of the source or target that broke.
 */
export const writeArchive = async (target: string | Writable, entries: AsyncIterable<ArchiveSource> | Iterable<ArchiveSource>, at: number): Promise<number> => {
  const zip = new ZipFile()
  const output = typeof target === 'string' ? createWriteStream(target) : target
  const written = pipeline(zip.outputStream, output)
  const broken = written.then(() => new Promise<never>(() => undefined))
  broken.catch(() => undefined)
  let count = 0
  try {
    for await (const entry of entries) {
      await Promise.race([addEntry(zip, entry, at), broken])
      count++
    }
  } catch (error) {
    // the reader of the target hears of the cause
    output.destroy(error as Error)
    await written.catch(() => undefined)
    throw error
  }
  zip.end()
  await written
  return count
}
