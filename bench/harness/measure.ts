/** The middle value; of an even number the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length === 0 ? NaN : sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** The value below which `share` (0..1) of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

export interface Pair { ours: number; theirs: number; ratio: number }

/**
 * Measures two sides in turns, after one round of each that does not count, so that whatever else the machine does meets both.
 * `ratio` is the median of ours / theirs per round.
 */
export async function inTurns(rounds: number, ours: () => Promise<number>, theirs: () => Promise<number>, options: { warm?: boolean } = {}): Promise<Pair> {
  if (options.warm !== false) { await ours(); await theirs() }
  const pairs: { a: number; b: number }[] = []
  for (let n = 0; n < rounds; n++) {
    if (n % 2 === 0) { const a = await ours(); pairs.push({ a, b: await theirs() }) } else { const b = await theirs(); pairs.push({ a: await ours(), b }) }
  }
  return { ours: median(pairs.map((p) => p.a)), theirs: median(pairs.map((p) => p.b)), ratio: median(pairs.map((p) => p.a / p.b)) }
}

/** Measures several sides in turns, each round beginning with another one, after one round that does not count. Answers each side's values by round. */
export async function allInTurns<K extends string>(rounds: number, sides: Record<K, () => Promise<number>>): Promise<Record<K, number[]>> {
  const names = Object.keys(sides) as K[]
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>
  for (let n = 0; n <= rounds; n++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(n + i) % names.length]!
      const value = await sides[name]()
      if (n > 0) found[name].push(value)
    }
  }
  return found
}
/** The median of a / b by round. */
export const ratioOf = (a: readonly number[], b: readonly number[]): number => median(a.map((value, n) => value / b[n]!))

/** Median of several rounds after one that does not count. */
export async function rounds(count: number, once: () => Promise<number>): Promise<number> {
  await once()
  const values: number[] = []
  for (let n = 0; n < count; n++) values.push(await once())
  return median(values)
}

/** A claim of a benchmark about its own work; a benchmark of wrong results is worth nothing. */
export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`the benchmark's result is wrong: ${what}`)
}

const grouped = (value: number): string => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString('en-US').replaceAll(',', ' ')
export const perSecond = (count: number, ms: number): number => (count * 1000) / ms
/** "48 000/s against 150/s" */
export const against = (ours: number, theirs: number, unit = '/s'): string => `${grouped(ours)}${unit} against ${grouped(theirs)}${unit}`
export { grouped as shown }
