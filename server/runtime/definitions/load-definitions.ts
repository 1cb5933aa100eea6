import type { FindingCode } from './codes.ts'
import type { Definitions, Dict, Finding, ProgrammeDef } from './model.ts'
import { Cursor } from './load/cursor.ts'
import { finding } from './load/doc.ts'
import { readLayers } from './load/layers.ts'
import { missingRoots, scanRoots } from './load/scan.ts'
import { checkMeta } from './meta/check-meta.ts'
import { hashOf, resolveProgramme } from './resolve/programme.ts'
import { resolveSeeds } from './resolve/seeds.ts'
import { Sources } from './resolve/sources.ts'

export interface LoadedDefinitions { definitions: Definitions; findings: Finding[]; sources: Sources }

const unique = (findings: Finding[]): Finding[] => [...new Map(findings.map((f) => [`${f.file}:${f.line}:${f.column ?? 0}:${f.code}:${f.message}`, f])).values()]

/**
 * Definitions of the given roots, the later over the earlier. Nothing in a file makes this throw: mistakes are findings,
 * and what could be read is resolved. Whoever needs only sound definitions asks `hasErrors(findings)` first.
 */
export const loadDefinitions = async ({ roots }: { roots: string[] }): Promise<LoadedDefinitions> => {
  const { texts, findings: unread } = await scanRoots(roots)
  const { tree, findings } = readLayers(texts)
  findings.push(...unread)
  for (const root of await missingRoots(roots)) findings.push(finding({ file: root, line: 1 }, 'root-missing', 'there is no such folder', 'name a folder that holds forms/, workflows/, templates/ or seeds/'))
  const sources = new Sources()
  const programmes: Dict<ProgrammeDef> = {}
  const families: Definitions['families'] = {}
  for (const layer of Object.values(tree.layers)) {
    const c = new Cursor(layer.manifest)
    if (layer.manifest.at.size > 0) findings.push(...checkMeta(layer.kind === 'family' ? 'family' : 'program', layer.manifest))
    const resolved = resolveProgramme(tree, layer.id, sources)
    findings.push(...resolved.findings)
    programmes[layer.id] = resolved.programme
    const parent = c.at('extends').string()
    if (layer.kind === 'family') families[layer.id] = { id: layer.id, title: resolved.programme.title, ...(parent === undefined ? {} : { extends: parent }) }
  }
  const seeded = resolveSeeds(tree, programmes, sources)
  findings.push(...seeded.findings)
  const version = hashOf([Object.values(programmes).map((p) => [p.id, p.version]), seeded.seeds, seeded.demos])
  return { definitions: { version, programmes, families, seeds: seeded.seeds, demos: seeded.demos }, findings: unique(findings), sources }
}

/** The definitions when nothing is wrong with them, else null: for whoever may not run on the good parts alone. */
export const soundDefinitions = ({ definitions, findings }: LoadedDefinitions): Definitions | null => (hasErrors(findings) ? null : definitions)

const UNREADABLE: ReadonlySet<FindingCode> = new Set<FindingCode>(['encoding', 'json', 'yaml', 'family-unknown'])
/**
 * What keeps files from being read at all, empty when all were read. Everything else said of definitions with such a file
 * follows from it: hundreds of references to what that file declares.
 */
export const unreadable = (findings: Finding[]): Finding[] => {
  const errors = findings.filter((f) => f.level === 'error' && UNREADABLE.has(f.code as FindingCode))
  const garbled = new Set(errors.filter((f) => f.code === 'encoding').map((f) => f.file))
  return errors.filter((f) => f.code === 'encoding' || !garbled.has(f.file))
}

export const hasErrors = (findings: Finding[]): boolean => findings.some((f) => f.level === 'error')
