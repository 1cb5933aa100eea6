import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { writeHistory, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { Effect } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { sendAll } from '../effects/send.ts'
import { throwAll } from '../effects/throw.ts'
import { closeCalls, openCalls } from './calls.store.ts'
import { createTasks } from './tasks.store.ts'
import { openIncident } from './incidents.store.ts'
import { dueOf, keptAs, NOT_DUE, repeats, timerReads } from './timers.store.ts'
import type { Instance } from './instances.store.ts'
import { titled } from '../step-title.ts'

export interface Went { instance: Instance; effects: Effect[]; renumbered: { from: number; to: number }[] }
export interface Written { statuses: Map<string, string>; byRecord: Map<string, string> }

interface Held { instance: Instance; token: number; element: string }
const CHUNK = 2000
const num = (id: string | null | undefined): number | null => (id ? Number(id) : null)

function grouped<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const known = groups.get(key)
    if (known) known.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** One effect of a step and all instances for which it came out of it. */
interface Asked<E> { effect: E; instances: Instance[] }
type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>
/** Instances that went the same way share their effects: what is done for them is done once. */
function askedOf(went: Went[]): <K extends Effect['kind']>(kind: K) => Asked<Of<K>>[] {
  const groups = new Map<Effect[], Instance[]>()
  for (const w of went) {
    const known = groups.get(w.effects)
    if (known) known.push(w.instance)
    else groups.set(w.effects, [w.instance])
  }
  const byKind = new Map<string, Asked<Effect>[]>()
  for (const [effects, instances] of groups) {
    for (const effect of effects) {
      const known = byKind.get(effect.kind)
      if (known) known.push({ effect, instances })
      else byKind.set(effect.kind, [{ effect, instances }])
    }
  }
  return <K extends Effect['kind']>(kind: K) => (byKind.get(kind) ?? []) as Asked<Of<K>>[]
}
const each = <E extends Effect>(asked: Asked<E>[]): ({ instance: Instance } & E)[] => asked.flatMap((a) => a.instances.map((instance) => ({ instance, ...a.effect })))

/** Closes rows of many instances with one statement per token, element and values. */
async function close(runtime: ProcessRuntime, table: 'tasks' | 'timers', set: string, open: string, asked: { token: number; element: string; values: SqlValue[]; instances: Instance[] }[]): Promise<void> {
  const { db } = runtime.engine
  for (const list of asked.length === 1 ? [asked] : grouped(asked, (a) => JSON.stringify([a.token, a.element, a.values])).values()) {
    const { token, element, values } = list[0]!
    const ids = list.flatMap((a) => a.instances.map((i) => i.id))
    for (let i = 0; i < ids.length; i += CHUNK) {
      const where = db.idsIn('instance_id', ids.slice(i, i + CHUNK))
      await db.run(`UPDATE ${table} SET ${set} WHERE ${where.sql} AND token = ? AND element = ? AND ${open} IS NULL`, [...values, ...where.params, token, element])
    }
  }
}

async function renumber(runtime: ProcessRuntime, went: Went[]): Promise<void> {
  for (const w of went) {
    for (const [table, open] of [['tasks', 'completed_at'], ['timers', 'fired_at'], ['incidents', 'resolved_at'], ['process_calls', '1']] as const) {
      const still = open === '1' ? '' : ` AND ${open} IS NULL`
      for (const r of w.renumbered) await runtime.engine.db.run(`UPDATE ${table} SET token = ? WHERE instance_id = ? AND token = ?${still}`, [-r.to, Number(w.instance.id), r.from])
      await runtime.engine.db.run(`UPDATE ${table} SET token = -token WHERE instance_id = ? AND token < 0`, [Number(w.instance.id)])
    }
  }
}

async function armTimers(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, armed: (Held & { timer: 'date' | 'duration' | 'cycle'; expr: string })[]): Promise<void> {
  const dues = await loader.settleAll(armed, (t) => dueOf(loader, def, t.instance.record, t.timer, t.expr, call.now))
  await runtime.engine.db.insertMany('timers', ['id', 'instance_id', 'token', 'element', 'due', 'expr', 'reads_json'],
    armed.map((t, i) => [Number(runtime.engine.ids.next()), Number(t.instance.id), t.token, t.element, dues[i] ?? NOT_DUE, keptAs(t.timer, t.expr, t.timer === 'cycle' ? repeats(t.expr) : null), timerReads(loader, def, t.expr)]))
}

async function setStatuses(runtime: ProcessRuntime, call: Call, def: EntityDef, asked: Asked<Of<'status'>>[]): Promise<Written> {
  const written: Written = { statuses: new Map(), byRecord: new Map() }
  // the last one that a step states is the one that stays
  for (const { effect, instances } of asked) for (const i of instances) { written.statuses.set(i.id, effect.value); written.byRecord.set(i.record, effect.value) }
  for (const [value, list] of grouped([...written.byRecord], ([, status]) => status)) {
    for (let i = 0; i < list.length; i += CHUNK) {
      const where = runtime.engine.db.idsIn('id', list.slice(i, i + CHUNK).map(([record]) => record))
      await runtime.engine.db.run(`UPDATE ${def.table} SET status = ?, rev = rev + 1, updated_at = ? WHERE ${where.sql}`, [value, call.now, ...where.params])
    }
  }
  return written
}

/** Tasks, timers, statuses, incidents, operation jobs, messages and notices that a set of steps asked for. */
export async function writeEffects(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, went: Went[]): Promise<Written> {
  const of = askedOf(went)
  const closing = (asked: Asked<{ token: number; element: string; outcome?: string }>[], values: (outcome: string | undefined) => SqlValue[]) => asked.map(({ effect, instances }) => ({ token: effect.token, element: effect.element, values: values(effect.outcome), instances }))
  const [done, cancelled, disarmed] = [of('completeTask'), of('cancelTask'), of('cancelTimer')]
  if (done.length) await close(runtime, 'tasks', 'completed_at = ?, completed_by = ?, outcome = ?', 'completed_at', closing(done, (outcome) => [call.now, num(call.actor.userId), outcome ?? null]))
  if (cancelled.length) await close(runtime, 'tasks', 'completed_at = ?', 'completed_at', closing(cancelled, () => [call.now]))
  if (disarmed.length) await close(runtime, 'timers', 'fired_at = ?', 'fired_at', closing(disarmed, () => [call.now]))
  const abandoned = each(of('abandon'))
  if (abandoned.length) await closeCalls(runtime.engine, abandoned)
  const moved = went.filter((w) => w.renumbered.length > 0)
  if (moved.length) await renumber(runtime, moved)
  const written = await setStatuses(runtime, call, def, of('status'))
  const [tasks, timers, incidents, unheard, calls, sends, messages, signals] = [of('createTask'), each(of('armTimer')), each(of('incident')), each(of('uncaughtEscalation')), each(of('callOperation')), each(of('send')), each(of('throwMessage')), each(of('throwSignal'))]
  if (tasks.length) await createTasks(runtime, call, loader, def, tasks.map(({ effect, instances }) => ({ token: effect.token, element: effect.element, who: effect.who, instances })))
  if (timers.length) await armTimers(runtime, call, loader, def, timers)
  const dropped = each(of('dropIncident'))
  if (dropped.length) await dropIncidents(runtime, call, dropped)
  if (incidents.length) await writeIncidents(runtime, call, incidents)
  if (unheard.length) await writeHistory(runtime.engine, call, unheard.map((e) => ({ def, id: e.instance.record, note: { kind: 'escalation', element: e.element, outcome: e.code, instance: e.instance.id } })))
  if (calls.length) await callOperations(runtime, call, def, calls)
  if (sends.length) await sendAll(runtime, call, loader, def, sends)
  if (messages.length || signals.length) await throwAll(runtime, call, loader, def, messages, signals)
  return written
}

async function dropIncidents(runtime: ProcessRuntime, call: Call, list: (Extract<Effect, { kind: 'dropIncident' }> & { instance: Instance })[]): Promise<void> {
  for (const e of list) await runtime.engine.db.run('UPDATE incidents SET resolved_at = ?, resolved_by = ? WHERE instance_id = ? AND token = ? AND resolved_at IS NULL', [call.now, num(call.actor.userId), Number(e.instance.id), e.token])
}

async function writeIncidents(runtime: ProcessRuntime, call: Call, list: (Extract<Effect, { kind: 'incident' }> & { instance: Instance })[]): Promise<void> {
  for (const e of list) await openIncident(runtime.engine, call.now, e)
}

const OPERATION_BATCH = 100
/** One job per operation and batch: a set of a thousand records is ten jobs, not a thousand. */
async function callOperations(runtime: ProcessRuntime, call: Call, def: EntityDef, calls: (Extract<Effect, { kind: 'callOperation' }> & { instance: Instance })[]): Promise<void> {
  const opened = await openCalls(runtime.engine, call.now, calls)
  for (const list of grouped(calls.map((_, i) => i), (i) => `${calls[i]!.operation}|${calls[i]!.element}`).values()) {
    for (let i = 0; i < list.length; i += OPERATION_BATCH) {
      const part = list.slice(i, i + OPERATION_BATCH)
      const first = calls[part[0]!]!
      await runtime.enqueue('process.operation', {
        operation: first.operation, element: first.element, ...titled(first.instance.process.compiled, first.element), entity: def.id, programme: call.programme.id, actor: call.actor.userId,
        items: part.map((n) => ({ instance: calls[n]!.instance.id, token: calls[n]!.token, call: opened[n]!.call })),
      }, { key: `operation/${opened[part[0]!]!.call}`, createdBy: call.actor.userId || null, org: call.actor.orgId })
    }
  }
}
