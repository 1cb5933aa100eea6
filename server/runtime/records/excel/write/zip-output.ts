import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { constants, crc32, createDeflateRaw } from 'node:zlib'
import type { DeflateRaw } from 'node:zlib'
import { directoryEnd, directoryEntry, entryHead, entryTail } from './zip-records.ts'
import type { ZipEntry } from './zip-records.ts'

/**
 * A ZIP file written from front to back: what an entry measures stands behind it and in the directory, so nothing is kept.
 * Deflate runs beside the caller. Every method fails with the error of the target once that is broken.
 */
export class ZipOutput {
  readonly #broken: Promise<never>
  readonly #entries: ZipEntry[] = []
  #entry: ZipEntry | undefined
  #deflate: DeflateRaw | undefined
  #at = 0
  /** `at`: ms UTC, stamped on every entry */
  constructor(private readonly target: Writable, private readonly at: number) {
    this.#broken = finished(target, { readable: false }).then(() => new Promise<never>(() => undefined))
    this.#broken.catch(() => undefined)
  }

  async #put(bytes: Buffer): Promise<void> {
    this.#at += bytes.length
    if (!this.target.write(bytes)) await Promise.race([once(this.target, 'drain'), this.#broken])
  }

  /** Begins an entry; the one before it must have ended. */
  async begin(name: string): Promise<void> {
    const entry: ZipEntry = { name: Buffer.from(name), at: this.#at, crc: 0, size: 0, packed: 0, time: this.at }
    await this.#put(entryHead(entry))
    const deflate = createDeflateRaw({ level: constants.Z_BEST_SPEED, chunkSize: 65_536 })
    deflate.on('data', (bytes: Buffer) => { entry.packed += bytes.length })
    deflate.pipe(this.target, { end: false })
    this.#entry = entry
    this.#deflate = deflate
  }

  /** Resolves when the bytes have been taken: until then they must not change. */
  write(bytes: Buffer): Promise<void> {
    const [entry, deflate] = [this.#entry, this.#deflate]
    if (!entry || !deflate) throw new Error('no entry was begun')
    entry.crc = crc32(bytes, entry.crc)
    entry.size += bytes.length
    const taken = new Promise<void>((done, fail) => { deflate.write(bytes, (error) => (error ? fail(error) : done())) })
    return Promise.race([taken, this.#broken])
  }

  async end(): Promise<void> {
    const [entry, deflate] = [this.#entry, this.#deflate]
    if (!entry || !deflate) throw new Error('no entry was begun')
    const flushed = once(deflate, 'end')
    deflate.end()
    await Promise.race([flushed, this.#broken])
    this.#at += entry.packed
    this.#entries.push(entry)
    await this.#put(entryTail(entry))
    this.#entry = this.#deflate = undefined
  }

  async text(name: string, text: string): Promise<void> {
    await this.begin(name)
    await this.write(Buffer.from(text))
    await this.end()
  }

  /** Writes the directory and ends the target. */
  async close(): Promise<void> {
    const written = finished(this.target, { readable: false })
    const start = this.#at
    for (const entry of this.#entries) await this.#put(directoryEntry(entry))
    this.target.end(directoryEnd(this.#entries.length, start, this.#at - start))
    await written
  }

  /** Gives the target up. */
  abort(error: unknown): void {
    this.#deflate?.destroy()
    this.target.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}
