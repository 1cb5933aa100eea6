import type { Config } from '#server/platform/config.ts'

export type DatabaseKind = 'sqlite' | 'mariadb'

/** One number a benchmark answers; with a goal it holds or it does not. */
export interface Figure {
  id: string
  what: string
  value: number
  unit: string
  goal?: { atLeast?: number; atMost?: number }
  on?: DatabaseKind
  /** what stands behind a ratio, in words: "48 000/s against 150/s" */
  behind?: string
}

export interface BenchContext {
  /** a size of the real benchmark, or less of it when only a trial is asked for */
  size(full: number): number
  /** rounds of which the median counts */
  rounds: number
  config: Config
  /** a folder of its own, removed afterwards */
  dir: string
  /** what is going on, for whoever waits */
  say(text: string): void
  /** a fresh, empty database of each kind that this machine has */
  databases(): Promise<{ kind: DatabaseKind; url: string }[]>
  /** removes it when the benchmark is over, whatever happens */
  after(undo: () => Promise<unknown>): void
}

/** A benchmark measures its baseline in the same run and checks that both sides did the work. */
export interface Benchmark {
  title: string
  run(ctx: BenchContext): Promise<Figure[]>
}

export interface Answer {
  name: string
  title: string
  at: string
  machine: string
  /** 1 = the sizes the goals are meant for */
  scale: number
  rounds: number
  seconds: number
  figures: (Figure & { ok: boolean })[]
  ok: boolean
}
