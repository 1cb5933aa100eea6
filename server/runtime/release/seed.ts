import type { EntityDef, JsonObject, SeedRecords } from '#server/runtime/definitions/index.ts'
import { factsFor, saveSet, type Engine, type FactLoader, type RecordData } from '#server/runtime/records/index.ts'
import { SYSTEM_PROPERTIES as SYSTEM } from '#server/runtime/records/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../context.ts'

/** "$certificate.mid" -> id. Filled while seeding; scenarios and demo tools read it. */
export type SeedNames = Map<string, string>
export interface SeedReport { created: number; kept: number; problems: string[] }
/** Brings a new record to the state its seed names, through its process. */
export type BringTo = (call: Call, def: EntityDef, id: string, status: string) => Promise<void>

/** Stores a made-up file that a demo record names ("file:face-1.jpg") and answers its id. */
export type SampleFile = (def: EntityDef, path: string, name: string) => Promise<string>

interface Pending { def: EntityDef; set: SeedRecords; name: string; data: JsonObject }
const REFERENCE = /^\$([a-z0-9-]+(?:\/[a-z0-9-]+)?)\.(.+)$/

/** Seeds insert what is absent by key and never overwrite what a person may have changed. Records wait for those they refer to. */
export async function seedRecords(engine: Engine, call: Call, sets: SeedRecords[], names: SeedNames, bringTo: BringTo, sampleFile?: SampleFile): Promise<SeedReport> {
  const report: SeedReport = { created: 0, kept: 0, problems: [] }
  let pending = sets.flatMap((set): Pending[] => {
    const def = engine.registry.findEntity(call.programme.id, set.entity)
    if (!def) { report.problems.push(`${set.file}: entity ${set.entity} is unknown in ${call.programme.id}`); return [] }
    return Object.entries(set.records).map(([name, data]) => ({ def, set, name, data }))
  })
  while (pending.length > 0) {
    const ready = pending.filter((p) => unresolved(p.data, names).length === 0)
    if (ready.length === 0) {
      for (const p of pending) report.problems.push(`${p.set.file}: ${p.name} refers to ${unresolved(p.data, names).join(', ')}, which no seed has`)
      return report
    }
    const byDef = new Map<EntityDef, Pending[]>()
    for (const p of ready) byDef.set(p.def, [...(byDef.get(p.def) ?? []), p])
    for (const [def, list] of byDef) await seedEntity(engine, call, def, list, names, report, bringTo, sampleFile)
    pending = pending.filter((p) => !ready.includes(p))
  }
  return report
}

const nameOf = (def: EntityDef, name: string): string => `${def.name}.${name}`
function unresolved(value: unknown, names: SeedNames): string[] {
  if (typeof value === 'string') { const m = REFERENCE.exec(value); return m && !names.has(`${m[1]!.split('/').at(-1)}.${m[2]}`) ? [value] : [] }
  if (Array.isArray(value)) return value.flatMap((v) => unresolved(v, names))
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap((v) => unresolved(v, names)) : []
}
export function resolveNames<T>(value: T, names: SeedNames): T {
  if (typeof value === 'string') { const m = REFERENCE.exec(value); return (m ? (names.get(`${m[1]!.split('/').at(-1)}.${m[2]}`) ?? value) : value) as T }
  if (Array.isArray(value)) return value.map((v) => resolveNames(v, names)) as T
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolveNames(v, names)])) as T
  return value
}

async function seedEntity(engine: Engine, call: Call, def: EntityDef, list: Pending[], names: SeedNames, report: SeedReport, bringTo: BringTo, sampleFile?: SampleFile): Promise<void> {
  await engine.db.tx(async () => {
    const loader = factsFor(engine, call)
    const data = list.map((p) => resolveNames(p.data, names))
    const found = await existing(loader, def, list, data)
    const fresh: { p: Pending; data: JsonObject; id: string }[] = []
    for (const [i, p] of list.entries()) {
      const id = found[i]
      if (id) { names.set(nameOf(def, p.name), id); report.kept++ } else { const made = engine.ids.next(); names.set(nameOf(def, p.name), made); fresh.push({ p, data: data[i]!, id: made }) }
    }
    if (sampleFile) for (const f of fresh) f.data = (await withFiles(def, f.data, sampleFile)) as JsonObject
    const system = new Set(SYSTEM.map((s) => s.name))
    const saved = await saveSet(engine, call, def, fresh.map((f) => ({ data: Object.fromEntries(Object.entries(f.data).filter(([k]) => !system.has(k) || (k === 'status' && def.properties['status']?.governor !== 'process'))) as RecordData, newId: f.id, org: (f.data['org'] as string | undefined) ?? null, ...(f.data['createdAt'] ? { createdAt: Date.parse(String(f.data['createdAt'])) } : {}) })), { via: { kind: 'seed' } })
    for (const [i, d] of saved.entries()) {
      if (d.problems.length) { report.problems.push(`${fresh[i]!.p.set.file}: ${fresh[i]!.p.name}: ${d.problems.map((x) => x.message).join('; ')}`); names.delete(nameOf(def, fresh[i]!.p.name)); continue }
      report.created++
      const status = fresh[i]!.data['status']
      if (typeof status === 'string' && def.properties['status']?.governor === 'process') await bringTo(call, def, d.id, status)
    }
  })
}

async function withFiles(def: EntityDef, value: unknown, sampleFile: SampleFile, path = ''): Promise<unknown> {
  if (typeof value === 'string' && value.startsWith('file:')) return sampleFile(def, path, value.slice(5))
  if (Array.isArray(value)) return Promise.all(value.map((v) => withFiles(def, v, sampleFile, path)))
  if (value !== null && typeof value === 'object') return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await withFiles(def, v, sampleFile, path ? `${path}.${k}` : k)])))
  return value
}

async function existing(loader: FactLoader, def: EntityDef, list: Pending[], data: JsonObject[]): Promise<(string | null)[]> {
  return loader.settleAll(list, (p, i) => {
    if (p.set.key.length === 0) return null
    const equals = p.set.key.map((path) => {
      const v = path.split('.').reduce<unknown>((o, k) => (o as Record<string, unknown> | undefined)?.[k], data[i])
      const ref = def.properties[path]?.ref ?? (path === 'org' ? { entity: 'core/organisation' } : undefined)
      return { path, value: (v == null ? null : ref ? { $: 'row', entity: ref.entity, id: String(v) } : v) as FeelValue }
    })
    return loader.rows(def.id, equals)[0]?.id ?? null
  })
}
