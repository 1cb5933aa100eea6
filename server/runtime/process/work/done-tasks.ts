import type { Call } from '../../context.ts'
import type { CompiledProcess } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import type { Instance } from '../store/instances.store.ts'
import { looksBack } from './move-defs.ts'

/** A task that is over: taken by somebody, or cancelled (`outcome` null). Signatures of others are none. */
export interface DoneTask { id: number; element: string; by: string | null; outcome: string | null; org: string | null }
interface Row { id: number; instance_id: number; element: string; completed_by: number | null; outcome: string | null; org: number | null }

const text = (id: number | null): string | null => (id === null ? null : String(id))
const isOwn = (process: CompiledProcess, r: Row): boolean => r.outcome === null || process.elements[r.element]?.outcomes.some((o) => o.id === r.outcome) === true

/** What was done in these instances, the oldest first; only of processes in which that decides about what is offered. */
export async function doneTasks(runtime: ProcessRuntime, _call: Call, instances: Instance[]): Promise<Map<string, DoneTask[]>> {
  const asked = new Map(instances.filter((i) => looksBack(i.process.compiled)).map((i) => [i.id, i]))
  const out = new Map<string, DoneTask[]>()
  if (asked.size === 0) return out
  const { db } = runtime.engine
  const where = db.idsIn('instance_id', [...asked.keys()])
  for (const r of await db.all<Row>(`SELECT id, instance_id, element, completed_by, outcome, org FROM tasks WHERE completed_at IS NOT NULL AND ${where.sql} ORDER BY id`, where.params)) {
    const instance = asked.get(String(r.instance_id))
    if (!instance || !isOwn(instance.process.compiled, r)) continue
    const list = out.get(instance.id) ?? []
    out.set(instance.id, list)
    list.push({ id: Number(r.id), element: r.element, by: text(r.completed_by), outcome: r.outcome, org: text(r.org) })
  }
  return out
}
