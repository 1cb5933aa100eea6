export interface Allowance { windowMs: number; most: number }
interface Count { start: number; now: number; before: number }
/** More callers than this at once: the longest known are forgotten first. */
const KEYS = 20_000

/**
 * Sliding window of two buckets: what remains of the last window counts in proportion, so memory per caller is constant.
 * `hit` answers the seconds to wait, 0 = go on; `peek` asks without counting.
 */
export const rateLimit = ({ windowMs, most }: Allowance, now: () => number) => {
  const counts = new Map<string, Count>()
  const at = (key: string, time: number): Count => {
    const known = counts.get(key)
    const start = Math.floor(time / windowMs) * windowMs
    if (!known || start - known.start >= 2 * windowMs) return { start, now: 0, before: 0 }
    return start === known.start ? known : { start, now: 0, before: known.now }
  }
  /** the next whole second after that part of a window: at the instant itself the window is still full */
  const inSeconds = (part: number): number => Math.floor((windowMs * part) / 1000 + 1e-6) + 1
  /** seconds until one more request fits */
  const wait = (c: Count, time: number): number => {
    const left = 1 - (time - c.start) / windowMs
    if (c.now + c.before * left < most) return 0
    if (c.now < most) return inSeconds(left - (most - c.now) / c.before)
    return inSeconds(left + 1 - most / c.now)
  }
  return {
    peek: (key: string): number => wait(at(key, now()), now()),
    hit: (key: string): number => {
      const time = now()
      const c = at(key, time)
      const seconds = wait(c, time)
      if (seconds > 0) return seconds
      counts.delete(key)
      counts.set(key, { ...c, now: c.now + 1 })
      if (counts.size > KEYS) counts.delete(counts.keys().next().value!)
      return 0
    },
  }
}
export type RateLimit = ReturnType<typeof rateLimit>
