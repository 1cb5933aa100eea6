import { performance } from 'node:perf_hooks'
import { actAs } from '#server/scenarios/world.ts'
import type { SeasonContext } from './context.ts'
import { memoryLine, type MemoryPoint } from './memory-line.ts'
import type { Season } from './season-file.ts'
import { runStep } from './steps/index.ts'

export interface StepLine { title: string; ok: boolean; count: number; seconds: number; /** of this process alone, without Chromium */ cpuSeconds: number; perSecond: number | null; rssMb: number; peakRssMb: number; liveMb: number; note?: string; problem?: string }

export interface SeasonRun { lines: StepLine[]; memory: MemoryPoint[] }

/** Runs the steps in order; the first that fails ends the season, for what follows rests on it. */
export async function runSeason(season: Season, ctx: SeasonContext, onLine: (line: StepLine) => void): Promise<SeasonRun> {
  const lines: StepLine[] = []
  const memory = memoryLine()
  for (const step of season.steps) {
    const from = performance.now()
    const before = process.cpuUsage()
    const first = memory.points.length
    const line = (rest: Pick<StepLine, 'ok' | 'count'> & Partial<StepLine>): void => {
      const seconds = (performance.now() - from) / 1000
      const { rssMb, liveMb } = memory.look()
      const done = { title: step.title, seconds, cpuSeconds: cpuSince(before), perSecond: rest.count > 1 ? rest.count / seconds : null, rssMb, peakRssMb: memory.peakSince(first), liveMb, ...rest }
      lines.push(done)
      onLine(done)
    }
    try {
      await actAs(ctx.world, step.as)
      const { count, note } = await runStep(ctx, step)
      line({ ok: true, count, ...(note ? { note } : {}) })
    } catch (error) {
      line({ ok: false, count: 0, problem: error instanceof Error ? (error.name === 'Refused' ? error.message : (error.stack ?? error.message)) : String(error) })
      break
    }
  }
  memory.end()
  return { lines, memory: memory.points }
}

const cpuSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before)
  return Math.round((user + system) / 1000) / 1000
}
