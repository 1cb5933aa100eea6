import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Finding } from '../model.ts'
import { loadScenario } from './load-scenario.ts'
import type { Scenario } from './load-scenario.ts'

/** All scenarios below workflows/ and tests/scenarios/ of the roots, in file order. */
export const findScenarios = async ({ roots }: { roots: string[] }): Promise<{ scenarios: Scenario[]; findings: Finding[] }> => {
  const scenarios: Scenario[] = []
  const findings: Finding[] = []
  for (const root of roots) {
    for (const place of ['workflows', join('tests', 'scenarios')]) {
      const entries = await readdir(join(root, place), { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const files = entries.filter((e) => e.isFile() && /\.ya?ml$/.test(e.name)).map((e) => join(e.parentPath, e.name)).sort()
      for (const path of files) {
        const loaded = loadScenario(relative(root, path).split(sep).join('/'), await readFile(path, 'utf8'))
        findings.push(...loaded.findings)
        if (loaded.scenario) scenarios.push(loaded.scenario)
      }
    }
  }
  return { scenarios, findings }
}
