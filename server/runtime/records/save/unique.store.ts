import { hash as hashOf } from 'node:crypto'
import type { EntityDef, PropertyDef, UniqueDef } from '#server/runtime/definitions/model.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import type { Scope } from '#server/runtime/expressions/types.ts'
import { getPath, propertyAt } from '../schema/properties.ts'
import { systemProperty } from '../schema/system.ts'
import { askAlike } from './alike.ts'
import { good, refuse, type Draft } from './draft.ts'
import { fillMessage } from './messages.ts'
import { recordNames } from './values.ts'
import type { Call } from '../../context.ts'

interface Key { d: Draft; unique: string; scope: string; hash: string; /** what stands for it wherever it is compared */ text: string }

interface Field { path: string; p: PropertyDef | undefined; system: boolean }
const fields = new WeakMap<UniqueDef, Field[]>()
function fieldsOf(def: EntityDef, u: UniqueDef): Field[] {
  let known = fields.get(u)
  if (!known) fields.set(u, (known = u.fields.map((field) => { const path = field.replace(/\[\]$/, ''); return { path, p: propertyAt(def, path), system: systemProperty(path) !== undefined } })))
  return known
}

const keyText = (engine: Engine, p: PropertyDef | undefined, v: unknown): string => (p?.sensitive ? engine.sealing.blind(p.sensitive, String(v)) : String(v))

/** All combinations when a field is an array (`certificates[]`); none when a field is empty. */
function tuples(engine: Engine, d: Draft, u: UniqueDef): string[][] {
  let out: string[][] = [[]]
  for (const { path, p, system } of fieldsOf(d.def, u)) {
    const value = p ? getPath(d.data, path) : system ? (d as unknown as Record<string, unknown>)[path] : undefined
    if (!Array.isArray(value)) {
      if (value === undefined || value === null || value === '') return []
      const text = keyText(engine, p, value)
      for (const t of out) t.push(text)
      continue
    }
    const list = value.filter((v) => v !== undefined && v !== null && v !== '')
    if (list.length === 0) return []
    out = out.flatMap((t) => list.map((v) => [...t, keyText(engine, p, v)]))
  }
  return out
}

const textOf = (k: { scope: string; hash: string }): string => `${k.scope}|${k.hash}`

const keyScope = (d: Draft, unique: string): string => `${d.def.id}:${unique}${d.def.home === 'programme' ? `:${d.program}` : ''}`

async function keysOf(engine: Engine, loader: FactLoader, drafts: Draft[], only?: ReadonlySet<string>): Promise<Key[]> {
  const { registry, programme } = loader.context
  const keys: Key[] = []
  const constraints = new Map<EntityDef, [string, UniqueDef][]>()
  for (const { def } of drafts) if (!constraints.has(def)) constraints.set(def, Object.entries(def.unique).filter(([name]) => !only || only.has(name)))
  const texts = [...constraints.values()].flatMap((list) => list.flatMap(([, u]) => u.where ?? []))
  const holding = await askAlike(loader, drafts, texts, (d) => {
    let scope: Scope | undefined
    const holds = (where: string): boolean => registry.expression(programme.id, where, recordScope(d.def)).evaluate(scope ??= loader.scope(recordNames(d))) === true
    return constraints.get(d.def)!.filter(([, u]) => !u.where || holds(u.where))
  })
  for (const [i, d] of drafts.entries()) {
    for (const [unique, u] of holding[i]!) {
      const scope = keyScope(d, unique)
      for (const t of tuples(engine, d, u)) {
        const hash = hashOf('sha256', JSON.stringify(t))
        keys.push({ d, unique, scope, hash, text: textOf({ scope, hash }) })
      }
    }
  }
  return keys
}

type Held = ReadonlyMap<string, { scope: string; hash: string }>
const NONE: Held = new Map()
/** Keys that stored records hold, as they were read last; a draft lives within one transaction. */
const held = new WeakMap<Draft, Held>()
async function readHeld(engine: Engine, drafts: Draft[], only?: ReadonlySet<string>): Promise<void> {
  const stored = drafts.filter((d) => !d.create)
  const byEntity = new Map<string, Set<string>>()
  if (only?.size !== 0) for (const d of stored) {
    const ids = byEntity.get(d.def.id)
    if (ids) ids.add(d.id); else byEntity.set(d.def.id, new Set([d.id]))
  }
  const scopes = only && [...new Set(stored.flatMap((d) => [...only].map((unique) => keyScope(d, unique))))]
  // the way is by the records: a scope has as many keys as there are records of its kind
  const among = scopes ? ` AND (scope IN (${scopes.map(() => '?').join(', ')}))${engine.db.dialect.name === 'sqlite' ? ' IS TRUE' : ''}` : ''
  const found = new Map<string, Map<string, { scope: string; hash: string }>>()
  for (const [entity, set] of byEntity) {
    const ids = [...set]
    for (let i = 0; i < ids.length; i += 2000) {
      const where = engine.db.idsIn('record_id', ids.slice(i, i + 2000))
      for (const r of await engine.db.all<{ scope: string; hash: string; record_id: number }>(`SELECT scope, hash, record_id FROM unique_keys WHERE entity = ? AND ${where.sql}${among}`, [entity, ...where.params, ...scopes ?? []])) {
        const at = `${entity}/${r.record_id}`
        const mine = found.get(at)
        if (mine) mine.set(textOf(r), r); else found.set(at, new Map([[textOf(r), r]]))
      }
    }
  }
  for (const d of stored) held.set(d, (found.size > 0 ? found.get(`${d.def.id}/${d.id}`) : undefined) ?? NONE)
}

/** Refuses records whose key is taken, in the set itself or in the database. Answers the keys to write. `only`: keys of other constraints stay as they are. */
export async function checkUnique(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], only?: ReadonlySet<string>): Promise<Key[]> {
  const keys = await keysOf(engine, loader, good(drafts), only)
  await readHeld(engine, good(drafts), only)
  const taken = new Map<string, string>()
  const asked = new Map<string, string[]>()
  for (const k of keys) {
    if (held.get(k.d)?.has(k.text)) { taken.set(k.text, k.d.id); continue }
    const list = asked.get(k.scope)
    if (list) list.push(k.hash); else asked.set(k.scope, [k.hash])
  }
  for (const [scope, hashes] of asked) {
    for (let i = 0; i < hashes.length; i += 2000) {
      const among = engine.db.idsIn('hash', hashes.slice(i, i + 2000))
      const rows = await engine.db.all<{ hash: string; record_id: number }>(`SELECT hash, record_id FROM unique_keys WHERE scope = ? AND ${among.sql}`, [scope, ...among.params])
      for (const r of rows) taken.set(`${scope}|${r.hash}`, String(r.record_id))
    }
  }
  for (const k of keys) {
    const holder = taken.get(k.text)
    if (holder === undefined) taken.set(k.text, k.d.id)
    else if (holder !== k.d.id) {
      const u = k.d.def.unique[k.unique]!
      const message = await loader.settle(() => fillMessage(loader, k.d.def, u.message, recordNames(k.d), call.actor.lang))
      if (!k.d.problems.some((p) => p.code === `UNIQUE_${k.unique}`)) refuse(k.d, `UNIQUE_${k.unique}`, message, u.fields[0]?.replace(/\[\]$/, ''))
    }
  }
  return keys.filter((k) => k.d.problems.length === 0)
}

/** Gives the records that are written the keys of their new values; a key that stays is not touched. */
export async function writeUnique(engine: Engine, drafts: Draft[], keys: Key[]): Promise<void> {
  await readHeld(engine, drafts.filter((d) => !held.has(d)))
  // a record that was sent without a change keeps the keys it has
  const written = new Set(drafts)
  // a key is one record's: another that wants it has been refused
  const wanted = new Set<string>()
  const fresh: Key[] = []
  for (const k of keys) {
    if (k.d.problems.length > 0 || wanted.has(k.text) || !written.has(k.d)) continue
    wanted.add(k.text)
    if (!held.get(k.d)?.has(k.text)) fresh.push(k)
  }
  const gone = new Map<string, string[]>()
  for (const d of drafts) for (const [text, k] of held.get(d) ?? NONE) {
    if (wanted.has(text)) continue
    const list = gone.get(k.scope)
    if (list) list.push(k.hash); else gone.set(k.scope, [k.hash])
  }
  for (const [scope, hashes] of gone) for (let i = 0; i < hashes.length; i += 2000) {
    const among = engine.db.idsIn('hash', hashes.slice(i, i + 2000))
    await engine.db.run(`DELETE FROM unique_keys WHERE scope = ? AND ${among.sql}`, [scope, ...among.params])
  }
  await engine.db.insertMany('unique_keys', ['scope', 'hash', 'entity', 'record_id'], fresh.map((k) => [k.scope, k.hash, k.d.def.id, Number(k.d.id)]))
  for (const d of drafts) held.delete(d)
}
export async function dropUnique(engine: Engine, entity: string, ids: string[]): Promise<void> {
  for (let i = 0; i < ids.length; i += 2000) {
    const where = engine.db.idsIn('record_id', ids.slice(i, i + 2000))
    await engine.db.run(`DELETE FROM unique_keys WHERE entity = ? AND ${where.sql}`, [entity, ...where.params])
  }
}
