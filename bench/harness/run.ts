import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '#server/platform/clock.ts'
import type { Config } from '#server/platform/config.ts'
import { freshDatabases } from './databases.ts'
import { machine } from './machine.ts'
import type { Answer, BenchContext, Benchmark, Figure } from './types.ts'

const FOLDER = join(import.meta.dirname, '..')
/** In the order in which all are run; a file that is not named here comes last. */
const ORDER = ['process-core', 'feel', 'process-store', 'process-bulk', 'list', 'states', 'import', 'export', 'seating', 'documents', 'form', 'mixed', 'page']

/** Every benchmark there is. */
export async function benchmarkNames(): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((f) => /^[a-z-]+\.ts$/.test(f)).map((f) => f.slice(0, -3))
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return files.sort((a, b) => place(a) - place(b))
}

export interface RunOptions { config: Config; scale: number; rounds: number; databases: string[]; say(text: string): void }

/** Runs one benchmark in this process and answers its figures; throws when its results are wrong. */
export async function runBenchmark(name: string, options: RunOptions): Promise<Answer> {
  const { default: benchmark } = await import(pathToFileURL(join(FOLDER, `${name}.ts`)).href) as { default: Benchmark }
  const dir = await mkdtemp(join(tmpdir(), `certflow-bench-${name}-`))
  const undo: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })]
  const ctx: BenchContext = {
    size: (full) => Math.max(1, Math.round(full * options.scale)), rounds: options.rounds, config: options.config, dir, say: options.say,
    after: (fn) => { undo.push(fn) },
    databases: () => freshDatabases(dir, options.databases, (fn) => { undo.push(fn) }, options.say),
  }
  const from = performance.now()
  try {
    const figures = (await benchmark.run(ctx)).map((f) => ({ ...f, ok: holds(f) }))
    return { name, title: benchmark.title, at: new Date(systemClock.now()).toISOString(), machine: machine(), scale: options.scale, rounds: options.rounds, seconds: Math.round((performance.now() - from) / 1000), figures, ok: figures.every((f) => f.ok) }
  } finally { for (const fn of undo.reverse()) await fn() }
}

/** Whether a figure reaches its goal; one without a goal always does. */
export const holds = ({ value, goal }: Figure): boolean =>
  Number.isFinite(value) && (goal?.atLeast === undefined || value >= goal.atLeast) && (goal?.atMost === undefined || value <= goal.atMost)
