import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { DONE, type AddCommand } from '../terminal.ts'

const TEST = /\.test\.tsx?$/

/** Requirement rows that tests name in their texts. */
const citedByTests = async (root: string, citedIn: (text: string) => string[]): Promise<string[]> => {
  const cited = new Set<string>()
  for (const place of ['app', 'server', 'tests']) {
    const entries = await readdir(join(root, place), { recursive: true, withFileTypes: true })
    for (const e of entries) {
      const path = join(e.parentPath, e.name)
      if (!e.isFile() || !TEST.test(e.name) || path.includes(`${sep}scenarios${sep}`)) continue
      for (const id of citedIn(await readFile(path, 'utf8'))) cited.add(id)
    }
  }
  return [...cited]
}

export const addCoverage: AddCommand = (program, cli) => {
  program.command('coverage')
    .description(cli.say('每个领域有多少需求条目由场景或测试证明', 'how many requirement rows scenarios and tests prove, per family'))
    .option('--json')
    .action(cli.run(async (options: { json?: boolean }) => {
      const { citedIn, coverage, findScenarios, formatCoverage, loadRequirements } = await import('#server/runtime/definitions/index.ts')
      const root = cli.config().definitionsDir
      const [requirements, { scenarios }, cited] = await Promise.all([loadRequirements(root), findScenarios({ roots: [root] }), citedByTests(root, citedIn)])
      const result = coverage(requirements, scenarios, cited)
      if (options.json) cli.json(result)
      else cli.terminal.out(formatCoverage(result))
      return DONE
    }))
}
