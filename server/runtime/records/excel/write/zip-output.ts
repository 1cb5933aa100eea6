import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { directoryEnd, directoryEntry, entryHead, entryTail } from './zip-records.ts'
import type { ZipEntry } from './zip-records.ts'

const PIECE = { level: constants.Z_BEST_SPEED, chunkSize: 65_536, finishFlush: constants.Z_SYNC_FLUSH }
/** an empty last block */
const LAST = deflateRawSync(Buffer.alloc(0))

/**
 * A ZIP file written from front to back: what an entry measures stands behind it and in the directory, so nothing is kept.
 * Each piece is deflated by itself, at once: half a millisecond for 256 KB, where handing it to a thread and waiting for
 * the answer takes many times as long on a busy machine. Every method fails with the error of the target once that is broken.
 */
export class ZipOutput {
  readonly #broken: Promise<never>
  readonly #entries: ZipEntry[] = []
  #entry: ZipEntry | undefined
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
  get #open(): ZipEntry {
    if (!this.#entry) throw new Error('no entry was begun')
    return this.#entry
  }

  /** Begins an entry; the one before it must have ended. */
  async begin(name: string): Promise<void> {
    this.#entry = { name: Buffer.from(name), at: this.#at, crc: 0, size: 0, packed: 0, time: this.at }
    await this.#put(entryHead(this.#entry))
  }

  /** The bytes may be written over at once. */
  async write(bytes: Buffer): Promise<void> {
    const entry = this.#open
    entry.crc = crc32(bytes, entry.crc)
    entry.size += bytes.length
    await this.#piece(entry, deflateRawSync(bytes, PIECE))
  }
  async #piece(entry: ZipEntry, packed: Buffer): Promise<void> {
    entry.packed += packed.length
    await this.#put(packed)
  }

  async end(): Promise<void> {
    const entry = this.#open
    await this.#piece(entry, LAST)
    this.#entries.push(entry)
    await this.#put(entryTail(entry))
    this.#entry = undefined
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
    this.target.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}
