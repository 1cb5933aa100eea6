import { createWriteStream } from 'node:fs'
import { basename } from 'node:path/posix'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sizeText } from './file-refusal.ts'
import type { ZipEntry } from './zip-directory.ts'
import { ZipFile } from './zip-file.ts'
import type { ZipLimits } from './zip-file.ts'

export interface ArchiveOptions extends Partial<ZipLimits> {
  /** one file of the package; a larger one is yielded with a problem, the others go on */
  maxEntryBytes?: number
}

export interface ArchiveItem {
  /** file name without folders, NFC */
  name: string
  /** as in the archive, for messages only: never a path on disk */
  entryPath: string
  bytes: number
  /** why this file alone is not taken; such an item cannot be read */
  problem?: { code: 'too-large' | 'encrypted' | 'duplicate' | 'unreadable'; person: string }
  stream(): AsyncIterable<Buffer>
  read(): Promise<Buffer>
  saveTo(path: string): Promise<void>
}

export const ARCHIVE_LIMITS: ZipLimits & { maxEntryBytes: number } = {
  subject: '压缩包',
  maxFileBytes: 2 * 1024 ** 3,
  maxEntries: 50_000,
  maxTotalBytes: 4 * 1024 ** 3,
  maxRatio: 200,
  maxEntryBytes: 20 * 1024 ** 2,
}

const LEFTOVERS = new Set(['.ds_store', 'thumbs.db', 'desktop.ini'])

const isContent = (entry: ZipEntry): boolean =>
  !entry.directory && !entry.name.split('/').includes('__MACOSX') && !LEFTOVERS.has(basename(entry.name).toLowerCase()) && !basename(entry.name).startsWith('._')

const problemOf = (entry: ZipEntry, seen: ReadonlyMap<string, string>, name: string, maxBytes: number): ArchiveItem['problem'] => {
  const first = seen.get(name)
  if (first !== undefined) return { code: 'duplicate', person: `压缩包里有多个名为“${name}”的文件（另一个在“${first}”），请只保留一个。` }
  if (entry.encrypted) return { code: 'encrypted', person: `文件“${name}”设置了密码，请取消密码后重新打包。` }
  if (entry.size > maxBytes) return { code: 'too-large', person: `文件“${name}”大小为 ${sizeText(entry.size)}，超过上限 ${sizeText(maxBytes)}，请压缩后重新打包。` }
  if (entry.method !== 0 && entry.method !== 8) return { code: 'unreadable', person: `文件“${name}”使用了不支持的压缩方式，请用系统自带的 ZIP 压缩重新打包。` }
  return undefined
}

const itemOf = (zip: ZipFile, entry: ZipEntry, name: string, problem: ArchiveItem['problem']): ArchiveItem => {
  const stream = (): AsyncIterable<Buffer> => {
    if (problem) throw new Error(`archive item cannot be read: ${problem.code}`)
    return zip.stream(entry)
  }
  return {
    name, entryPath: entry.name, bytes: entry.size, ...(problem ? { problem } : {}), stream,
    read: async () => {
      const chunks: Buffer[] = []
      for await (const chunk of stream()) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    saveTo: (path) => pipeline(Readable.from(stream()), createWriteStream(path, { flags: 'wx', mode: 0o600 })),
  }
}

/**
 * Files of a ZIP package in archive order: folders flattened to base names, names in GBK or UTF-8,
 * leftovers of macOS and Windows passed over. Items may be read only while the iteration stands at them
 * or before it ends. Throws FileRefusal for the package as a whole.
 */
export async function* readArchive(path: string, options: ArchiveOptions = {}): AsyncGenerator<ArchiveItem, void, undefined> {
  const { maxEntryBytes, ...limits } = { ...ARCHIVE_LIMITS, ...options }
  const zip = await ZipFile.open(path, limits)
  const seen = new Map<string, string>()
  try {
    for (const entry of zip.entries) {
      if (!isContent(entry)) continue
      const name = basename(entry.name).normalize('NFC')
      const problem = problemOf(entry, seen, name, maxEntryBytes)
      if (!seen.has(name)) seen.set(name, entry.name)
      yield itemOf(zip, entry, name, problem)
    }
  } finally {
    await zip.close()
  }
}
