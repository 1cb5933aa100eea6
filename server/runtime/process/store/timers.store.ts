import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Duration, FeelValue, Instant } from '#server/runtime/expressions/types.ts'
import { recordScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'

const isInstant = (v: FeelValue): v is Instant & FeelValue => v !== null && typeof v === 'object' && (v as { $?: string }).$ === 'instant'
const isDuration = (v: FeelValue): v is Duration & FeelValue => v !== null && typeof v === 'object' && (v as { $?: string }).$ === 'duration'

/** When a timer is due, ms UTC; null = its data is not there yet, so it is armed when it comes. */
export function dueOf(loader: FactLoader, def: EntityDef, record: string, kind: string, expr: string, from: number): number | null {
  const { registry, programme } = loader.context
  const text = kind === 'date' ? expr : /^R?\d*\/?P/.test(expr.trim()) ? `duration("${expr.trim().replace(/^R\d*\//, '')}")` : expr
  const value = registry.expression(programme.id, text, recordScope(def)).evaluate(loader.scope({ record: { $: 'row', entity: def.id, id: record } }))
  if (isInstant(value)) return value.ms
  if (isDuration(value)) return from + value.ms + value.months * 30 * 86_400_000
  return null
}

/** Entities besides the own one whose rows the timer reads. */
export function timerReads(loader: FactLoader, def: EntityDef, expr: string): string {
  try {
    const reads = loader.context.registry.expression(loader.context.programme.id, expr, recordScope(def)).reads
    return JSON.stringify([...new Set(reads.map((r) => r.entity).filter(Boolean))])
  } catch { return '[]' }
}

interface Armed { id: number; instance_id: number; token: number; element: string; due: number; expr: string; record_id: number }

/** Timers follow their data: whatever changed in these records, open timers of their instances are looked at again. */
export async function rearm(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, records: string[]): Promise<void> {
  const { db } = runtime.engine
  for (let i = 0; i < records.length; i += 2000) {
    const where = db.idsIn('p.record_id', records.slice(i, i + 2000))
    const armed = await db.all<Armed>(`SELECT t.id, t.instance_id, t.token, t.element, t.due, t.expr, p.record_id FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE t.fired_at IS NULL AND p.entity = ? AND ${where.sql}`, [def.id, ...where.params])
    const dues = await loader.settleAll(armed, (t) => {
      const cut = t.expr.indexOf('|')
      return t.expr.startsWith('date|') ? dueOf(loader, def, String(t.record_id), 'date', t.expr.slice(cut + 1), call.now) : Number(t.due)
    })
    for (const [n, t] of armed.entries()) if (dues[n] !== null && dues[n] !== Number(t.due)) await db.run('UPDATE timers SET due = ? WHERE id = ? AND fired_at IS NULL', [dues[n]!, t.id])
  }
}

export interface DueTimer { id: string; instance: string; token: number; element: string; due: number; programme: string }
/** The oldest due timers, in the order they fell due. */
export async function dueTimers(runtime: ProcessRuntime, now: number, limit = 500): Promise<DueTimer[]> {
  const rows = await runtime.engine.db.all<{ id: number; instance_id: number; token: number; element: string; due: number; program: string }>(
    `SELECT t.id, t.instance_id, t.token, t.element, t.due, p.program FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE t.fired_at IS NULL AND t.due <= ? ORDER BY t.due, t.id LIMIT ${limit}`, [now])
  return rows.map((r) => ({ id: String(r.id), instance: String(r.instance_id), token: Number(r.token), element: r.element, due: Number(r.due), programme: r.program }))
}
/** True for the one who gets it. */
export async function claimTimer(runtime: ProcessRuntime, id: string, now: number): Promise<boolean> {
  return (await runtime.engine.db.run('UPDATE timers SET fired_at = ? WHERE id = ? AND fired_at IS NULL', [now, Number(id)])).changes === 1
}
export const nextDue = async (runtime: ProcessRuntime): Promise<number | null> => {
  const row = await runtime.engine.db.one<{ due: number | null }>('SELECT MIN(due) AS due FROM timers WHERE fired_at IS NULL')
  return row?.due == null ? null : Number(row.due)
}
