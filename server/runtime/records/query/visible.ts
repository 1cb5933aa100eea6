import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { rowConditions } from '#server/runtime/access/index.ts'
import type { Call } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { rowScope } from '../facts/scopes.ts'
import { Select } from './select.ts'

/** The one way to rows: programme and rights are always in it. null = the role may see none. */
export function selectVisible(call: Call, loader: FactLoader, def: EntityDef): Select | null {
  const conditions = rowConditions(call.programme, def, call.actor.role)
  if (conditions === null) return null
  const select = new Select(def, loader, loader.scope({}))
  if (def.home === 'programme') select.whereSql('t.program = ?', [call.programme.id])
  for (const c of conditions) select.where(c, rowScope(def))
  return select
}

/** Which of these records the person may see at all. */
export async function visibleIds(call: Call, loader: FactLoader, def: EntityDef, ids: string[]): Promise<Set<string>> {
  const out = new Set<string>()
  const numeric = ids.filter((id) => /^\d{1,16}$/.test(id))
  for (let i = 0; i < numeric.length; i += 2000) {
    const select = selectVisible(call, loader, def)
    if (!select) return out
    const where = loader.context.db.idsIn('t.id', numeric.slice(i, i + 2000))
    for (const r of await select.byId().whereSql(where.sql, where.params).columnSql('id', 't.id').all<{ id: number | string }>()) out.add(String(r.id))
  }
  return out
}
