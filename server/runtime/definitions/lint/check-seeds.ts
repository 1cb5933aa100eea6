import type { Definitions, Finding, Json, SeedRecords } from '../model.ts'
import { findEntity } from '../entities.ts'
import { finding, locate } from '../load/doc.ts'
import { suggest } from '../load/nearest.ts'
import { findPath, isTarget } from '../paths.ts'
import type { Sources } from '../resolve/sources.ts'
import { SYSTEM_PROPERTIES, USER } from '../system-properties.ts'

/** Columns of records that name no property: who a record belongs to. */
const RECORD_KEYS = new Set([...Object.keys(SYSTEM_PROPERTIES), 'program', 'password', 'role'])

const referencesIn = (value: Json, pointer: string): [string, string][] => {
  if (typeof value === 'string') return value.startsWith('$') ? [[value, pointer]] : []
  if (Array.isArray(value)) return value.flatMap((v, i) => referencesIn(v, `${pointer}/${i}`))
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([k, v]) => referencesIn(v, `${pointer}/${k}`)) : []
}

/** Seed and demo records name entities, properties and other records that exist. */
export const checkSeeds = (definitions: Definitions, sources: Sources | undefined): Finding[] => {
  const findings: Finding[] = []
  const programmes = Object.values(definitions.programmes)
  const seeded = Object.values(definitions.seeds).flat()
  const short = (entity: string): string => entity.split('/').at(-1) ?? entity
  const check = (records: SeedRecords, known: Map<string, Set<string>>): void => {
    const doc = sources?.get('', `file:${records.file}`)
    const at = (pointer: string) => (doc ? locate(doc, pointer) : { file: records.file, line: 1 })
    const homes = programmes.filter((p) => findEntity(p, records.entity))
    if (homes.length === 0) { findings.push(finding(at(''), 'entity-unknown', `there is no entity "${records.entity}"`, suggest(short(records.entity), programmes.flatMap((p) => Object.keys(p.entities))))); return }
    const property = (name: string): boolean => RECORD_KEYS.has(name) || homes.some((p) => { const e = findEntity(p, records.entity); return e !== undefined && isTarget(findPath(p, e, name)) })
    const names = [...new Set(homes.flatMap((p) => Object.keys(findEntity(p, records.entity)?.properties ?? {})))]
    for (const k of records.key) if (!property(k)) findings.push(finding(at('/key'), 'path-unknown', `the key "${k}" is no property of ${records.entity}`, suggest(k, names)))
    for (const [id, record] of Object.entries(records.records)) {
      for (const k of Object.keys(record)) if (!property(k)) findings.push(finding(at(`/records/${id}/${k}`), 'path-unknown', `${records.entity} has no "${k}"`, suggest(k, names)))
      for (const [ref, pointer] of referencesIn(record, `/records/${id}`)) {
        const [entity = '', name = ''] = ref.slice(1).split(/\.(.*)/s)
        const set = known.get(entity)
        if (set && !set.has(name)) findings.push(finding(at(pointer), 'record-unknown', `there is no record "${ref}"`, suggest(name, set)))
        if (!set && programmes.some((p) => findEntity(p, entity))) findings.push(finding(at(pointer), 'record-unknown', `no record of "${entity}" is seeded, "${ref}" leads nowhere`, 'seed it, or correct the name'))
      }
    }
  }
  const index = (all: SeedRecords[]): Map<string, Set<string>> => {
    const known = new Map<string, Set<string>>()
    for (const r of all) for (const name of [r.entity, short(r.entity)]) known.set(name, new Set([...(known.get(name) ?? []), ...Object.keys(r.records)]))
    return known
  }
  for (const records of seeded) check(records, index(seeded))
  for (const demo of Object.values(definitions.demos)) {
    const users: SeedRecords = { entity: USER, file: demo.file, key: [], records: demo.users }
    const known = index([...seeded, ...demo.records, users])
    for (const records of demo.records) check(records, known)
    for (const [ref, pointer] of referencesIn(demo.users, '/users')) {
      const [entity = '', name = ''] = ref.slice(1).split(/\.(.*)/s)
      const doc = sources?.get('', `file:${demo.file}`)
      if (known.get(entity)?.has(name) !== true) findings.push(finding(doc ? locate(doc, pointer) : { file: demo.file, line: 1 }, 'record-unknown', `there is no record "${ref}"`, suggest(name, known.get(entity) ?? [])))
    }
  }
  return findings
}
