import { may } from '#server/runtime/access/index.ts'
import type { EntityDef, ProgrammeDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import { factsFor, type Engine } from '../engine.ts'
import { recordScope } from '../facts/scopes.ts'
import { visibleIds } from '../query/visible.ts'
import { walk } from '../schema/properties.ts'
import { good, refuse, type Draft } from './draft.ts'
import { draftOf, loadRows, newDraft } from './load.ts'
import { checkRules } from './rules.ts'
import { refillScopes } from './scope-columns.store.ts'
import { dropUnique } from './unique.store.ts'
import { overlayDraft, recordNames } from './values.ts'
import { writeHistory } from './write.store.ts'

export interface RemoveOptions { /** the right that allows it when it is an action */ verb?: string; byEffect?: boolean }

/** Deletes what may be deleted of a set, with what it owns; the rest comes back with every reason. */
export async function removeSet(engine: Engine, call: Call, def: EntityDef, ids: string[], options: RemoveOptions = {}): Promise<Draft[]> {
  return engine.db.tx(async () => {
    const loader = factsFor(engine, call)
    const { registry, programme } = loader.context
    const rows = await loadRows(engine, loader, def, ids)
    const visible = options.byEffect ? new Set(ids) : await visibleIds(call, loader, def, ids)
    const drafts = ids.map((id) => {
      const raw = rows.get(id)
      if (raw && visible.has(id)) return draftOf(engine, def, raw, {})
      const ghost = newDraft(engine, call, def, {}, id)
      refuse(ghost, 'NOT_FOUND', '记录不存在，可能已被删除或您无权查看')
      return ghost
    })
    if (!options.byEffect) {
      const allowed = def.form.delete !== null && may(programme, def, call.actor.role, options.verb ?? 'delete')
      const waits = await engine.hooks.editable(call, loader, def, good(drafts).map((d) => d.id))
      for (const d of good(drafts)) {
        overlayDraft(loader, d)
        if (!allowed) { refuse(d, 'FORBIDDEN', '您没有删除此记录的权限'); continue }
        const wait = waits.get(d.id)
        const condition = def.form.delete?.if
        const holds = condition ? (await loader.settle(() => registry.expression(programme.id, condition, recordScope(def)).evaluate(loader.scope(recordNames(d))))) === true : !wait || wait.delete
        if (!holds) refuse(d, 'DELETE_LOCKED', '当前状态下不能删除')
      }
      await checkRules(loader, drafts, () => ['delete'], call.actor.lang)
    }
    for (const d of good(drafts)) overlayDraft(loader, d)
    await refuseReferred(engine, call, def, drafts)
    await erase(engine, call, def, good(drafts))
    return drafts
  })
}

/** Entities of every programme: a record of the family or the platform is referred to from all of them. */
function everywhere(engine: Engine, call: Call): { programme: ProgrammeDef; entity: EntityDef }[] {
  const found = new Map<string, { programme: ProgrammeDef; entity: EntityDef }>()
  for (const programme of [call.programme, ...engine.registry.programmes()]) for (const entity of Object.values(programme.entities)) if (!found.has(entity.id)) found.set(entity.id, { programme, entity })
  return [...found.values()]
}
const companionColumn = (other: EntityDef, def: EntityDef): string | undefined => [...walk(other.properties)].find((p) => p.ref?.companion && p.ref.entity === def.id)?.column?.name

/** Rows that refer here without being owned keep a record from being deleted. */
async function refuseReferred(engine: Engine, call: Call, def: EntityDef, drafts: Draft[]): Promise<void> {
  for (const { entity: other } of everywhere(engine, call)) {
    for (const p of walk(other.properties)) {
      if (p.ref?.entity !== def.id || p.ref.owner || p.ref.companion || !p.column) continue
      if (isLink(call, other, p, def)) { await unlink(engine, other, p.column.name, good(drafts).map((d) => d.id)); continue }
      const ids = good(drafts).map((d) => d.id)
      if (ids.length === 0) return
      const where = engine.db.idsIn(p.column.name, ids)
      const found = await engine.db.all<{ id: number }>(`SELECT DISTINCT ${p.column.name} AS id FROM ${other.table} WHERE ${where.sql}`, where.params)
      const used = new Set(found.map((r) => String(r.id)))
      for (const d of drafts) if (used.has(d.id)) refuse(d, 'REFERRED', `有“${other.title.zh}”引用此记录，不能删除`)
    }
  }
}

/** Written by a make as its link, or by effects alone: goes back to empty when what was made is deleted. */
const isLink = (call: Call, other: EntityDef, p: PropertyDef, def: EntityDef): boolean => p.governor === 'effect'
  || Object.values(call.programme.entities).some((e) => Object.values(e.form.actions).some((a) => (a.make ?? []).some((m) => m.link === p.path && call.programme.entities[m.into]?.id === def.id && (m.from ?? '').includes(`"${other.name}"`))))
async function unlink(engine: Engine, other: EntityDef, column: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const where = engine.db.idsIn(column, ids)
  const freed = await engine.db.all<{ id: number }>(`SELECT id FROM ${other.table} WHERE ${where.sql}`, where.params)
  await engine.db.run(`UPDATE ${other.table} SET ${column} = NULL WHERE ${where.sql}`, where.params)
  await refillScopes(engine, other.table, [column], freed.map((r) => String(r.id)))
}

async function erase(engine: Engine, call: Call, def: EntityDef, drafts: Draft[]): Promise<void> {
  if (drafts.length === 0) return
  const ids = drafts.map((d) => d.id)
  for (const { programme, entity: other } of everywhere(engine, call)) {
    const owner = other.owner?.entity === def.id ? other.properties[other.owner.path]?.column?.name : companionColumn(other, def)
    if (!owner) continue
    const where = engine.db.idsIn(owner, ids)
    const owned = await engine.db.all<{ id: number }>(`SELECT id FROM ${other.table} WHERE ${where.sql}`, where.params)
    if (owned.length) await removeSet(engine, { ...call, programme }, other, owned.map((r) => String(r.id)), { byEffect: true })
  }
  const where = engine.db.idsIn('id', ids)
  await engine.db.run(`DELETE FROM ${def.table} WHERE ${where.sql}`, where.params)
  for (const p of walk(def.properties)) {
    if (!p.linkTable) continue
    const own = engine.db.idsIn('owner_id', ids)
    await engine.db.run(`DELETE FROM ${p.linkTable} WHERE ${own.sql}`, own.params)
  }
  await dropUnique(engine, def.id, ids)
  await engine.hooks.removed(call, def, ids)
  await writeHistory(engine, call, drafts.map((d) => ({ def, id: d.id, note: { kind: 'delete' } })))
  await eraseOrphans(engine, call, def, drafts)
}

/** `orphan`: the owner goes with its last row. */
async function eraseOrphans(engine: Engine, call: Call, def: EntityDef, drafts: Draft[]): Promise<void> {
  const path = def.form.delete?.orphan
  const p = path ? def.properties[path] : undefined
  if (!p?.ref || !p.column) return
  const owner = call.programme.entities[p.ref.entity]
  if (!owner) return
  const ids = [...new Set(drafts.map((d) => String(d.old?.[p.name] ?? '')))].filter(Boolean)
  const where = engine.db.idsIn(p.column.name, ids)
  const kept = new Set((await engine.db.all<{ id: number }>(`SELECT DISTINCT ${p.column.name} AS id FROM ${def.table} WHERE ${where.sql}`, where.params)).map((r) => String(r.id)))
  const bare = ids.filter((id) => !kept.has(id))
  if (bare.length) await removeSet(engine, call, owner, bare, { byEffect: true })
}
