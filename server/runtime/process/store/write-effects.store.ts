import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { isRow, recordScope, writeHistory, type FactLoader } from '#server/runtime/records/index.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import { namesOfToken, signatureAt, type Effect } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { sendAll } from '../effects/send.ts'
import { throwAll } from '../effects/throw.ts'
import { closeCalls, openCalls } from './calls.store.ts'
import { asFeel, feelNames } from './evaluate.ts'
import { isClaimable, rolesAsked } from '../work/move-defs.ts'
import { openIncident } from './incidents.store.ts'
import { dueOf, keptAs, NOT_DUE, repeats, timerReads } from './timers.store.ts'
import type { Instance } from './instances.store.ts'

export interface Went { instance: Instance; effects: Effect[]; renumbered: { from: number; to: number }[] }
export interface Written { statuses: Map<string, string>; byRecord: Map<string, string> }

interface Held { instance: Instance; token: number; element: string }
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

/** Closes rows of many instances with one statement per token, element and outcome. */
async function close(runtime: ProcessRuntime, table: 'tasks' | 'timers', set: string, open: string, held: (Held & { values: SqlValue[] })[]): Promise<void> {
  for (const list of grouped(held, (h) => JSON.stringify([h.token, h.element, h.values])).values()) {
    const { token, element, values } = list[0]!
    for (let i = 0; i < list.length; i += 2000) {
      const where = runtime.engine.db.idsIn('instance_id', list.slice(i, i + 2000).map((h) => h.instance.id))
      await runtime.engine.db.run(`UPDATE ${table} SET ${set} WHERE ${where.sql} AND token = ? AND element = ? AND ${open} IS NULL`, [...values, ...where.params, token, element])
    }
  }
}

async function renumber(runtime: ProcessRuntime, went: Went[]): Promise<void> {
  for (const w of went) {
    if (w.renumbered.length === 0) continue
    for (const [table, open] of [['tasks', 'completed_at'], ['timers', 'fired_at'], ['incidents', 'resolved_at'], ['process_calls', '1']] as const) {
      const still = open === '1' ? '' : ` AND ${open} IS NULL`
      for (const r of w.renumbered) await runtime.engine.db.run(`UPDATE ${table} SET token = ? WHERE instance_id = ? AND token = ?${still}`, [-r.to, Number(w.instance.id), r.from])
      await runtime.engine.db.run(`UPDATE ${table} SET token = -token WHERE instance_id = ? AND token < 0`, [Number(w.instance.id)])
    }
  }
}

const idOf = (v: FeelValue): number | null => (isRow(v) ? Number(v.id) : v === null ? null : num(String(fromFeel(v, { kind: 'string' }))))
const personOf = (v: FeelValue): FeelValue => (isRow(v) && v.entity === 'core/user' ? v : null)

async function createTasks(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, held: (Held & { who?: unknown })[]): Promise<void> {
  const { registry, programme } = loader.context
  const around = held.map((h) => feelNames(namesOfToken(h.instance.state, h.token)))
  const ask = (names: Record<string, FeelValue>, h: Held, text: string | undefined): FeelValue => (text === undefined ? null
    : registry.expression(programme.id, text, recordScope(def)).evaluate(loader.scope({ record: { $: 'row', entity: def.id, id: h.instance.record }, item: null, old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null, ...names })))
  const asked = await loader.settleAll(held, (h, i) => {
    const el = h.instance.process.compiled.elements[h.element]!
    const names = around[i]!
    // a signature is for the person asked; a task that can be claimed comes back to whose it was
    const signs = signatureAt(h.instance.process.compiled, h.instance.state, h.token) !== null
    const given = h.who !== undefined && (signs || isClaimable(el))
    // a task of a list of people is each one's own
    const assignee = given ? asFeel(h.who) : el.assignee === undefined ? personOf(names['each'] ?? null) : ask(names, h, el.assignee)
    return { org: ask(names, h, el.org), due: ask(names, h, el.due), assignee: idOf(assignee), claimed: given && !signs, roles: signs ? rolesAsked(el) : el.role ?? [] }
  })
  await runtime.engine.db.insertMany('tasks', ['id', 'instance_id', 'token', 'element', 'entity', 'record_id', 'program', 'role', 'org', 'assignee', 'due', 'created_at', 'claimed_at'],
    held.map((h, i) => {
      const { org, due, assignee, claimed, roles } = asked[i]!
      const at = due === null ? null : Date.parse(String(fromFeel(due, { kind: 'date-time' })))
      return [Number(runtime.engine.ids.next()), Number(h.instance.id), h.token, h.element, def.id, Number(h.instance.record), h.instance.programme, roles.join(','),
        idOf(org), assignee, Number.isFinite(at) ? at : null, call.now, claimed ? call.now : null]
    }))
}

async function armTimers(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, armed: (Held & { timer: 'date' | 'duration' | 'cycle'; expr: string })[]): Promise<void> {
  const dues = await loader.settleAll(armed, (t) => dueOf(loader, def, t.instance.record, t.timer, t.expr, call.now))
  await runtime.engine.db.insertMany('timers', ['id', 'instance_id', 'token', 'element', 'due', 'expr', 'reads_json'],
    armed.map((t, i) => [Number(runtime.engine.ids.next()), Number(t.instance.id), t.token, t.element, dues[i] ?? NOT_DUE, keptAs(t.timer, t.expr, t.timer === 'cycle' ? repeats(t.expr) : null), timerReads(loader, def, t.expr)]))
}

async function setStatuses(runtime: ProcessRuntime, call: Call, def: EntityDef, statuses: Map<string, { record: string; value: string }>): Promise<void> {
  for (const [value, list] of grouped([...statuses.values()], (s) => s.value)) {
    const records = list.map((s) => s.record)
    for (let i = 0; i < records.length; i += 2000) {
      const where = runtime.engine.db.idsIn('id', records.slice(i, i + 2000))
      await runtime.engine.db.run(`UPDATE ${def.table} SET status = ?, rev = rev + 1, updated_at = ? WHERE ${where.sql}`, [value, call.now, ...where.params])
    }
  }
}

/** Tasks, timers, statuses, incidents, operation jobs, messages and notices that a set of steps asked for. */
export async function writeEffects(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, went: Went[]): Promise<Written> {
  const all = grouped(went.flatMap((w) => w.effects.map((e) => ({ instance: w.instance, ...e }))), (e) => e.kind)
  const of = <K extends Effect['kind']>(kind: K) => (all.get(kind) ?? []) as ({ instance: Instance } & Extract<Effect, { kind: K }>)[]
  await close(runtime, 'tasks', 'completed_at = ?, completed_by = ?, outcome = ?', 'completed_at', of('completeTask').map((c) => ({ ...c, values: [call.now, num(call.actor.userId), c.outcome] })))
  await close(runtime, 'tasks', 'completed_at = ?', 'completed_at', of('cancelTask').map((c) => ({ ...c, values: [call.now] })))
  await close(runtime, 'timers', 'fired_at = ?', 'fired_at', of('cancelTimer').map((c) => ({ ...c, values: [call.now] })))
  await closeCalls(runtime.engine, of('abandon'))
  await renumber(runtime, went)
  const statuses = new Map(of('status').map((s) => [s.instance.id, { record: s.instance.record, value: s.value }]))
  await setStatuses(runtime, call, def, statuses)
  await createTasks(runtime, call, loader, def, of('createTask'))
  await armTimers(runtime, call, loader, def, of('armTimer'))
  await dropIncidents(runtime, call, of('dropIncident'))
  await writeIncidents(runtime, call, of('incident'))
  const unheard = of('uncaughtEscalation')
  if (unheard.length) await writeHistory(runtime.engine, call, unheard.map((e) => ({ def, id: e.instance.record, note: { kind: 'escalation', element: e.element, outcome: e.code, instance: e.instance.id } })))
  await callOperations(runtime, call, def, of('callOperation'))
  await sendAll(runtime, call, loader, def, of('send'))
  await throwAll(runtime, call, loader, def, of('throwMessage'), of('throwSignal'))
  return { statuses: new Map([...statuses].map(([i, s]) => [i, s.value])), byRecord: new Map([...statuses.values()].map((s) => [s.record, s.value])) }
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
        operation: first.operation, element: first.element, entity: def.id, programme: call.programme.id, actor: call.actor.userId,
        items: part.map((n) => ({ instance: calls[n]!.instance.id, token: calls[n]!.token, call: opened[n]!.call })),
      }, { key: `operation/${opened[part[0]!]!.call}`, createdBy: call.actor.userId || null, org: call.actor.orgId })
    }
  }
}
