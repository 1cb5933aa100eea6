import { randomBytes, randomInt } from 'node:crypto'

/** Chance, asked for and not taken. */
export interface Random {
  bytes(n: number): Buffer
  /** integer in [min, max) */
  int(min: number, max: number): number
  /** url-safe token of n random bytes */
  token(n?: number): string
  /** a new shuffled array (Fisher-Yates) */
  shuffle<T>(items: readonly T[]): T[]
}

const build = (bytes: (n: number) => Buffer, int: (min: number, max: number) => number): Random => ({
  bytes,
  int,
  token: (n = 32) => bytes(n).toString('base64url'),
  shuffle: (items) => {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = int(0, i + 1)
      const a = out[i]!
      out[i] = out[j]!
      out[j] = a
    }
    return out
  },
})

export const cryptoRandom: Random = build(randomBytes, randomInt)

/** Same seed, same sequence (mulberry32): for tests, scenarios and explained draws, never for secrets. */
export const seededRandom = (seed: number): Random => {
  let s = seed >>> 0
  const next = (): number => {
    s = (s + 0x6d2b79f5) >>> 0
    let t = Math.imul(s ^ (s >>> 15), s | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  return build(
    (n) => Buffer.from(Array.from({ length: n }, () => next() & 0xff)),
    (min, max) => {
      if (!(max > min)) throw new RangeError(`int(min, max): max ${max} must be greater than min ${min}`)
      return min + Math.floor((next() / 0x1_0000_0000) * (max - min))
    },
  )
}
