import { factsFor, visibleIds } from '#server/runtime/records/index.ts'
import type { Actor, Result } from '../context.ts'
import type { ApiRecord } from './api-types.ts'
import { recordsAsJson } from './api-value.ts'
import { auditPlain } from './personal-reads.ts'
import { entityOf, isId, mayRead, notFound, type ViewParts } from './parts.ts'

/** One record as JSON; a record that the person may not see is not there. */
export async function readRecord(parts: ViewParts, actor: Actor, entity: string, id: string): Promise<Result<{ record: ApiRecord; masked: string[] }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  if (!def || !isId(id) || !mayRead(call, def)) return notFound()
  const loader = factsFor(parts.core.engine, call)
  if (!(await visibleIds(call, loader, def, [id])).has(id)) return notFound()
  const [found] = await recordsAsJson(call, loader, def, [id])
  await auditPlain(parts, call, loader, 'api')
  return { ok: true, ...found! }
}
