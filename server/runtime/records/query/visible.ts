import type { SqlParam } from '#server/runtime/expressions/types.ts'
import { bindParams } from '#server/runtime/expressions/index.ts'
import type { Db, SqlValue } from '#server/data/index.ts'
import type { EntityDef, ProgrammeDef } from '#server/runtime/definitions/model.ts'
import { rowConditions } from '#server/runtime/access/index.ts'
import type { Call } from '../../context.ts'
import { FactLoader } from '../facts/loader.ts'
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

/** What a role may see of an entity by id, written once: who asks is bound each time. */
type Rights = { sql: string; params: SqlParam[]; /** the person's own record is read for it */ user: boolean } | 'nothing' | 'by value'
const compiled = new WeakMap<Db, WeakMap<ProgrammeDef, WeakMap<EntityDef, Map<string, Rights>>>>()
const at = <K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V => { let v = map.get(key); if (v === undefined) map.set(key, (v = make())); return v }

function rightsOf(call: Call, loader: FactLoader, def: EntityDef): Rights {
  const { context } = loader
  const roles = at(at(at(compiled, context.db, () => new WeakMap<ProgrammeDef, WeakMap<EntityDef, Map<string, Rights>>>()), call.programme, () => new WeakMap<EntityDef, Map<string, Rights>>()), def, () => new Map<string, Rights>())
  const key = `${call.actor.role}|${call.zone}`
  let rights = roles.get(key)
  // a loader of its own: what is kept must not keep the facts of this call
  if (rights === undefined) roles.set(key, (rights = writeRights(call, new FactLoader(context), def)))
  return rights
}
function writeRights(call: Call, loader: FactLoader, def: EntityDef): Rights {
  const select = selectVisible(call, loader, def)
  if (!select) return 'nothing'
  const made = select.byId().columnSql('id', 't.id').whereSql('1=1').template()
  const user = (rowConditions(call.programme, def, call.actor.role) ?? []).some((c) => select.compile(c, rowScope(def)).reads.some((r) => r.root === 'user' && r.path[0] !== undefined && r.path[0] !== 'id' && !Object.hasOwn(loader.context.session, r.path[0])))
  return made ? { ...made, user } : 'by value'
}

/** Which of these records the person may see at all. */
export async function visibleIds(call: Call, loader: FactLoader, def: EntityDef, ids: string[]): Promise<Set<string>> {
  const out = new Set<string>()
  const rights = rightsOf(call, loader, def)
  if (rights === 'nothing') return out
  const numeric = ids.filter((id) => /^\d{1,16}$/.test(id))
  for (let i = 0; i < numeric.length; i += 2000) {
    const where = loader.context.db.idsIn('t.id', numeric.slice(i, i + 2000))
    for (const r of await (rights === 'by value' ? written(call, loader, def, where) : bound(call, loader, rights, where))) out.add(String(r.id))
  }
  return out
}

interface Found { id: number | string }
const written = (call: Call, loader: FactLoader, def: EntityDef, where: { sql: string; params: SqlValue[] }): Promise<Found[]> =>
  selectVisible(call, loader, def)!.byId().whereSql(where.sql, where.params).columnSql('id', 't.id').all<Found>()

async function bound(call: Call, loader: FactLoader, rights: Exclude<Rights, string>, where: { sql: string; params: SqlValue[] }): Promise<Found[]> {
  if (rights.user && call.actor.userId) await loader.prefetch(loader.definition('core/user'), [call.actor.userId])
  const values = await loader.settle(() => bindParams(rights.params, loader.scope({})))
  return loader.context.db.all<Found>(`${rights.sql} AND (${where.sql})`, [...values, ...where.params])
}
