import type { StoredFile as Shown } from '#server/services.ts'
import { isAppError } from '#server/platform/errors.ts'
import { auditEvent } from '#server/runtime/audit/index.ts'
import { entitiesOf, type EntityDef } from '#server/runtime/definitions/index.ts'
import type { StoredFile } from '#server/runtime/files/index.ts'
import { factsFor, feelToJson, rowScope, selectVisible, visibleIds, walk, type FactLoader } from '#server/runtime/records/index.ts'
import { mayOpenTransferFile, type TransferParts } from '#server/runtime/transfer/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { ruleAt } from './cells.ts'
import { entityOf, isId, mayRead, notFound, refused, type ViewParts } from './parts.ts'

/** A stored file for whoever made it, or may see the field that holds it, or asked for the job that wrote it. */
export async function getFile(parts: ViewParts, transfer: TransferParts, actor: Actor, id: string): Promise<Result<{ file: Shown }>> {
  if (!isId(id)) return notFound()
  const call = parts.core.call(actor)
  const file = await parts.files.get(id).catch((e: unknown) => {
    if (isAppError(e, 'NOT_FOUND')) return null
    if (isAppError(e, 'FILE_EXPIRED')) return 'expired' as const
    throw e
  })
  if (file === 'expired') return refused('FILE_EXPIRED', '文件已过期', 410)
  if (!file || !(await mayOpen(parts, transfer, call, file))) return notFound()
  if (file.createdBy !== actor.userId) await parts.core.engine.audit?.(auditEvent.fileRead(actor, { file: id, kind: file.kind, entity: file.entity ?? null, record: file.record ?? null }))
  return { ok: true, file: { id: file.id, name: file.name, mime: file.mime, bytes: file.bytes, open: async () => (await parts.files.open(id)).stream } }
}

async function mayOpen(parts: ViewParts, transfer: TransferParts, call: Call, file: StoredFile): Promise<boolean> {
  const moved = await mayOpenTransferFile(transfer, call, file.id)
  if (moved !== null) return moved
  if (file.createdBy === call.actor.userId) return true
  if (!file.entity || !file.record) return false
  const loader = factsFor(parts.core.engine, call)
  const def = entityOf(parts, call, file.entity)
  if (def && mayRead(call, def) && (await visibleIds(call, loader, def, [file.record])).has(file.record) && (await holds(call, loader, def, file.record, file))) return true
  return copied(parts, call, loader, file)
}

/** The record's field has this file now and is not hidden; files that belong to the record as a whole have no field. */
async function holds(call: Call, loader: FactLoader, def: EntityDef, record: string, file: StoredFile): Promise<boolean> {
  const row = { $: 'row', entity: def.id, id: record } as const
  return loader.settle(() => {
    const spots = [...walk(def.properties)].filter((p) => p.file ?? p.items?.file ?? Object.values(p.items?.properties ?? {}).some((c) => c.file) ?? false)
    const rich = file.path ? [...walk(def.properties)].filter((p) => p.path === file.path && !p.file) : []
    const at = [...spots, ...rich].filter((p) => JSON.stringify(valueAt(call, loader, def, row, p.path) ?? null).includes(file.id))
    if (at.length === 0) return !file.path
    return at.some((p) => !ruleAt(call, loader, def, row, p.path).hidden)
  })
}
const valueAt = (call: Call, loader: FactLoader, def: EntityDef, row: { $: 'row'; entity: string; id: string }, path: string): unknown =>
  feelToJson(loader.context.registry.expression(call.programme.id, path, rowScope(def)).evaluate(loader.scope({ record: row, item: row })))

/** Photos and the like that a visible record has copied from the one they were uploaded for. */
async function copied(parts: ViewParts, call: Call, loader: FactLoader, file: StoredFile): Promise<boolean> {
  for (const other of entitiesOf(call.programme)) {
    const def = entityOf(parts, call, other.id)
    if (!def || !mayRead(call, def)) continue
    for (const p of walk(def.properties)) {
      if (p.ref?.entity !== file.entity || !p.ref?.copy || !p.column) continue
      const select = selectVisible(call, loader, def)
      if (!select) continue
      const rows = await select.whereSql(`t.${p.column.name} = ?`, [Number(file.record)]).columnSql('id', 't.id').limit(20).all<{ id: number }>()
      for (const r of rows) if (await holds(call, loader, def, String(r.id), { ...file, path: Object.keys(p.ref.copy)[0] ?? '-' })) return true
    }
  }
  return false
}
