import { createHash } from 'node:crypto'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import { getPath, propertyAt } from '../schema/properties.ts'
import { systemProperty } from '../schema/system.ts'
import { good, refuse, type Draft } from './draft.ts'
import { fillMessage } from './messages.ts'
import { recordNames } from './values.ts'
import type { Call } from '../../context.ts'

interface Key { d: Draft; unique: string; scope: string; hash: string }

/** All combinations when a field is an array (`certificates[]`); none when a field is empty. */
function tuples(engine: Engine, d: Draft, fields: string[]): string[][] {
  let out: string[][] = [[]]
  for (const field of fields) {
    const path = field.replace(/\[\]$/, '')
    const p = propertyAt(d.def, path)
    const value = p ? getPath(d.data, path) : systemProperty(path) ? (d as unknown as Record<string, unknown>)[path] : undefined
    const list = (Array.isArray(value) ? value : [value]).filter((v) => v !== undefined && v !== null && v !== '')
    if (list.length === 0) return []
    out = out.flatMap((t) => list.map((v) => [...t, p?.sensitive ? engine.sealing.blind(p.sensitive, String(v)) : String(v)]))
  }
  return out
}

async function keysOf(engine: Engine, loader: FactLoader, drafts: Draft[]): Promise<Key[]> {
  const { registry, programme } = loader.context
  const keys: Key[] = []
  const holding = await loader.settleAll(drafts, (d) => Object.entries(d.def.unique).filter(([, u]) => !u.where || registry.expression(programme.id, u.where, recordScope(d.def)).evaluate(loader.scope(recordNames(d))) === true))
  for (const [i, d] of drafts.entries()) {
    for (const [unique, u] of holding[i]!) {
      const scope = `${d.def.id}:${unique}${d.def.home === 'programme' ? `:${d.program}` : ''}`
      for (const t of tuples(engine, d, u.fields)) keys.push({ d, unique, scope, hash: createHash('sha256').update(JSON.stringify(t)).digest('hex') })
    }
  }
  return keys
}

/** Refuses records whose key is taken, in the set itself or in the database. Answers the keys to write. */
export async function checkUnique(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[]): Promise<Key[]> {
  const keys = await keysOf(engine, loader, good(drafts))
  const taken = new Map<string, string>()
  for (const scope of new Set(keys.map((k) => k.scope))) {
    const hashes = keys.filter((k) => k.scope === scope).map((k) => k.hash)
    for (let i = 0; i < hashes.length; i += 500) {
      const part = hashes.slice(i, i + 500)
      const rows = await engine.db.all<{ hash: string; record_id: number }>(`SELECT hash, record_id FROM unique_keys WHERE scope = ? AND hash IN (${part.map(() => '?').join(',')})`, [scope, ...part])
      for (const r of rows) taken.set(`${scope}|${r.hash}`, String(r.record_id))
    }
  }
  for (const k of keys) {
    const at = `${k.scope}|${k.hash}`
    const holder = taken.get(at)
    if (holder === undefined) taken.set(at, k.d.id)
    else if (holder !== k.d.id) {
      const u = k.d.def.unique[k.unique]!
      const message = await loader.settle(() => fillMessage(loader, k.d.def, u.message, recordNames(k.d), call.actor.lang))
      if (!k.d.problems.some((p) => p.code === `UNIQUE_${k.unique}`)) refuse(k.d, `UNIQUE_${k.unique}`, message, u.fields[0]?.replace(/\[\]$/, ''))
    }
  }
  return keys.filter((k) => k.d.problems.length === 0)
}

/** Replaces the keys of records that are written. */
export async function writeUnique(engine: Engine, drafts: Draft[], keys: Key[]): Promise<void> {
  const byEntity = new Map<string, string[]>()
  for (const d of drafts) if (!d.create) { const ids = byEntity.get(d.def.id); if (ids) ids.push(d.id); else byEntity.set(d.def.id, [d.id]) }
  for (const [entity, ids] of byEntity) await dropUnique(engine, entity, ids)
  // a record that was sent without a change keeps the keys it has
  const written = new Set(drafts)
  const good = keys.filter((k) => written.has(k.d) && k.d.problems.length === 0)
  await engine.db.insertMany('unique_keys', ['scope', 'hash', 'entity', 'record_id'], good.map((k) => [k.scope, k.hash, k.d.def.id, Number(k.d.id)]))
}
export async function dropUnique(engine: Engine, entity: string, ids: string[]): Promise<void> {
  for (let i = 0; i < ids.length; i += 2000) {
    const where = engine.db.idsIn('record_id', ids.slice(i, i + 2000))
    await engine.db.run(`DELETE FROM unique_keys WHERE entity = ? AND ${where.sql}`, [entity, ...where.params])
  }
}
