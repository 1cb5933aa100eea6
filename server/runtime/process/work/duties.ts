import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { ElementInfo } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import type { Instance } from '../store/instances.store.ts'
import type { DoneTask } from './done-tasks.ts'

/** Who made the records whose tasks are barred to them. */
export async function makersOf(runtime: ProcessRuntime, def: EntityDef, instances: Instance[]): Promise<Map<string, string>> {
  const asked = instances.filter((i) => Object.values(i.process.compiled.elements).some((e) => e.notBy?.includes('initiator')))
  const out = new Map<string, string>()
  if (asked.length === 0) return out
  const { db } = runtime.engine
  const where = db.idsIn('id', asked.map((i) => i.record))
  for (const r of await db.all<{ id: number; created_by: number | null }>(`SELECT id, created_by FROM ${def.table} WHERE ${where.sql}`, where.params)) if (r.created_by !== null) out.set(String(r.id), String(r.created_by))
  return out
}

/** Separation of duties: why this person may not take the task, in words; null = may. */
export function barredBy(instance: Instance, el: ElementInfo, done: DoneTask[], maker: string | undefined, user: string): string | null {
  for (const other of el.notBy ?? []) {
    if (other === 'initiator') { if (maker === user) return '本记录由您提交，按职责分离要求须由他人办理'; continue }
    if (done.some((t) => t.element === other && t.outcome !== null && t.by === user)) return `您已办理“${instance.process.compiled.elements[other]?.name || other}”，按职责分离要求须由他人办理`
  }
  return null
}
