import { availableParallelism } from 'node:os'
import { formatFinding, type Finding } from '#server/runtime/definitions/index.ts'
import type { ScenarioReport } from '#server/scenarios/run-scenario.ts'
import { rootsOf, withDefinitions, type DefinitionOptions } from '../definition-roots.ts'
import { DONE, NOT_DONE, WRONG_USE, type AddCommand, type Cli } from '../terminal.ts'

interface Options extends DefinitionOptions { database?: string; processes: string; json?: boolean }

const lines = (report: ScenarioReport): string[] => {
  const head = `${report.ok ? '✓' : '✗'} ${report.file}  ${report.title}  (${report.steps.length}, ${(report.ms / 1000).toFixed(1)} s)`
  return [head, ...report.steps.filter((s) => !s.ok).flatMap((s) => [`    ${report.file}:${s.line}: ${s.text}`, ...s.problems.map((p) => `        ${p.replaceAll('\n', '\n        ')}`)])]
}

const refuse = (findings: Finding[], json: boolean | undefined, cli: Cli): number => {
  if (json) cli.json({ ok: false, findings })
  else for (const f of findings) cli.terminal.err(formatFinding(f))
  return NOT_DONE
}

export const addScenario: AddCommand = (program, cli) => {
  const group = program.command('scenario').description(cli.say('定义的测试：逐步执行并核对结果', 'tests of definitions: steps taken and what is expected of them'))
  withDefinitions(group.command('run [files...]'), cli)
    .description(cli.say('运行场景；不写文件则运行全部', 'run scenarios; without files, all of them'))
    .option('--database <url>', cli.say('在 mysql:// 服务器上运行，每个场景一个库', 'run on a mysql:// server, a schema per scenario'))
    .option('--processes <n>', cli.say('同时运行的进程数', 'how many run at the same time'), String(Math.min(2, availableParallelism())))
    .option('--json')
    .action(cli.run(async (files: string[], options: Options) => {
      const { loadScenarios, loadSound } = await import('../scenario/load.ts')
      const processes = Number(options.processes)
      if (!Number.isInteger(processes) || processes < 1) { cli.terminal.err(cli.say('--processes 应为正整数', '--processes must be a positive whole number')); return WRONG_USE }
      const { all, given } = rootsOf(options, cli)
      const sound = await loadSound(all)
      if (!sound.definitions) return refuse(sound.findings, options.json, cli)
      const { scenarios, findings } = await loadScenarios(given.length > 0 ? given : all, files, cli.terminal.cwd)
      if (findings.some((f) => f.level === 'error')) return refuse(findings, options.json, cli)
      if (scenarios.length === 0) {
        const why = cli.say('没有找到场景：workflows/**/scenarios 与 tests/scenarios 中都没有', 'no scenario found in workflows/**/scenarios or tests/scenarios')
        if (options.json) cli.json({ ok: false, error: { code: 'NOT_FOUND', message: why } })
        else cli.terminal.err(why)
        return NOT_DONE
      }
      const chromium = cli.config().chromium
      const settings = { ...(options.database ? { database: options.database } : {}), ...(chromium ? { chromium } : {}) }
      const reports: ScenarioReport[] = []
      const onReport = (report: ScenarioReport): void => { reports.push(report); if (!options.json) for (const line of lines(report)) cli.terminal.out(line) }
      if (processes === 1 || scenarios.length === 1) {
        const { runOne } = await import('../scenario/run-one.ts')
        for (const scenario of scenarios) onReport(await runOne(scenario, sound.definitions, settings))
      } else await (await import('../scenario/run-many.ts')).runMany(scenarios, { roots: all, settings }, processes, onReport)
      const failed = reports.filter((r) => !r.ok).length
      if (options.json) cli.json({ ok: failed === 0, passed: reports.length - failed, failed, scenarios: reports })
      else cli.terminal.out(`${reports.length - failed} passed, ${failed} failed`)
      return failed === 0 ? DONE : NOT_DONE
    }))
  group.command('child', { hidden: true }).action(cli.run(async () => { await (await import('../scenario/child.ts')).runChild(); return DONE }))
}
