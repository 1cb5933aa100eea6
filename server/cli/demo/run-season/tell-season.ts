import { DONE, NOT_DONE, type Cli } from '../../terminal.ts'
import { thinned } from './memory-line.ts'
import type { SeasonSize } from './open-season.ts'
import type { SeasonRun, StepLine } from './run-season.ts'

/** One line for a step that ended. */
export function showStep(cli: Cli, line: StepLine): void {
  const rate = line.perSecond === null ? '' : `${Math.round(line.perSecond)}/s`
  cli.terminal.out(`${line.ok ? '✓' : '✗'} ${String(line.count || '').padStart(7)} ${line.seconds.toFixed(2).padStart(8)} s ${rate.padStart(9)} ${String(line.liveMb).padStart(4)}/${String(line.peakRssMb).padStart(4)} MB  ${line.title}${line.note ? `  ${line.note}` : ''}`)
  if (line.problem) cli.terminal.err(`    ${line.problem.replaceAll('\n', '\n    ')}`)
}

/** The whole run at its end: as JSON, or in two lines. Returns the exit code. */
export function tellSeason(cli: Cli, json: boolean, { lines, memory }: SeasonRun, facts: { season: string; folder: string; var: string; size: SeasonSize }): number {
  const ok = lines.every((l) => l.ok)
  const [first, end] = [lines[0], lines.at(-1)]
  const peak = Math.max(...lines.map((l) => l.peakRssMb))
  const live = Math.max(...lines.map((l) => l.liveMb))
  const seconds = lines.reduce((sum, l) => sum + l.seconds, 0)
  if (json) cli.json({ ok, season: facts.season, ...facts.size, seconds, startRssMb: first?.rssMb, peakRssMb: peak, startLiveMb: first?.liveMb, peakLiveMb: live, folder: facts.folder, var: facts.var, answer: ok ? end?.note : undefined, steps: lines, memory: thinned(memory, 120) })
  else {
    cli.terminal.out(cli.say(
      `${seconds.toFixed(1)} 秒；存活内存 ${first?.liveMb} → 最高 ${live} MB，进程 ${first?.rssMb} → 最高 ${peak} MB；文件在 ${facts.folder}`,
      `${seconds.toFixed(1)} s; alive ${first?.liveMb} → at most ${live} MB, resident ${first?.rssMb} → at most ${peak} MB; files in ${facts.folder}`))
    if (ok && end?.note) cli.terminal.out(end.note)
    cli.terminal.out(cli.say(`打开看：certflow serve --season ${facts.var}`, `to look at it: certflow serve --season ${facts.var}`))
  }
  return ok ? DONE : NOT_DONE
}
