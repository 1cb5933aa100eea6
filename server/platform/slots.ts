/** At most `count` holders at a time, first come first served. */
export class Slots {
  #free: number
  readonly #count: number
  readonly #waiting: (() => void)[] = []
  readonly #resting: (() => void)[] = []

  constructor(count: number) { this.#free = count; this.#count = count }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
      if (this.#free === this.#count) for (const done of this.#resting.splice(0)) done()
    }
  }

  /** When nobody holds a place any more. */
  idle(): Promise<void> {
    return this.#free === this.#count ? Promise.resolve() : new Promise((resolve) => { this.#resting.push(resolve) })
  }
}
