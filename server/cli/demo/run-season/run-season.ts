import { performance } from 'node:perf_hooks'
import { actAs } from '#server/scenarios/world.ts'
import type { SeasonContext } from './context.ts'
import type { Season } from './season-file.ts'
import { runStep } from './steps/index.ts'

export interface StepLine { title: string; ok: boolean; count: number; seconds: number; perSecond: number | null; rssMb: number; note?: string; problem?: string }

const MB = 1024 * 1024

/** Runs the steps in order; the first that fails ends the season, for what follows rests on it. */
export async function runSeason(season: Season, ctx: SeasonContext, onLine: (line: StepLine) => void): Promise<StepLine[]> {
  const lines: StepLine[] = []
  for (const step of season.steps) {
    const from = performance.now()
    const line = (rest: Pick<StepLine, 'ok' | 'count'> & Partial<StepLine>): void => {
      const seconds = (performance.now() - from) / 1000
      const done = { title: step.title, seconds, perSecond: rest.count > 1 ? rest.count / seconds : null, rssMb: Math.round(process.memoryUsage.rss() / MB), ...rest }
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
  return lines
}
