import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { findScenarios, hasErrors, loadDefinitions, loadScenario, type Definitions, type Finding, type Scenario } from '#server/runtime/definitions/index.ts'

export interface LoadedScenarios { scenarios: Scenario[]; findings: Finding[] }

/** The file itself; of a folder every .yaml in it. */
const yamlBelow = async (path: string): Promise<string[]> => {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((e) => e.isFile() && /\.ya?ml$/.test(e.name)).map((e) => join(e.parentPath, e.name)).sort()
}

/** The named files and folders, else everything below the folders. */
export const loadScenarios = async (roots: string[], files: string[], cwd: string): Promise<LoadedScenarios> => {
  if (files.length === 0) return findScenarios({ roots })
  const paths = await Promise.all(files.map((file) => yamlBelow(resolve(cwd, file))))
  const loaded = await Promise.all(paths.flat().map(async (path) => loadScenario(relative(cwd, path).split(sep).join('/'), await readFile(path, 'utf8'))))
  return { scenarios: loaded.flatMap((l) => l.scenario ?? []), findings: loaded.flatMap((l) => l.findings) }
}

/** Definitions to run on, or what stands against it. */
export const loadSound = async (roots: string[]): Promise<{ definitions: Definitions; findings: [] } | { definitions: null; findings: Finding[] }> => {
  const { definitions, findings } = await loadDefinitions({ roots })
  return hasErrors(findings) ? { definitions: null, findings } : { definitions, findings: [] }
}
