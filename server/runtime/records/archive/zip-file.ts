import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { FileRefusal, sizeText } from './file-refusal.ts'
import { readAt, readDirectory } from './zip-directory.ts'
import type { ZipEntry } from './zip-directory.ts'

export interface ZipLimits {
  /** what messages call the file: "压缩包", "Excel 文件" */
  subject: string
  maxFileBytes: number
  maxEntries: number
  /** inflated bytes of all entries that are read */
  maxTotalBytes: number
  /** inflated / compressed; looked at from `RATIO_FLOOR` bytes on */
  maxRatio: number
}

const LOCAL = 0x04034b50
/** small parts of an honest office file compress by 100 and more: the ratio says something for large ones only */
const RATIO_FLOOR = 20 * 1024 * 1024
const CHUNK = 256 * 1024
/** inflating goes on in its thread while the last chunks are being looked at */
const READ_AHEAD = { chunkSize: CHUNK, highWaterMark: 4 * CHUNK }
const ZLIB_ERRORS = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_STREAM_ERROR', 'Z_NEED_DICT'])

const OTHERS: readonly [string, string][] = [['52617221', 'RAR'], ['377abcaf', '7z'], ['1f8b', 'gzip']]
const notZip = (head: Buffer, subject: string): FileRefusal => {
  const start = head.toString('hex')
  const other = OTHERS.find(([mark]) => start.startsWith(mark))?.[1]
  const person = other ? `这是 ${other} 压缩文件，只能读取 ZIP。请解压后重新压缩为 .zip 再上传，仅修改扩展名无效。` : `这不是${subject}，请检查上传的文件。`
  return new FileRefusal('not-zip', `starts with ${start}`, person)
}

/** A ZIP opened by its central directory. Entries are inflated one after the other, in any order; nothing is written to disk. */
export class ZipFile {
  #inflated = 0
  readonly #file: FileHandle
  private constructor(file: FileHandle, readonly bytes: number, readonly entries: readonly ZipEntry[], readonly limits: ZipLimits) {
    this.#file = file
  }

  /** Throws FileRefusal: not-found, empty-file, file-too-large, not-zip, corrupt, too-many-entries. */
  static async open(path: string, limits: ZipLimits): Promise<ZipFile> {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      throw new FileRefusal('not-found', 'no such file', `找不到${limits.subject}，请重新上传。`)
    })
    try {
      const { size } = await file.stat()
      if (size === 0) throw new FileRefusal('empty-file', '0 bytes', `${limits.subject}是空的（0 字节），请检查后重新上传。`)
      if (size > limits.maxFileBytes) {
        throw new FileRefusal('file-too-large', `${size} bytes, limit ${limits.maxFileBytes}`, `${limits.subject}大小为 ${sizeText(size)}，超过上限 ${sizeText(limits.maxFileBytes)}，请拆分后分批上传。`)
      }
      const head = await readAt(file, 0, 4)
      if (head.length < 4 || head.readUInt16LE(0) !== 0x4b50) throw notZip(head, limits.subject)
      return new ZipFile(file, size, await readDirectory(file, size, limits), limits)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  find(name: string): ZipEntry | undefined {
    return this.entries.find((entry) => entry.name === name)
  }

  /** Inflated content in chunks of at most 256 KB, counted against the limits, crc checked at the end. */
  async *stream(entry: ZipEntry): AsyncGenerator<Buffer, void, undefined> {
    this.#assertReadable(entry)
    if (entry.compressed === 0 && entry.size === 0) return
    const start = await this.#dataOffset(entry)
    const source = this.#raw(start, start + entry.compressed)
    const chunks = entry.method === 0 ? source : pipeline(Readable.from(source, { objectMode: false, highWaterMark: CHUNK }), createInflateRaw(READ_AHEAD), () => undefined)
    let bytes = 0
    let crc = 0
    try {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        bytes += chunk.length
        this.#count(entry, chunk.length, bytes)
        crc = crc32(chunk, crc)
        yield chunk
      }
    } catch (error) {
      if (ZLIB_ERRORS.has((error as NodeJS.ErrnoException).code ?? '')) throw this.#corrupt(`cannot inflate: ${(error as Error).message}`)
      throw error
    }
    if (bytes !== entry.size || crc !== entry.crc) throw this.#corrupt(`entry has ${bytes} bytes crc ${crc}, directory says ${entry.size} crc ${entry.crc}`)
  }

  /** Whole content of a part that is known to be small. Throws FileRefusal `zip-bomb` above `maxBytes`. */
  async read(entry: ZipEntry, maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of this.stream(entry)) {
      bytes += chunk.length
      if (bytes > maxBytes) throw this.#bomb(`part is larger than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, bytes)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Not a file stream: those close the handle, which the next entry still needs. */
  async *#raw(from: number, to: number): AsyncGenerator<Buffer, void, undefined> {
    for (let at = from; at < to;) {
      const chunk = await readAt(this.#file, at, Math.min(CHUNK, to - at))
      if (chunk.length === 0) throw this.#corrupt('file ends inside an entry')
      at += chunk.length
      yield chunk
    }
  }

  #assertReadable(entry: ZipEntry): void {
    const { subject } = this.limits
    if (entry.encrypted) throw new FileRefusal('encrypted', 'entry is encrypted', `${subject}设置了密码，请取消密码后重新上传。`)
    if (entry.method !== 0 && entry.method !== 8) throw this.#corrupt(`compression method ${entry.method}`)
    if (entry.size > RATIO_FLOOR && entry.size > entry.compressed * this.limits.maxRatio) throw this.#bomb(`declares ratio ${Math.round(entry.size / entry.compressed)}`)
    if (this.#inflated + entry.size > this.limits.maxTotalBytes) throw this.#bomb(`declares ${this.#inflated + entry.size} bytes in all`)
  }

  #count(entry: ZipEntry, chunk: number, bytes: number): void {
    this.#inflated += chunk
    if (this.#inflated > this.limits.maxTotalBytes) throw this.#bomb(`inflates to more than ${this.limits.maxTotalBytes} bytes`)
    if (bytes > entry.size) throw this.#corrupt('entry is longer than declared')
  }

  async #dataOffset(entry: ZipEntry): Promise<number> {
    const head = await readAt(this.#file, entry.offset, 30)
    if (head.length < 30 || head.readUInt32LE(0) !== LOCAL) throw this.#corrupt('local header is missing')
    return entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  }

  #corrupt(what: string): FileRefusal {
    return new FileRefusal('corrupt', what, `${this.limits.subject}已损坏，无法读取，请重新生成后再上传。`)
  }

  #bomb(what: string): FileRefusal {
    return new FileRefusal('zip-bomb', what, `${this.limits.subject}解压后的内容过大，已停止读取。请删除多余内容，或拆分后分批上传。`)
  }
}
