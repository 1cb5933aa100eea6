import type { Condition } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Duration, FeelValue, Instant } from '#server/runtime/expressions/types.ts'
import { recordScope, updateMany, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'

const isInstant = (v: FeelValue): v is Instant & FeelValue => v !== null && typeof v === 'object' && (v as { $?: string }).$ === 'instant'
const isDuration = (v: FeelValue): v is Duration & FeelValue => v !== null && typeof v === 'object' && (v as { $?: string }).$ === 'duration'

/** When a timer is due, ms UTC; null = its data is not there yet, so it is armed when it comes. */
export function dueOf(loader: FactLoader, def: EntityDef, record: string, kind: string, expr: string, from: number): number | null {
  const scope = loader.scope({ record: { $: 'row', entity: def.id, id: record } })
  const ask = (text: string, now = scope.now): FeelValue => loader.context.registry.expression(loader.context.programme.id, text, recordScope(def)).evaluate({ ...scope, now })
  const value = ask(kind !== 'date' && /^P/.test(expr.trim()) ? `duration("${expr.trim()}")` : expr)
  const cycle = typeof value === 'string' ? /^R(\d*)\/(P.+)$/.exec(value) : null
  if (cycle && cycle[1] !== '0') return msOf(ask(`now + duration("${cycle[2]!}")`, from))
  if (isDuration(value)) return value.months === 0 ? from + value.ms : msOf(ask(`now + (${/^P/.test(expr.trim()) ? `duration("${expr.trim()}")` : expr})`, from))
  return msOf(value)
}

const msOf = (v: FeelValue): number | null => (isInstant(v) ? v.ms : null)

/** "R3/PT1H" fires three times; absent = without end. */
export const repeats = (expr: string): number | null => { const m = /^"R(\d+)\//.exec(expr.trim()); return m ? Number(m[1]) : null }
/** How a timer is kept: its kind, for a cycle how often it may still fire, its expression. */
export const keptAs = (kind: string, expr: string, left: number | null): string => `${kind}${left === null ? '' : `#${left}`}|${expr}`
export function readKept(text: string): { kind: string; left: number | null; expr: string } {
  const cut = text.indexOf('|')
  const [kind = 'date', left] = text.slice(0, cut).split('#')
  return { kind, left: left === undefined ? null : Number(left), expr: text.slice(cut + 1) }
}

/** Entities besides the own one whose rows the timer reads. */
export function timerReads(loader: FactLoader, def: EntityDef, expr: string): string {
  try {
    const reads = loader.context.registry.expression(loader.context.programme.id, expr, recordScope(def)).reads
    return JSON.stringify([...new Set(reads.map((r) => r.entity).filter(Boolean))])
  } catch { return '[]' }
}

interface Armed { id: number; due: number; expr: string; record_id: number }

/** Timers follow their data: whatever changed in these records, open timers of their instances are looked at again. */
export async function rearm(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, records: string[]): Promise<void> {
  for (let i = 0; i < records.length; i += 2000) await rearmWhere(runtime, call, loader, def, runtime.engine.db.idsIn('p.record_id', records.slice(i, i + 2000)))
}

/** Open timers of an entity's instances (`p`) that meet a condition get the due time their data says now. */
export async function rearmWhere(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, where: Condition): Promise<void> {
  const { db } = runtime.engine
  for (let after = 0; ;) {
    const armed = await db.all<Armed>(`SELECT t.id, t.due, t.expr, p.record_id FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE t.fired_at IS NULL AND t.id > ? AND (t.expr LIKE 'date|%' OR t.due = ${NOT_DUE}) AND p.entity = ? AND ${where.sql} ORDER BY t.id LIMIT 2000`, [after, def.id, ...where.params])
    const dues = await loader.settleAll(armed, (t) => { const { kind, expr } = readKept(t.expr); return dueOf(loader, def, String(t.record_id), kind, expr, call.now) })
    await updateMany(db, 'timers', ['due'], armed.flatMap((t, n) => (dues[n] === Number(t.due) ? [] : [{ id: String(t.id), values: [dues[n] ?? NOT_DUE] }])))
    if (armed.length < 2000) return
    after = Number(armed.at(-1)!.id)
  }
}
/** armed, but its data is not there: it waits until the data comes */
export const NOT_DUE = 9_000_000_000_000_000

export interface DueTimer { id: string; instance: string; token: number; element: string; due: number; programme: string; kept: string }
/** Timers due next, all of the same moment, the oldest first; `limit` at most. One that failed waits for its lease. */
export async function dueTimers(runtime: ProcessRuntime, now: number, limit = 200): Promise<DueTimer[]> {
  const rows = await runtime.engine.db.all<{ id: number; instance_id: number; token: number; element: string; due: number; program: string; expr: string }>(
    `SELECT t.id, t.instance_id, t.token, t.element, t.due, t.expr, p.program FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE t.fired_at IS NULL AND p.suspended_at IS NULL AND t.due <= ? AND (t.lease_until IS NULL OR t.lease_until <= ?) ORDER BY t.due, t.id LIMIT ${limit}`, [now, now])
  const first = rows[0]
  return rows.filter((r) => Number(r.due) === Number(first!.due)).map((r) => ({ id: String(r.id), instance: String(r.instance_id), token: Number(r.token), element: r.element, due: Number(r.due), programme: r.program, kept: r.expr }))
}
/** True for the one who gets it. */
export async function claimTimer(runtime: ProcessRuntime, id: string, now: number): Promise<boolean> {
  return (await runtime.engine.db.run('UPDATE timers SET fired_at = ? WHERE id = ? AND fired_at IS NULL', [now, Number(id)])).changes === 1
}
/** A timer whose step failed is tried again later; the others go on. */
export async function postponeTimer(runtime: ProcessRuntime, id: string, until: number): Promise<void> {
  await runtime.engine.db.run('UPDATE timers SET lease_until = ? WHERE id = ? AND fired_at IS NULL', [until, Number(id)])
}
export const nextDue = async (runtime: ProcessRuntime): Promise<number | null> => {
  const row = await runtime.engine.db.one<{ due: number | null }>('SELECT MIN(CASE WHEN t.lease_until IS NULL OR t.lease_until < t.due THEN t.due ELSE t.lease_until END) AS due FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE t.fired_at IS NULL AND p.suspended_at IS NULL AND t.due < ?', [NOT_DUE])
  return row?.due == null ? null : Number(row.due)
}
