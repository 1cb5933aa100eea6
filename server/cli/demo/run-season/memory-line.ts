import { constants, performance, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'

/** One look at the process: seconds since the line began, resident memory, and what was alive after the last full collection, in MB. */
export interface MemoryPoint { seconds: number; rssMb: number; liveMb: number }
export interface MemoryLine { points: MemoryPoint[]; peakSince(index: number): number; look(): MemoryPoint; end(): void }

const MB = 1024 * 1024
const EVERY = 1000
const megabytes = (bytes: number): number => Math.round(bytes / MB)
const isFull = (entry: PerformanceEntry): boolean => (entry as unknown as { detail: { kind: number } }).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR

/**
 * Looks at the process every second and whenever asked, so that a peak inside a step is seen too. Resident memory holds what
 * is waiting for the next collection; only what is alive tells whether memory grows with the work.
 */
export function memoryLine(): MemoryLine {
  const from = performance.now()
  const points: MemoryPoint[] = []
  let live = process.memoryUsage().heapUsed
  const collections = new PerformanceObserver((list) => { if (list.getEntries().some(isFull)) live = process.memoryUsage().heapUsed })
  collections.observe({ entryTypes: ['gc'] })
  const look = (): MemoryPoint => {
    const point = { seconds: Math.round((performance.now() - from) / 100) / 10, rssMb: megabytes(process.memoryUsage.rss()), liveMb: megabytes(live) }
    points.push(point)
    return point
  }
  const timer = setInterval(look, EVERY)
  timer.unref()
  return { points, look, peakSince: (index) => Math.max(...points.slice(index).map((p) => p.rssMb)), end: () => { clearInterval(timer); collections.disconnect() } }
}

/** At most `count` points: of each stretch the highest one, so that no peak is lost. */
export function thinned(points: MemoryPoint[], count: number): MemoryPoint[] {
  const stretch = Math.ceil(points.length / count)
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, i) => points.slice(i * stretch, (i + 1) * stretch).reduce((a, b) => (b.rssMb > a.rssMb ? b : a)))
}
