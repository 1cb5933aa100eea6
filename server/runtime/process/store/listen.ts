import type { Condition } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { factsFor } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { advance } from '../advance.ts'
import { waits } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { loadInstances } from './instances.store.ts'
import { listenersOf, type Listener } from './reads.ts'
import { rearmWhere } from './timers.store.ts'

/** Handed in, because stepping itself makes facts move. */
type Advance = typeof advance
const AT_ONCE = 500
export interface ChangedPayload { programme: string; entity: string; where: Condition; after: string }

/** Records that may look at these rows: those that refer to them, or all of the entity. */
function lookers(runtime: ProcessRuntime, l: Listener, ids: string[]): Condition {
  const { db } = runtime.engine
  const columns = [...l.via]
  if (columns.includes(null) || ids.length > 2000) return { sql: '1 = 1', params: [] }
  const parts = columns.map((c) => { const w = db.idsIn(`${c}`, ids); return { sql: `p.record_id IN (SELECT id FROM ${l.def.table} WHERE ${w.sql})`, params: w.params } })
  return { sql: `(${parts.map((p) => p.sql).join(' OR ')})`, params: parts.flatMap((p) => p.params) }
}

/** Rows of an entity have come, changed or gone: timers and conditions of other records that read them are looked at again. */
export async function factsMoved(runtime: ProcessRuntime, call: Call, def: EntityDef, ids: string[], step: Advance): Promise<void> {
  if (ids.length === 0) return
  for (const l of listenersOf(runtime.engine.registry, runtime.catalogue, call.programme, def.id)) {
    const where = lookers(runtime, l, ids)
    if (l.timers) await rearmWhere(runtime, call, factsFor(runtime.engine, call), l.def, where)
    if (l.conditions) await recheck(runtime, call, { programme: call.programme.id, entity: l.def.id, where, after: '0' }, step)
  }
}

/** Instances of an entity whose conditional events wait: a few at once, the rest by a job. */
async function recheck(runtime: ProcessRuntime, call: Call, payload: ChangedPayload, step: Advance): Promise<void> {
  const next = await recheckSome(runtime, call, payload, step)
  if (next !== null) await runtime.enqueue('process.changed', { ...payload, after: next }, { key: `changed/${payload.entity}/${runtime.engine.ids.next()}` })
}

/** Looks at the next instances; the id to go on after, or null when there are no more. */
export async function recheckSome(runtime: ProcessRuntime, call: Call, { entity, where, after }: ChangedPayload, step: Advance): Promise<string | null> {
  const { db, registry } = runtime.engine
  const def = registry.entity(call.programme.id, entity)
  const rows = await db.all<{ id: number }>(`SELECT p.id FROM process_instances p WHERE p.entity = ? AND p.program = ? AND p.ended IS NULL AND p.id > ? AND ${where.sql} ORDER BY p.id LIMIT ${AT_ONCE}`, [def.id, call.programme.id, Number(after), ...where.params])
  if (rows.length === 0) return null
  const waiting = (await loadInstances(runtime.engine, runtime.catalogue, { ids: rows.map((r) => String(r.id)) })).filter((i) => !i.ended && !i.suspended && waits(i.process.compiled, i.state).some((w) => w.kind === 'conditional'))
  if (waiting.length) await step(runtime, call, def, waiting.map((instance) => ({ instance, event: { kind: 'changed' } })))
  return rows.length < AT_ONCE ? null : String(rows.at(-1)!.id)
}
