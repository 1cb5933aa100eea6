import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sharedClock } from '#server/platform/shared-clock.ts'
import { WRONG_USE, type AddCommand } from '../terminal.ts'
import { CLOCK_FILE } from '../demo/run-season/season-folder.ts'
import type { SeasonSize } from '../demo/run-season/open-season.ts'
import type { SeasonFiles } from '../demo/run-season/season-files.ts'

interface Options { candidates?: string; photos?: string; tickets?: string; seed?: string; season: string; until?: string; var?: string; saveFiles?: string; json?: boolean }

/** Numbers as asked for; without any the season runs from the files that are kept beside it. Null when they are no numbers. */
function sizeOf(options: Options, kept: SeasonFiles | null): SeasonSize | null {
  const candidates = Number(options.candidates ?? kept?.candidates ?? 60)
  const size = { candidates, seed: Number(options.seed ?? kept?.seed ?? 1), photos: Number(options.photos ?? candidates), tickets: Number(options.tickets ?? candidates) }
  return Object.values(size).some((n) => !Number.isInteger(n) || n < 1) || candidates < 20 ? null : size
}

export const addDemo: AddCommand = (program, cli) => {
  program.command('demo').description(cli.say('演示', 'demonstrations')).command('run')
    .description(cli.say('在新库中走完一个考试季，从申报到证书查验', 'a whole season in a fresh database, from application to verified certificate'))
    .option('--candidates <n>', cli.say('生成的考生数；不填则用演示数据集自带的文件', 'how many candidates are made up; without it the files beside the season are used'))
    .option('--photos <n>', cli.say('有照片的考生数，默认全部', 'how many of them have photos; default all'))
    .option('--tickets <n>', cli.say('打印准考证数', 'how many tickets are printed'))
    .option('--season <set>', cli.say('演示数据集', 'demo set that tells the season'), 'one-province')
    .option('--seed <n>', cli.say('虚构人物的种子', 'seed of the invented people'))
    .option('--until <step>', cli.say('到此步骤为止', 'the last step to take'))
    .option('--var <dir>', cli.say('空的工作目录；默认临时目录', 'an empty folder to work in; default a temporary one'))
    .option('--save-files <dir>', cli.say('保存生成的导入文件', 'keeps the files that were made for the imports'))
    .option('--json')
    .action(cli.run(async (options: Options) => {
      const { readSeason } = await import('../demo/run-season/season-file.ts')
      const { keepSeasonFiles, readSeasonFiles } = await import('../demo/run-season/season-files.ts')
      const set = join(cli.config().definitionsDir, 'seeds/demo', options.season)
      const whole = await readSeason(join(set, 'season.yaml'))
      const madeUp = [options.candidates, options.photos, options.seed].some((o) => o !== undefined)
      const kept = madeUp ? null : await readSeasonFiles(join(set, 'files'))
      const size = sizeOf(options, kept)
      if (!size) {
        cli.terminal.err(cli.say('数量应为整数，考生不少于 20 人', 'numbers must be whole, with at least 20 candidates'))
        return WRONG_USE
      }
      const last = options.until === undefined ? whole.steps.length - 1 : whole.steps.findIndex((step) => step.title === options.until)
      if (last < 0) {
        const titles = whole.steps.map((step) => step.title).join('、')
        cli.terminal.err(cli.say(`没有步骤“${options.until}”，可用：${titles}`, `there is no step "${options.until}"; there are: ${titles}`))
        return WRONG_USE
      }
      const varDir = options.var ? resolve(cli.terminal.cwd, options.var) : await mkdtemp(join(tmpdir(), 'certflow-season-'))
      const config = cli.config({ CERTFLOW_VAR: varDir, CERTFLOW_KEYS: join(varDir, 'secrets.json') })
      const season = { ...whole, steps: whole.steps.slice(0, last + 1) }
      const { openSeason } = await import('../demo/run-season/open-season.ts')
      const { runSeason } = await import('../demo/run-season/run-season.ts')
      const { showStep, tellSeason } = await import('../demo/run-season/tell-season.ts')
      const { ctx, close } = await openSeason(season, size, { ...config, log: 'silent' }, kept)
      try {
        const run = await runSeason(season, ctx, (line) => { if (!options.json) showStep(cli, line) })
        // what is left can be served, and its time goes on from here
        const clock = sharedClock(join(varDir, CLOCK_FILE))
        clock.advance(ctx.world.clock.now() - clock.now())
        if (options.saveFiles) await keepSeasonFiles(resolve(cli.terminal.cwd, options.saveFiles), size, ctx.made)
        return tellSeason(cli, options.json === true, run, { season: season.title, folder: ctx.dir, var: varDir, size })
      } finally { await close() }
    }))
}
