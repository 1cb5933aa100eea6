import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Requirement { id: string; title: string; family: string }
export interface FamilyCoverage { family: string; total: number; covered: number; missing: Requirement[] }
export interface Coverage { families: FamilyCoverage[]; /** cited by a scenario or test, but no requirement */ unknown: string[] }

const ROW = /^- ([A-Z]+-\d{3}[a-z]?) (.+)$/

/** `- ID title` lines; the family is the file's name. */
export const readRequirements = (family: string, text: string): Requirement[] =>
  text.split('\n').flatMap((line) => { const m = ROW.exec(line); return m ? [{ id: m[1] ?? '', title: m[2] ?? '', family }] : [] })

/** docs/requirements/<family>.md below the root. */
export const loadRequirements = async (root: string): Promise<Requirement[]> => {
  const folder = join(root, 'docs', 'requirements')
  const files = (await readdir(folder)).filter((f) => f.endsWith('.md')).sort()
  const rows = await Promise.all(files.map(async (f) => readRequirements(f.slice(0, -3), await readFile(join(folder, f), 'utf8'))))
  return rows.flat()
}

const CITED = /\b[A-Z]{3,5}-\d{3}[a-z]?\b/g

/** Requirement ids a test file cites, in names or comments. */
export const citedIn = (text: string): string[] => [...new Set(text.match(CITED) ?? [])]

/** How many requirement rows scenarios (`covers`) and tests (`cited`) name, per family. */
export const coverage = (requirements: Requirement[], scenarios: { covers: string[] }[], cited: string[] = []): Coverage => {
  const named = new Set([...scenarios.flatMap((s) => s.covers), ...cited])
  const ids = new Set(requirements.map((r) => r.id))
  const families = [...new Set(requirements.map((r) => r.family))].map((family) => {
    const rows = requirements.filter((r) => r.family === family)
    const missing = rows.filter((r) => !named.has(r.id))
    return { family, total: rows.length, covered: rows.length - missing.length, missing }
  })
  const prefixes = new Set([...ids].map((id) => id.split('-')[0]))
  return { families, unknown: [...named].filter((id) => !ids.has(id) && prefixes.has(id.split('-')[0])).sort() }
}

/** For a terminal: a line per family, then the ids nobody cites. */
export const formatCoverage = ({ families, unknown }: Coverage): string => [
  ...families.flatMap((f) => [`${f.family}: ${f.covered}/${f.total}`, ...f.missing.map((r) => `  ${r.id} ${r.title}`)]),
  ...(unknown.length > 0 ? [`cited but unknown: ${unknown.join(', ')}`] : []),
].join('\n')
