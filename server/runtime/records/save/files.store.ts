import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { RecordData } from '../schema/codec.ts'
import { getPath, walk } from '../schema/properties.ts'
import { good, refuse, type Draft, type Via } from './draft.ts'
import { say } from './messages.ts'
import { changedPath } from './values.ts'

interface Held { id: string; path: string; field: string; title: string }
const RICH = /\/files\/(\d{1,16})\b/g

/** Most records hold no files at all: what may is found once per definition. */
const places = new WeakMap<EntityDef, { files: readonly PropertyDef[]; rich: readonly PropertyDef[] }>()
function placesOf(def: EntityDef): { files: readonly PropertyDef[]; rich: readonly PropertyDef[] } {
  let known = places.get(def)
  if (!known) {
    const all = walk(def.properties)
    const inItems = (p: PropertyDef): boolean => p.kind === 'array' && Boolean(p.items?.file ?? Object.values(p.items?.properties ?? {}).some((c) => c.file))
    places.set(def, (known = { files: all.filter((p) => p.file ?? inItems(p)), rich: all.filter((p) => p.media === 'text/html' || def.form.layout.widgets[p.path]?.widget === 'rich-text') }))
  }
  return known
}

/** File ids in a record, with the field each lies in; `field` has no positions. */
function filesIn(def: EntityDef, data: RecordData | null): Held[] {
  const { files } = placesOf(def)
  if (!data || files.length === 0) return []
  const out: Held[] = []
  for (const p of files) {
    const value = getPath(data, p.path)
    if (value === undefined || value === null) continue
    const title = say(p.title)
    if (p.file) out.push({ id: String(value), path: p.path, field: p.path, title })
    else if (p.kind === 'array' && Array.isArray(value)) {
      value.forEach((v: unknown, i) => {
        if (p.items?.file) out.push({ id: String(v), path: `${p.path}.${i}`, field: p.path, title })
        for (const c of Object.values(p.items?.properties ?? {})) {
          const file = c.file ? (v as Record<string, unknown> | null)?.[c.name] : undefined
          if (file != null) out.push({ id: String(file), path: `${p.path}.${i}.${c.name}`, field: `${p.path}.${c.name}`, title: say(c.title) })
        }
      })
    }
  }
  return out
}
const picturesIn = (def: EntityDef, d: Draft): Held[] => placesOf(def).rich.flatMap((p) => {
  const text = getPath(d.data, p.path)
  return typeof text === 'string' && changedPath(d, p.path) ? [...text.matchAll(RICH)].map((m) => ({ id: m[1]!, path: p.path, field: p.path, title: say(p.title) })) : []
})

const plain = (path: string): string => path.replace(/\[\]/g, '').replace(/\.\d+(?=\.|$)/g, '')
interface Row { id: number; entity: string | null; record_id: number | null; path: string | null; created_by: number | null; expires_at: number | null }

/** A person may put into a record only what they have just uploaded for that field, or what the record holds already. */
export async function checkFiles(engine: Engine, call: Call, drafts: Draft[], via: Via): Promise<void> {
  if (via.kind !== 'user' && via.kind !== 'action' && via.kind !== 'outcome') return
  const asks = good(drafts).flatMap((d) => {
    const before = new Set(filesIn(d.def, d.old).map((f) => f.id))
    return filesIn(d.def, d.data).filter((f) => !before.has(f.id)).map((f) => ({ d, f }))
  })
  if (asks.length === 0) return
  const where = engine.db.idsIn('id', [...new Set(asks.map((a) => a.f.id))].filter((id) => /^\d{1,16}$/.test(id)))
  const rows = await engine.db.all<Row>(`SELECT id, entity, record_id, path, created_by, expires_at FROM files WHERE ${where.sql} AND purged_at IS NULL`, where.params)
  const byId = new Map(rows.map((r) => [String(r.id), r]))
  for (const { d, f } of asks) {
    const row = byId.get(f.id)
    const own = row && String(row.created_by ?? '') === call.actor.userId && (row.expires_at === null || Number(row.expires_at) > call.now)
    const here = row && row.entity === d.def.id && plain(row.path ?? '') === f.field && (row.record_id === null || String(row.record_id) === d.id)
    if (!own || !here) refuse(d, 'FILE_NOT_YOURS', `${f.title}：文件不是您为此项上传的，或上传已超过 24 小时，请重新上传`, f.path)
  }
}

/** Uploads become the record's: they no longer expire, and who sees the field sees them. What already belongs to a record stays there. */
export async function attachFiles(engine: Engine, drafts: Draft[]): Promise<void> {
  for (const d of drafts) {
    const { files, rich } = placesOf(d.def)
    if (files.length === 0 && rich.length === 0) continue
    const before = new Set(filesIn(d.def, d.old).map((f) => f.id))
    for (const f of [...filesIn(d.def, d.data).filter((x) => !before.has(x.id)), ...picturesIn(d.def, d)])
      if (/^\d{1,16}$/.test(f.id)) await engine.db.run('UPDATE files SET entity = ?, record_id = ?, path = ?, expires_at = NULL WHERE id = ? AND record_id IS NULL', [d.def.id, Number(d.id), f.field, Number(f.id)])
  }
}
