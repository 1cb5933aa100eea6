import type { FindingCode } from '../codes.ts'
import type { Definitions, DemoSet, Finding, Json, ProgrammeDef, SeedRecords } from '../model.ts'
import { findEntity } from '../entities.ts'
import { finding, locate } from '../load/doc.ts'
import { suggest } from '../load/nearest.ts'
import { findPath, isTarget } from '../paths.ts'
import type { Sources } from '../resolve/sources.ts'
import { seedsOf } from '../seed-layers.ts'
import { SYSTEM_PROPERTIES, USER } from '../system-properties.ts'

/** Columns of records that name no property: who a record belongs to. */
const RECORD_KEYS = new Set([...Object.keys(SYSTEM_PROPERTIES), 'program', 'password', 'role'])
const REFERENCE = /^\$([a-z0-9-]+(?:\/[a-z0-9-]+)?)\.(.+)$/s

const referencesIn = (value: Json, pointer: string): [string, string][] => {
  if (typeof value === 'string') return REFERENCE.test(value) ? [[value, pointer]] : []
  if (Array.isArray(value)) return value.flatMap((v, i) => referencesIn(v, `${pointer}/${i}`))
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([k, v]) => referencesIn(v, `${pointer}/${k}`)) : []
}
const short = (entity: string): string => entity.split('/').at(-1) ?? entity

/** Names of seeded records by entity, under its short and its full name. */
const index = (all: SeedRecords[]): Map<string, Set<string>> => {
  const known = new Map<string, Set<string>>()
  for (const r of all) for (const name of [r.entity, short(r.entity)]) known.set(name, new Set([...(known.get(name) ?? []), ...Object.keys(r.records)]))
  return known
}

/** Seed and demo records name entities, properties and other records that exist in each programme they are for. */
export const checkSeeds = (definitions: Definitions, sources: Sources | undefined): Finding[] => {
  const found = new Map<string, Finding>()
  const programmes = Object.values(definitions.programmes)
  const report = (file: string, pointer: string, code: FindingCode, message: string, fix: string): void => {
    const doc = sources?.get('', `file:${file}`)
    const f = finding(doc ? locate(doc, pointer) : { file, line: 1 }, code, message, fix)
    found.set(`${f.file}:${f.line}:${message}`, f)
  }
  const checkReferences = (file: string, value: Json, pointer: string, p: ProgrammeDef, known: Map<string, Set<string>>): void => {
    for (const [ref, at] of referencesIn(value, pointer)) {
      const [, entity = '', name = ''] = REFERENCE.exec(ref) ?? []
      const set = known.get(entity)
      if (set?.has(name)) continue
      if (set) report(file, at, 'record-unknown', `there is no record "${ref}"`, suggest(name, set))
      else if (findEntity(p, entity)) report(file, at, 'record-unknown', `no record of "${entity}" is seeded in ${p.id}, "${ref}" leads nowhere`, 'seed it, or correct the name')
      else report(file, at, 'record-unknown', `"${ref}" names "${entity}", which is no entity`, suggest(entity, [...known.keys()]))
    }
  }
  const check = (records: SeedRecords, p: ProgrammeDef, known: Map<string, Set<string>>): void => {
    const entity = findEntity(p, records.entity)
    if (!entity) return report(records.file, '', 'entity-unknown', `there is no entity "${records.entity}"`, suggest(short(records.entity), Object.keys(p.entities)))
    const property = (name: string): boolean => RECORD_KEYS.has(name) || isTarget(findPath(p, entity, name))
    const names = Object.keys(entity.properties)
    for (const k of records.key) if (!property(k)) report(records.file, '/key', 'path-unknown', `the key "${k}" is no property of ${records.entity}`, suggest(k, names))
    for (const [id, record] of Object.entries(records.records)) {
      for (const k of Object.keys(record)) if (!property(k)) report(records.file, `/records/${id}/${k}`, 'path-unknown', `${records.entity} has no "${k}"`, suggest(k, names))
      for (const [k, v] of Object.entries(record)) {
        const codes = entity.properties[k]?.enum
        if (codes && typeof v === 'string' && !codes.includes(v)) report(records.file, `/records/${id}/${k}`, 'meta', `"${v}" is none of the choices of "${k}"`, suggest(v, codes))
      }
      checkReferences(records.file, record, `/records/${id}`, p, known)
    }
  }
  for (const records of definitions.seeds['reference'] ?? [])
    if (!programmes.some((p) => findEntity(p, records.entity))) report(records.file, '', 'entity-unknown', `there is no entity "${records.entity}"`, suggest(short(records.entity), programmes.flatMap((p) => Object.keys(p.entities))))
  const real = programmes.filter((p) => p.id !== p.family)
  // families without a programme yet: the one that knows most of the set
  const ofDemo = (demo: DemoSet): ProgrammeDef[] => {
    const named = real.filter((p) => !demo.programs?.length || demo.programs.includes(p.id))
    const knows = (p: ProgrammeDef): number => demo.records.filter((r) => findEntity(p, r.entity)).length
    return named.length > 0 ? named : [...programmes].sort((x, y) => knows(y) - knows(x)).slice(0, 1)
  }
  const seeded = new Map(programmes.map((p) => [p.id, seedsOf(definitions, p.id)]))
  for (const p of programmes) for (const records of seeded.get(p.id) ?? []) check(records, p, index(seeded.get(p.id) ?? []))
  for (const demo of Object.values(definitions.demos)) {
    for (const p of ofDemo(demo)) {
      const known = index([...(seeded.get(p.id) ?? []), ...demo.records, { entity: USER, file: demo.file, key: [], records: demo.users }])
      for (const records of demo.records) check(records, p, known)
      checkReferences(demo.file, demo.users, '/users', p, known)
      for (const [name, user] of Object.entries(demo.users)) for (const role of Array.isArray(user.roles) ? user.roles.map(String) : [])
        if (!Object.hasOwn(p.roles, role)) report(demo.file, `/users/${name}/roles`, 'role-unknown', `${name}: there is no role "${role}" in ${p.id}`, suggest(role, Object.keys(p.roles)))
    }
  }
  return [...found.values()]
}
