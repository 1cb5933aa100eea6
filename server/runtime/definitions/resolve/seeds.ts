import type { DemoSet, Dict, Finding, JsonObject, ProgrammeDef, SeedRecords } from '../model.ts'
import { compact, Cursor, isObject } from '../load/cursor.ts'
import { finding } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'
import type { RawSeed, RawTree } from '../load/layers.ts'
import { suggest } from '../load/nearest.ts'
import { checkMeta } from '../meta/check-meta.ts'
import type { Sources } from './sources.ts'

type Prepare = (seed: RawSeed, programmes: ProgrammeDef[]) => SeedRecords

const objects = (c: Cursor): Dict<JsonObject> => Object.fromEntries(c.entries().flatMap(([k, v]) => (isObject(v.value) ? [[k, v.value] as const] : [])))

/** Seed records of families, programmes and `reference`, and the demo sets; entity names become full ids where one programme knows them. */
export const resolveSeeds = (tree: RawTree, programmes: Dict<ProgrammeDef>, sources: Sources): { seeds: Dict<SeedRecords[]>; demos: Dict<DemoSet>; findings: Finding[] } => {
  const findings: Finding[] = []
  const all = Object.values(programmes)
  const prepare: Prepare = (seed, known) => {
    const c = new Cursor(seed.doc)
    findings.push(...checkMeta('records', seed.doc))
    sources.add('', `file:${seed.doc.file}`, seed.doc)
    const name = c.at('entity').string() ?? seed.entity
    const entity = known.flatMap((p) => (Object.hasOwn(p.entities, name) ? [p.entities[name]?.id ?? name] : []))[0]
    return { entity: entity ?? name, file: seed.doc.file, key: c.at('key').names() ?? [], records: objects(c.at('records')) }
  }
  const seeds: Dict<SeedRecords[]> = {}
  if (tree.reference.length > 0) seeds.reference = tree.reference.map((s) => prepare(s, all))
  for (const layer of Object.values(tree.layers)) {
    if (layer.seeds.length > 0) seeds[layer.id] = layer.seeds.map((s) => prepare(s, [...(programmes[layer.id] ? [programmes[layer.id] as ProgrammeDef] : []), ...all]))
  }
  const demos: Dict<DemoSet> = {}
  for (const [id, raw] of Object.entries(tree.demos)) {
    const doc = raw.demo
    if (doc) findings.push(...checkMeta('demo', doc))
    const c = new Cursor(doc ?? { file: `seeds/demo/${id}/demo.json`, value: {}, at: new Map() })
    if (doc) sources.add('', `file:${doc.file}`, doc)
    const own = programsOf(id, tree)
    for (const name of c.at('programs').names() ?? c.at('program').names() ?? []) if (!programmes[name]) findings.push(finding(c.at('programs').ref, 'demo-unknown', `there is no programme "${name}" for this set`, suggest(name, Object.keys(programmes))))
    const first = all.filter((p) => own.includes(p.id))
    demos[id] = compact<DemoSet>({ id, file: c.doc.file, records: raw.records.map((s) => prepare(s, [...first, ...all])), users: objects(c.at('users')), notes: c.at('notes').string(), title: c.at('title').text()?.zh, programs: c.at('programs').names() ?? c.at('program').names() })
  }
  const whole = Object.entries(tree.demos).map(([id, raw]): [string, DemoSet] => [id, { ...demos[id] as DemoSet, ...inherited(id, raw.demo, tree, demos, findings) }])
  return { seeds, demos: Object.fromEntries(whole), findings }
}

/** The programmes a demo set names, itself or the one it begins with: its entities' short names are meant there. */
const programsOf = (id: string, tree: RawTree, seen: string[] = []): string[] => {
  const doc = tree.demos[id]?.demo
  if (!doc || seen.includes(id)) return []
  const c = new Cursor(doc)
  const base = c.at('extends').string()
  return c.at('programs').names() ?? c.at('program').names() ?? (base === undefined ? [] : programsOf(base, tree, [...seen, id]))
}

/** A demo set on top of others has their records and users before its own. */
const inherited = (id: string, doc: Doc | undefined, tree: RawTree, demos: Dict<DemoSet>, findings: Finding[]): Pick<DemoSet, 'records' | 'users'> => {
  const line: DemoSet[] = []
  const seen = new Set<string>()
  for (let at: string | undefined = id; at !== undefined && demos[at] && !seen.has(at);) {
    seen.add(at)
    line.unshift(demos[at] as DemoSet)
    const manifest: Doc | undefined = tree.demos[at]?.demo
    at = manifest && new Cursor(manifest).at('extends').string()
  }
  const base = doc && new Cursor(doc).at('extends')
  const name = base?.string()
  if (base && name !== undefined && (!demos[name] || name === id)) findings.push(finding(base.ref, 'demo-unknown', `there is no demo set "${name}" to begin with`, suggest(name, Object.keys(demos).filter((d) => d !== id))))
  return { records: line.flatMap((d) => d.records), users: Object.assign({}, ...line.map((d) => d.users)) as DemoSet['users'] }
}
