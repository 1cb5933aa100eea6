import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DONE, NOT_DONE, WRONG_USE, type AddCommand, type Cli } from '../terminal.ts'
import { CLOCK_FILE } from '../demo/run-season/season-folder.ts'
import { sharedClock } from '#server/platform/shared-clock.ts'
import type { StepLine } from '../demo/run-season/run-season.ts'

interface Options { candidates: string; photos?: string; tickets?: string; seed: string; season: string; until?: string; var?: string; json?: boolean }

const show = (cli: Cli, line: StepLine): void => {
  const rate = line.perSecond === null ? '' : `${Math.round(line.perSecond)}/s`
  cli.terminal.out(`${line.ok ? '✓' : '✗'} ${String(line.count || '').padStart(7)} ${line.seconds.toFixed(2).padStart(8)} s ${rate.padStart(9)} ${String(line.liveMb).padStart(4)}/${String(line.peakRssMb).padStart(4)} MB  ${line.title}${line.note ? `  ${line.note}` : ''}`)
  if (line.problem) cli.terminal.err(`    ${line.problem.replaceAll('\n', '\n    ')}`)
}

export const addDemo: AddCommand = (program, cli) => {
  program.command('demo').description(cli.say('演示', 'demonstrations')).command('run')
    .description(cli.say('在新库中走完一个考试季，从申报到证书查验', 'a whole season in a fresh database, from application to verified certificate'))
    .option('--candidates <n>', cli.say('考生数', 'how many candidates'), '60')
    .option('--photos <n>', cli.say('有照片的考生数，默认全部', 'how many of them have photos; default all'))
    .option('--tickets <n>', cli.say('打印准考证数', 'how many tickets are printed'))
    .option('--season <set>', cli.say('演示数据集', 'demo set that tells the season'), 'one-province')
    .option('--seed <n>', cli.say('虚构人物的种子', 'seed of the invented people'), '1')
    .option('--until <step>', cli.say('到此步骤为止', 'the last step to take'))
    .option('--var <dir>', cli.say('空的工作目录；默认临时目录', 'an empty folder to work in; default a temporary one'))
    .option('--json')
    .action(cli.run(async (options: Options) => {
      const [candidates, seed] = [Number(options.candidates), Number(options.seed)]
      const size = { candidates, seed, photos: Number(options.photos ?? candidates), tickets: Number(options.tickets ?? candidates) }
      if (Object.values(size).some((n) => !Number.isInteger(n) || n < 1) || candidates < 20) {
        cli.terminal.err(cli.say('数量应为整数，考生不少于 20 人', 'numbers must be whole, with at least 20 candidates'))
        return WRONG_USE
      }
      const { openSeason } = await import('../demo/run-season/open-season.ts')
      const { readSeason } = await import('../demo/run-season/season-file.ts')
      const { thinned } = await import('../demo/run-season/memory-line.ts')
      const { runSeason } = await import('../demo/run-season/run-season.ts')
      const varDir = options.var ? resolve(cli.terminal.cwd, options.var) : await mkdtemp(join(tmpdir(), 'certflow-season-'))
      const config = cli.config({ CERTFLOW_VAR: varDir, CERTFLOW_KEYS: join(varDir, 'secrets.json') })
      const whole = await readSeason(join(config.definitionsDir, 'seeds/demo', options.season, 'season.yaml'))
      const last = options.until === undefined ? whole.steps.length - 1 : whole.steps.findIndex((step) => step.title === options.until)
      if (last < 0) {
        const titles = whole.steps.map((step) => step.title).join('、')
        cli.terminal.err(cli.say(`没有步骤“${options.until}”，可用：${titles}`, `there is no step "${options.until}"; there are: ${titles}`))
        return WRONG_USE
      }
      const season = { ...whole, steps: whole.steps.slice(0, last + 1) }
      const { ctx, close } = await openSeason(season, size, { ...config, log: 'silent' })
      try {
        const { lines, memory } = await runSeason(season, ctx, (line) => { if (!options.json) show(cli, line) })
        const ok = lines.every((l) => l.ok)
        const [first, end] = [lines[0], lines.at(-1)]
        // what is left can be served, and its time goes on from here
        const clock = sharedClock(join(varDir, CLOCK_FILE))
        clock.advance(ctx.world.clock.now() - clock.now())
        const peak = Math.max(...lines.map((l) => l.peakRssMb))
        const seconds = lines.reduce((sum, l) => sum + l.seconds, 0)
        if (options.json) cli.json({ ok, season: season.title, ...size, seconds, startRssMb: first?.rssMb, peakRssMb: peak, folder: ctx.dir, var: varDir, answer: ok ? end?.note : undefined, steps: lines, memory: thinned(memory, 120) })
        else {
          cli.terminal.out(cli.say(`${seconds.toFixed(1)} 秒，内存 ${first?.rssMb} → 最高 ${peak} MB，文件在 ${ctx.dir}`, `${seconds.toFixed(1)} s, memory ${first?.rssMb} → at most ${peak} MB, files in ${ctx.dir}`))
          if (ok && end?.note) cli.terminal.out(end.note)
          cli.terminal.out(cli.say(`打开看：certflow serve --season ${varDir}`, `to look at it: certflow serve --season ${varDir}`))
        }
        return ok ? DONE : NOT_DONE
      } finally { await close() }
    }))
}
