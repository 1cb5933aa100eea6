import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell } from './cell.ts'
import { refuseCorrupt } from './small-xml.ts'

const SLAB = 1024 * 1024
const HOT = 4096
/** slabs of a spilled store kept for reading; texts are referred to in about the order of their first use */
const WINDOW = 8

const EMPTY: Cell = { kind: 'empty', text: '' }

/**
 * The distinct texts of a workbook by index, as bytes outside the JavaScript heap: memory stays flat. Above
 * `maxBytes` full slabs go to a temporary file that has no name any more while it is used.
 */
export class StringStore {
  #slabs = new Map<number, Buffer>()
  #slabCount = 0
  #current: Buffer = Buffer.alloc(0)
  #used = SLAB
  #starts = new Float64Array(1024)
  #lengths = new Uint32Array(1024)
  #count = 0
  #file: number | undefined
  #folder: string | undefined
  readonly #hot: (Cell | undefined)[] = new Array<Cell | undefined>(HOT)
  readonly #hotIndex = new Int32Array(HOT).fill(-1)
  constructor(private readonly maxBytes: number, private readonly tempFolder: string = tmpdir()) {}

  get count(): number { return this.#count }
  get spilled(): boolean { return this.#file !== undefined }

  add(text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    this.addBytes(bytes, 0, bytes.length)
  }

  /** UTF-8 text in bytes[from, end). */
  addBytes(bytes: Buffer, from: number, end: number): void {
    const length = end - from
    if (length > SLAB) throw refuseCorrupt(`text of ${length} bytes`)
    if (this.#used + length > SLAB) this.#newSlab()
    const slab = this.#current
    // short texts: a loop beats the call into the runtime
    if (length < 64) for (let i = 0; i < length; i++) slab[this.#used + i] = bytes[from + i] as number
    else bytes.copy(slab, this.#used, from, end)
    if (this.#count === this.#starts.length) this.#grow()
    this.#starts[this.#count] = (this.#slabCount - 1) * SLAB + this.#used
    this.#lengths[this.#count] = length
    this.#used += length
    this.#count++
  }

  /** One shared cell per text. Throws FileRefusal `corrupt` for an index outside the table. */
  cell(index: number): Cell {
    const slot = index & (HOT - 1)
    const hot = this.#hot[slot]
    if (hot && this.#hotIndex[slot] === index) return hot
    if (!(index >= 0 && index < this.#count)) throw refuseCorrupt(`shared string ${index} of ${this.#count}`)
    // an empty text has no place of its own: it may stand where no slab begins
    if (this.#lengths[index] === 0) return EMPTY
    const start = this.#starts[index] as number
    const slab = this.#slab(Math.floor(start / SLAB))
    const text = slab.toString('utf8', start % SLAB, (start % SLAB) + (this.#lengths[index] as number))
    const cell: Cell = { kind: 'string', text }
    this.#hot[slot] = cell
    this.#hotIndex[slot] = index
    return cell
  }

  close(): void {
    this.#slabs.clear()
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = undefined
  }

  #newSlab(): void {
    if (this.spilled || this.#slabCount * SLAB >= this.maxBytes) this.#spill()
    this.#current = Buffer.allocUnsafe(SLAB)
    this.#slabs.set(this.#slabCount, this.#current)
    this.#slabCount++
    this.#used = 0
  }

  #spill(): void {
    if (this.#file === undefined) {
      this.#folder = mkdtempSync(join(this.tempFolder, 'sheet-'))
      this.#file = openSync(join(this.#folder, 'texts'), 'wx+', 0o600)
      if (process.platform !== 'win32') {
        rmSync(this.#folder, { recursive: true })
        this.#folder = undefined
      }
    }
    for (const [number, slab] of this.#slabs) {
      writeSync(this.#file, slab, 0, SLAB, number * SLAB)
      this.#slabs.delete(number)
    }
  }

  #slab(number: number): Buffer {
    const held = this.#slabs.get(number)
    if (held) return held
    const slab = Buffer.allocUnsafe(SLAB)
    readSync(this.#file as number, slab, 0, SLAB, number * SLAB)
    if (this.#slabs.size > WINDOW) this.#slabs.delete(this.#oldestRead())
    this.#slabs.set(number, slab)
    return slab
  }

  /** the slab still being written stays */
  #oldestRead(): number {
    for (const number of this.#slabs.keys()) if (number !== this.#slabCount - 1) return number
    return -1
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2)
    starts.set(this.#starts)
    const lengths = new Uint32Array(starts.length)
    lengths.set(this.#lengths)
    this.#starts = starts
    this.#lengths = lengths
  }
}
