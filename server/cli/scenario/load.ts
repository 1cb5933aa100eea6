import { readFile } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { findScenarios, hasErrors, loadDefinitions, loadScenario, type Definitions, type Finding, type Scenario } from '#server/runtime/definitions/index.ts'

export interface LoadedScenarios { scenarios: Scenario[]; findings: Finding[] }

/** The named files, else everything below the folders. */
export const loadScenarios = async (roots: string[], files: string[], cwd: string): Promise<LoadedScenarios> => {
  if (files.length === 0) return findScenarios({ roots })
  const loaded = await Promise.all(files.map(async (file) => {
    const path = resolve(cwd, file)
    return loadScenario(relative(cwd, path).split(sep).join('/'), await readFile(path, 'utf8'))
  }))
  return { scenarios: loaded.flatMap((l) => l.scenario ?? []), findings: loaded.flatMap((l) => l.findings) }
}

/** Definitions to run on, or what stands against it. */
export const loadSound = async (roots: string[]): Promise<{ definitions: Definitions; findings: [] } | { definitions: null; findings: Finding[] }> => {
  const { definitions, findings } = await loadDefinitions({ roots })
  return hasErrors(findings) ? { definitions: null, findings } : { definitions, findings: [] }
}
