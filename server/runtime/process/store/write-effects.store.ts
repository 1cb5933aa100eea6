import type { EntityDef } from '#server/runtime/definitions/model.ts'
import { isRow, recordScope, updateMany, type FactLoader } from '#server/runtime/records/index.ts'
import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import type { Effect } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { sendAll } from '../effects/send.ts'
import { dueOf, timerReads } from './timers.store.ts'
import type { Instance } from './instances.store.ts'

export interface Went { instance: Instance; effects: Effect[]; renumbered: { from: number; to: number }[] }
export interface Written { statuses: Map<string, string>; byRecord: Map<string, string> }

interface Held { instance: Instance; token: number; element: string }
const num = (id: string | null | undefined): number | null => (id ? Number(id) : null)

async function close(runtime: ProcessRuntime, table: 'tasks' | 'timers', column: string, now: number, held: Held[]): Promise<void> {
  for (const h of held)
    await runtime.engine.db.run(`UPDATE ${table} SET ${column} = ? WHERE instance_id = ? AND token = ? AND element = ? AND ${column} IS NULL`, [now, Number(h.instance.id), h.token, h.element])
}

async function renumber(runtime: ProcessRuntime, went: Went[]): Promise<void> {
  for (const w of went) {
    if (w.renumbered.length === 0) continue
    for (const [table, open] of [['tasks', 'completed_at'], ['timers', 'fired_at']] as const) {
      for (const r of w.renumbered) await runtime.engine.db.run(`UPDATE ${table} SET token = ? WHERE instance_id = ? AND token = ? AND ${open} IS NULL`, [-r.to, Number(w.instance.id), r.from])
      await runtime.engine.db.run(`UPDATE ${table} SET token = -token WHERE instance_id = ? AND token < 0`, [Number(w.instance.id)])
    }
  }
}

async function createTasks(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, held: Held[]): Promise<void> {
  const { registry, programme } = loader.context
  const ask = (h: Held, text: string | undefined): FeelValue => (text === undefined ? null
    : registry.expression(programme.id, text, recordScope(def)).evaluate(loader.scope({ record: { $: 'row', entity: def.id, id: h.instance.record }, item: null, old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null })))
  const asked = await loader.settleAll(held, (h) => {
    const el = h.instance.process.compiled.elements[h.element]!
    return { org: ask(h, el.org), due: ask(h, el.due) }
  })
  await runtime.engine.db.insertMany('tasks', ['id', 'instance_id', 'token', 'element', 'entity', 'record_id', 'program', 'role', 'org', 'assignee', 'due', 'created_at'],
    held.map((h, i) => {
      const el = h.instance.process.compiled.elements[h.element]!
      const { org, due } = asked[i]!
      const at = due === null ? null : Date.parse(String(fromFeel(due, { kind: 'date-time' })))
      return [Number(runtime.engine.ids.next()), Number(h.instance.id), h.token, h.element, def.id, Number(h.instance.record), h.instance.programme, (el.role ?? []).join(','),
        isRow(org) ? Number(org.id) : org === null ? null : num(String(fromFeel(org, { kind: 'string' }))), null, Number.isFinite(at) ? at : null, call.now]
    }))
}

async function armTimers(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, armed: (Held & { timer: 'date' | 'duration' | 'cycle'; expr: string })[]): Promise<void> {
  const dues = await loader.settleAll(armed, (t) => dueOf(loader, def, t.instance.record, t.timer, t.expr, call.now))
  const rows = armed.flatMap((t, i) => (dues[i] === null ? [] : [[Number(runtime.engine.ids.next()), Number(t.instance.id), t.token, t.element, dues[i]!, `${t.timer}|${t.expr}`, timerReads(loader, def, t.expr)]]))
  await runtime.engine.db.insertMany('timers', ['id', 'instance_id', 'token', 'element', 'due', 'expr', 'reads_json'], rows)
}

async function setStatuses(runtime: ProcessRuntime, call: Call, def: EntityDef, statuses: Map<string, { record: string; value: string }>): Promise<void> {
  await runtime.engine.db.tx(async () => {
    for (const [instance, s] of statuses)
      await runtime.engine.db.run(`UPDATE ${def.table} SET status = ?, process_id = ?, rev = rev + 1, updated_at = ? WHERE id = ?`, [s.value, Number(instance), call.now, Number(s.record)])
  })
}

/** Tasks, timers, statuses, incidents, operation jobs, messages and notices that a set of steps asked for. */
export async function writeEffects(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, went: Went[]): Promise<Written> {
  const of = <K extends Effect['kind']>(kind: K) => went.flatMap((w) => w.effects.flatMap((e) => (e.kind === kind ? [{ instance: w.instance, ...(e as Extract<Effect, { kind: K }>) }] : [])))
  for (const c of of('completeTask'))
    await runtime.engine.db.run('UPDATE tasks SET completed_at = ?, completed_by = ?, outcome = ? WHERE instance_id = ? AND token = ? AND element = ? AND completed_at IS NULL',
      [call.now, num(call.actor.userId), c.outcome, Number(c.instance.id), c.token, c.element])
  await close(runtime, 'tasks', 'completed_at', call.now, of('cancelTask'))
  await close(runtime, 'timers', 'fired_at', call.now, of('cancelTimer'))
  await renumber(runtime, went)
  const statuses = new Map(of('status').map((s) => [s.instance.id, { record: s.instance.record, value: s.value }]))
  await setStatuses(runtime, call, def, statuses)
  await createTasks(runtime, call, loader, def, of('createTask'))
  await armTimers(runtime, call, loader, def, of('armTimer'))
  await writeIncidents(runtime, call, def, of('incident'))
  await callOperations(runtime, call, def, of('callOperation'))
  await sendAll(runtime, call, loader, def, of('send'))
  for (const m of of('throwMessage')) await runtime.enqueue('process.message', { instance: m.instance.id, name: m.name }, { key: `message/${m.instance.id}/${m.element}/${m.instance.rev}` })
  return { statuses: new Map([...statuses].map(([i, s]) => [i, s.value])), byRecord: new Map([...statuses.values()].map((s) => [s.record, s.value])) }
}

async function writeIncidents(runtime: ProcessRuntime, call: Call, def: EntityDef, list: (Extract<Effect, { kind: 'incident' }> & { instance: Instance })[]): Promise<void> {
  await runtime.engine.db.insertMany('incidents', ['id', 'instance_id', 'token', 'element', 'entity', 'record_id', 'program', 'code', 'message', 'detail', 'created_at'],
    list.map((e) => [Number(runtime.engine.ids.next()), Number(e.instance.id), e.token, e.element, def.id, Number(e.instance.record), e.instance.programme, e.code.slice(0, 60), e.message, JSON.stringify({ person: e.person }), call.now]))
}

const OPERATION_BATCH = 100
/** One job per operation and batch: a set of a thousand records is ten jobs, not a thousand. */
async function callOperations(runtime: ProcessRuntime, call: Call, def: EntityDef, calls: (Extract<Effect, { kind: 'callOperation' }> & { instance: Instance })[]): Promise<void> {
  const groups = new Map<string, typeof calls>()
  for (const c of calls) groups.set(`${c.operation}|${c.element}`, [...(groups.get(`${c.operation}|${c.element}`) ?? []), c])
  for (const list of groups.values()) {
    for (let i = 0; i < list.length; i += OPERATION_BATCH) {
      const part = list.slice(i, i + OPERATION_BATCH)
      const first = part[0]!
      await runtime.enqueue('process.operation', {
        operation: first.operation, element: first.element, entity: def.id, programme: call.programme.id, actor: call.actor.userId,
        items: part.map((c) => ({ instance: c.instance.id, token: c.token })),
      }, { key: `operation/${first.instance.id}/${first.token}/${first.element}/${first.instance.rev}`, createdBy: call.actor.userId || null, org: call.actor.orgId })
    }
  }
}
export { updateMany }
