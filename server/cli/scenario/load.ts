import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { findScenarios, hasErrors, loadDefinitions, loadScenario, type Definitions, type Finding, type Scenario } from '#server/runtime/definitions/index.ts'

export interface LoadedScenarios { scenarios: Scenario[]; findings: Finding[] }

/** The file itself; of a folder every .yaml in it. */
const yamlBelow = async (path: string): Promise<string[]> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error })
  if (!found?.isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((e) => e.isFile() && /\.ya?ml$/.test(e.name)).map((e) => join(e.parentPath, e.name)).sort()
}

const readScenario = async (file: string, path: string): Promise<ReturnType<typeof loadScenario>> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error })
  if (text !== null) return loadScenario(file, text)
  return { scenario: null, findings: [{ file, line: 1, level: 'error', code: 'root-missing', message: 'there is no such scenario file', fix: 'name a YAML file or a folder, as seen from where the command is started' }] }
}

/** The named files and folders, else everything below the folders. */
export const loadScenarios = async (roots: string[], files: string[], cwd: string): Promise<LoadedScenarios> => {
  if (files.length === 0) return findScenarios({ roots })
  const paths = await Promise.all(files.map((file) => yamlBelow(resolve(cwd, file))))
  const loaded = await Promise.all(paths.flat().map((path) => readScenario(relative(cwd, path).split(sep).join('/'), path)))
  return { scenarios: loaded.flatMap((l) => l.scenario ?? []), findings: loaded.flatMap((l) => l.findings) }
}

/** Definitions to run on, or what stands against it. */
export const loadSound = async (roots: string[]): Promise<{ definitions: Definitions; findings: [] } | { definitions: null; findings: Finding[] }> => {
  const { definitions, findings } = await loadDefinitions({ roots })
  return hasErrors(findings) ? { definitions: null, findings } : { definitions, findings: [] }
}
