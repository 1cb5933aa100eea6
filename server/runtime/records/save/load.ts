import { copyOf } from '#server/platform/json.ts'
import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { decode, fromSql, type RawRow, type RecordData } from '../schema/codec.ts'
import { columnOf } from '../schema/properties.ts'
import type { Draft } from './draft.ts'

/** A draft of a record that does not exist yet. */
export function newDraft(engine: Engine, call: Call, def: EntityDef, patch: RecordData, id = engine.ids.next()): Draft {
  const owned = Object.hasOwn(patch, 'org') && !Object.hasOwn(def.properties, 'org')
  const { org, ...given } = owned ? patch : {}
  const own = owned ? given : patch
  return {
    def, id, create: true, patch: own, old: null, oldStatus: null, storedRev: 1, data: copyOf(own), status: null, org: typeof org === 'string' ? org : null,
    createdBy: call.actor.userId || null, createdAt: call.now, program: def.home === 'programme' ? call.programme.id : '', problems: [], warnings: [], numbered: [],
  }
}
export function draftOf(engine: Engine, def: EntityDef, raw: RawRow, patch: RecordData, rev?: number): Draft {
  const old = decode(def, raw, engine.sealing)
  return { ...bareDraft(def, raw), patch, ...(rev !== undefined ? { rev } : {}), old, data: { ...copyOf(old), ...mergePatch(old, patch) } }
}
/** A stored record of which no field is opened: for what reads it by its row alone. */
export function bareDraft(def: EntityDef, raw: RawRow): Draft {
  const status = (raw['status'] as string | null) ?? null
  return {
    def, id: String(raw['id']), create: false, patch: {}, old: {}, oldStatus: status, storedRev: Number(raw['rev']), data: {}, status, org: raw['org'] == null ? null : String(raw['org']),
    createdBy: raw['created_by'] == null ? null : String(raw['created_by']), createdAt: Number(raw['created_at']), program: String(raw['program']), problems: [], warnings: [], numbered: [],
  }
}
/** A stored record of which only some plain fields are opened, none of which changes. */
export function partDrafts(def: EntityDef, rows: readonly RawRow[], fields: readonly PropertyDef[]): Draft[] {
  const held = { names: new Set(fields.map((p) => p.name)), changed: [] }
  return rows.map((raw) => {
    const d = bareDraft(def, raw)
    for (const p of fields) d.data[p.name] = fromSql(p, raw[columnOf(p)])
    d.held = held
    return d
  })
}
/** Objects merge by key, everything else is replaced; null empties. */
export function mergePatch(old: RecordData, patch: RecordData): RecordData {
  const out: RecordData = {}
  for (const [k, v] of Object.entries(patch)) {
    const before = old[k]
    const both = v !== null && typeof v === 'object' && !Array.isArray(v) && before !== null && typeof before === 'object' && !Array.isArray(before)
    out[k] = both ? { ...(before as RecordData), ...mergePatch(before as RecordData, v as RecordData) } : v === null ? undefined : copyOf(v)
  }
  return out
}

/** Stored rows by id, locked until the transaction ends where the database can. Of `columns` alone they are not whole, so expressions do not see them. */
export async function loadRows(engine: Engine, loader: FactLoader, def: EntityDef, ids: string[], columns?: string[]): Promise<Map<string, RawRow>> {
  const out = new Map<string, RawRow>()
  const lock = engine.db.dialect.name === 'mysql' && engine.db.inTx() ? ' FOR UPDATE' : ''
  for (let i = 0; i < ids.length; i += 2000) {
    const where = engine.db.idsIn('id', ids.slice(i, i + 2000))
    const rows = await engine.db.all<RawRow>(`SELECT ${columns?.join(', ') ?? '*'} FROM ${def.table} WHERE ${where.sql}${lock}`, where.params)
    if (!columns) loader.seed(def, rows)
    for (const r of rows) out.set(String(r['id']), r)
  }
  return out
}
