import { entitiesOf } from '#server/runtime/definitions/index.ts'
import type { ViewParts } from './parts.ts'

/**
 * The tree behind fields with the widget "tree-select": records of the entity they refer to, parents first.
 * `code` is the record's id, since that is what such a field stores.
 */
export async function listRegions(parts: ViewParts): Promise<{ code: string; name: string; parent: string | null }[]> {
  const { registry, engine } = parts.core
  for (const programme of registry.programmes()) {
    for (const def of entitiesOf(programme)) {
      const field = Object.entries(def.form.layout.widgets).find(([, w]) => w.widget === 'tree-select' || w.widget === 'region')?.[0]
      const entity = field ? def.properties[field]?.ref?.entity : undefined
      const target = entity ? registry.findEntity(programme.id, entity) : undefined
      const parent = target ? Object.values(target.properties).find((p) => p.ref?.entity === target.id && p.column) : undefined
      const name = target?.properties[target.label]
      if (!target || !parent || !name?.column) continue
      const rows = await engine.db.all<{ id: number; name: string; parent: number | null }>(`SELECT id, ${name.column.name} AS name, ${parent.column!.name} AS parent FROM ${target.table} ORDER BY id`)
      return parentsFirst(rows.map((r) => ({ code: String(r.id), name: r.name, parent: r.parent === null ? null : String(r.parent) })))
    }
  }
  return []
}

function parentsFirst(rows: { code: string; name: string; parent: string | null }[]): typeof rows {
  const children = new Map<string | null, typeof rows>()
  const known = new Set(rows.map((r) => r.code))
  for (const r of rows) { const p = r.parent !== null && known.has(r.parent) ? r.parent : null; children.set(p, [...(children.get(p) ?? []), r]) }
  const out: typeof rows = []
  const queue = [...(children.get(null) ?? [])]
  for (let i = 0; i < queue.length && out.length < rows.length; i++) { out.push(queue[i]!); queue.push(...(children.get(queue[i]!.code) ?? [])) }
  return out
}
