import { auditEvent } from '#server/runtime/audit/index.ts'
import type { FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import type { ViewParts } from './parts.ts'

interface Seen { records: Set<string>; paths: Set<string> }
const reads = new WeakMap<FactLoader, Map<string, Seen>>()

/** Remembers that a personal number is shown whole in the answer under way; said twice it counts once. */
export function notePlain(loader: FactLoader, row: { entity: string; id: string }, path: string): void {
  let all = reads.get(loader)
  if (!all) reads.set(loader, (all = new Map<string, Seen>()))
  const seen = all.get(row.entity) ?? { records: new Set<string>(), paths: new Set<string>() }
  all.set(row.entity, seen)
  seen.records.add(row.id)
  seen.paths.add(path)
}

/** Before the answer goes out: one entry per entity of which personal numbers are shown whole. */
export async function auditPlain(parts: ViewParts, call: Call, loader: FactLoader, where: 'list' | 'record' | 'form' | 'api'): Promise<void> {
  const all = reads.get(loader)
  if (!all?.size) return
  reads.delete(loader)
  await parts.core.engine.audit?.([...all].map(([entity, s]) => auditEvent.plainRead(call.actor, { entity, where, records: [...s.records], paths: [...s.paths] })))
}
