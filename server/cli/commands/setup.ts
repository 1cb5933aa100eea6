import { collect, DONE, NOT_DONE, type AddCommand } from '../terminal.ts'

export const addSetup: AddCommand = (program, cli) => {
  program.command('setup')
    .description(cli.say('建库或升级，装入定义与基础数据；可重复执行', 'make or upgrade the database, load definitions and seeds; may be repeated'))
    .option('--demo <set>', cli.say('另装入演示数据集，可重复', 'load this demo set too; repeatable'), collect, [])
    .option('--json')
    .action(cli.run(async (options: { demo: string[]; json?: boolean }) => {
      const { createCertflow } = await import('#server/index.ts')
      const { setUp } = await import('../set-up.ts')
      const certflow = await createCertflow({ ...cli.config(), worker: 'off' })
      try {
        const { definitions } = certflow.house.options
        const unknown = options.demo.filter((id) => !definitions.demos[id])
        if (unknown.length > 0) {
          cli.terminal.err(cli.say(`没有演示数据集 ${unknown.join('、')}；可用：${Object.keys(definitions.demos).join('、')}`, `no demo set ${unknown.join(', ')}; there are: ${Object.keys(definitions.demos).join(', ')}`))
          return NOT_DONE
        }
        const { names: _, ...report } = await setUp(certflow.house, definitions, options.demo)
        if (options.json) cli.json({ ok: report.problems.length === 0, ...report })
        else {
          for (const problem of report.problems) cli.terminal.err(problem)
          cli.terminal.out(cli.say(`新增 ${report.created} 条，已有 ${report.kept} 条，开通账号 ${report.accounts} 个`, `${report.created} records made, ${report.kept} were there, ${report.accounts} accounts opened`))
        }
        return report.problems.length === 0 ? DONE : NOT_DONE
      } finally { await certflow.close() }
    }))
}
