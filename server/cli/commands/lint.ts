import { rootsOf, withDefinitions, type DefinitionOptions } from '../definition-roots.ts'
import { DONE, NOT_DONE, type AddCommand } from '../terminal.ts'

export const addLint: AddCommand = (program, cli) => {
  withDefinitions(program.command('lint'), cli)
    .description(cli.say('检查全部定义：文件、行号、问题与改法', 'check all definitions: file, line, what is wrong, what would be right'))
    .option('--json')
    .action(cli.run(async (options: DefinitionOptions & { json?: boolean }) => {
      const { formatFinding, findScenarios, loadDefinitions } = await import('#server/runtime/definitions/index.ts')
      const { checkDefinitions } = await import('#server/check-definitions.ts')
      const { all } = rootsOf(options, cli)
      const { definitions, findings } = await checkDefinitions(await loadDefinitions({ roots: all }))
      const found = [...findings, ...(await findScenarios({ roots: all })).findings]
      const errors = found.filter((f) => f.level === 'error').length
      const counts = { programmes: Object.keys(definitions.programmes).length, errors, warnings: found.length - errors }
      if (options.json) cli.json({ ok: errors === 0, version: definitions.version, ...counts, findings: found })
      else {
        for (const f of found) cli.terminal.out(formatFinding(f))
        cli.terminal.out(cli.say(`${counts.programmes} 个定义体：${errors} 处错误，${counts.warnings} 处警告`, `${counts.programmes} families and programmes: ${errors} errors, ${counts.warnings} warnings`))
      }
      return errors === 0 ? DONE : NOT_DONE
    }))
}
