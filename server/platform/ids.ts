/** Record identities: 53-bit-safe, time-ordered, as decimal strings. */
export interface Ids {
  next(): string
  /** n identities in ascending order */
  many(n: number): string[]
}
export interface IdsOptions {
  /** milliseconds UTC; give the system's time, not a virtual one: a clock that is set back must not repeat identities */
  now: () => number
  /** 0..31, unique among all threads and processes that write to one database (data/nodes.ts hands them out) */
  node: number
  /** no identity carries a time before this instant: where the previous holder of the node may have been */
  floor?: number
}

// 40 bits of milliseconds since 2026-01-01 UTC (until 2060), 5 bits of node, 8 bits of counter.
export const ID_EPOCH = Date.UTC(2026, 0, 1)
export const NODES = 32
const PER_MS = 256
const STEP = NODES * PER_MS
const MAX_MS = 2 ** 40

export interface IdSource extends Ids {
  /** the instant (ms UTC) up to which identities were given out; may lie ahead of the clock after a bulk run */
  reached(): number
}

/** More than 256 identities in a millisecond borrow from the next ones, so order and uniqueness hold in bulk. */
export const createIds = ({ now, node, floor = 0 }: IdsOptions): IdSource => {
  if (!Number.isInteger(node) || node < 0 || node >= NODES) throw new RangeError(`node must be an integer from 0 to ${NODES - 1}, found ${node}`)
  let ms = Math.max(0, floor - ID_EPOCH)
  let counter = 0
  const number = (): number => {
    const at = now() - ID_EPOCH
    if (at > ms) { ms = at; counter = 0 }
    else if (counter === PER_MS) { ms += 1; counter = 0 }
    if (ms >= MAX_MS) throw new RangeError('identities are exhausted: the clock is beyond the year 2060')
    return ms * STEP + node * PER_MS + counter++
  }
  return {
    next: () => String(number()),
    many: (n) => Array.from({ length: n }, () => String(number())),
    reached: () => ID_EPOCH + ms,
  }
}
