import { isOneOf } from '#server/runtime/access/index.ts'
import { decode, type RawRow } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'

export interface Person { id: string; name: string }
const MOST = 2_000
const USER = 'core/user'

/** Users of an organisation who have one of the roles and may sign in, by name; at most 2000 are looked at. */
export async function peopleOf(runtime: ProcessRuntime, call: Call, org: string | null, roles: string[]): Promise<Person[]> {
  const { db, registry, sealing } = runtime.engine
  const def = registry.entity(call.programme.id, USER)
  if (org === null) return []
  const rows = await db.all<RawRow>(`SELECT * FROM ${def.table} WHERE org = ? AND NOT EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = ${def.table}.id AND c.disabled = 1) ORDER BY name, id LIMIT ${MOST}`, [Number(org)])
  return rows.flatMap((row): Person[] => {
    const data = decode(def, row, sealing)
    const own = Array.isArray(data['roles']) ? (data['roles'] as string[]) : []
    return own.some((r) => isOneOf(call.programme, r, roles)) ? [{ id: String(row['id']), name: String(data['name'] ?? data['account']) }] : []
  })
}
