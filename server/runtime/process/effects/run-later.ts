import { actorOf } from '#server/runtime/accounts/index.ts'
import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { factsFor, feelToJson, isRow } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import { createPace, unhurried, type Pace } from '../../jobs/index.ts'
import { advance } from '../advance.ts'
import type { EffectDef } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { closeCalls, stillOpen, type OpenCall } from '../store/calls.store.ts'
import { stagedCount, stagedRows, stageRows, unstage } from '../store/staged.store.ts'
import { asFeel } from '../store/evaluate.ts'
import { loadInstances, type Instance } from '../store/instances.store.ts'
import { effectsOf, isOwn, membersOf, namesFor, specOf } from './apply.ts'
import type { LaterDetail, LaterPayload } from './later.store.ts'
import { groupedMembers, makeRows, type MakeResult } from './make.ts'
import { EffectRefused } from './refused.ts'
import { setOwn, setRows } from './set.ts'
import type { EffectSpec } from './spec.ts'

/** The part of a job that this needs: rows, checkpoint and progress commit together. */
export interface Batches {
  checkpoint: unknown
  commit(fn: () => Promise<{ checkpoint: never; done?: number; total?: number }>): Promise<void>
}
export interface Sum { made: number; skipped: number; refused: Record<string, number>; id?: string }
/** position -1 = the members of the effect are not written down yet */
interface At { effect: number; list: string; position: number; total: number; sums: Record<string, Sum>; ended?: boolean }
interface Work { runtime: ProcessRuntime; call: Call; def: EntityDef; open: OpenCall; detail: LaterDetail; instance: Instance }
class Void extends Error {}

const STAGE = 10_000
const next = (at: At, more: Partial<At>): { checkpoint: never; done: number; total: number } => { const c = { ...at, ...more }; return { checkpoint: c as never, done: Math.max(0, c.position), total: c.total } }

/**
 * Works through the effects of one waiting token. First the members are written down in order, then they are changed batch by batch:
 * rows, history and checkpoint commit together, so that a crash loses and repeats nothing. At the end the token goes on.
 */
export async function runLater(runtime: ProcessRuntime, payload: LaterPayload, job: Batches, now: number): Promise<{ void: boolean; sums: Record<string, Sum> }> {
  // of its own: writing members down is so much faster that it would teach the job batches that hold the lock for seconds
  const pace = createPace({ start: 200, min: 100, max: 10_000, targetMs: unhurried(runtime.engine.db) })
  for (;;) {
    const work = await workOf(runtime, payload, now)
    if (!work) return { void: true, sums: {} }
    const at = (job.checkpoint as At | null) ?? { effect: work.detail.from, list: '', position: -1, total: 0, sums: {} }
    if (at.ended) return { void: false, sums: at.sums }
    const effect = effectsOf(work.instance, work.detail.element)[at.effect]
    try {
      if (!effect) { await job.commit(() => finish(work, at)); return { void: false, sums: at.sums } }
      if (isOwn(effect, specOf(effect))) await job.commit(() => own(work, effect, at))
      else if (at.position < 0) await writeDown(work, effect, at, job)
      else await job.commit(() => batch(work, effect, at, pace))
    } catch (error) {
      if (error instanceof Void) return { void: true, sums: at.sums }
      if (!(error instanceof EffectRefused)) throw error
      await job.commit(async () => { await stopWork(work, error.message); return next(at, { ended: true }) })
      return { void: false, sums: at.sums }
    }
  }
}

/** The job was given up: its token becomes an incident, so that somebody sees it and can try again. What was done stays. */
export async function giveUpLater(runtime: ProcessRuntime, payload: LaterPayload, reason: string, now: number): Promise<void> {
  const work = await workOf(runtime, payload, now)
  if (work) await stopWork(work, reason)
}

async function workOf(runtime: ProcessRuntime, payload: LaterPayload, now: number): Promise<Work | null> {
  const open = (await stillOpen(runtime.engine, [payload.call])).get(payload.call)
  const [instance] = open ? await loadInstances(runtime.engine, runtime.catalogue, { ids: [open.instance] }) : []
  if (!open || !instance || instance.ended) return null
  const detail = open.detail as LaterDetail
  const system = runtime.systemCall(payload.programme, detail.now || now)
  const actor = detail.actor.user ? await actorOf(runtime.engine, payload.programme, { id: detail.actor.user }, { role: detail.actor.role }) : null
  return { runtime, call: actor ? { ...system, actor } : system, def: runtime.engine.registry.entity(payload.programme, payload.entity), open, detail, instance }
}
/** Inside each commit: somebody may have interrupted the token since. */
async function assertOpen({ runtime, open }: Work): Promise<void> {
  if (!(await stillOpen(runtime.engine, [open.call])).has(open.call)) throw new Void('interrupted')
}

const stagedPath = (work: Work, spec: EffectSpec): string | undefined => (spec.rows ? work.detail.staged[spec.rows.trim()] : undefined)

/** Names as FEEL sees them; a long list comes back into memory only for an expression that reads it as a whole. */
async function namesOf(work: Work, spec: EffectSpec, at: At): Promise<Record<string, FeelValue>> {
  const names = structuredClone(work.detail.names) as Record<string, Record<string, unknown>>
  const texts = JSON.stringify([spec.values, spec.where, spec.from, spec.unless, stagedPath(work, spec) ? '' : spec.rows])
  for (const [path, list] of Object.entries(work.detail.staged)) {
    if (!texts.includes(path)) continue
    const [name = '', key = ''] = path.split('.')
    ;(names[name] ??= {})[key] = (await stagedRows(work.runtime.engine, work.open.call, list, 0, await stagedCount(work.runtime.engine, work.open.call, list))).map((r) => r.data)
  }
  return namesFor(work.def, work.instance.record, names, { ...work.detail.made, ...summaries(at.sums) })
}

async function own(work: Work, effect: EffectDef, at: At) {
  await assertOpen(work)
  const spec = specOf(effect)
  const { record: _record, ...names } = await namesOf(work, spec, at)
  await setOwn(work.runtime, work.call, work.def, [work.instance.record], spec, names)
  return next(at, { effect: at.effect + 1, position: -1 })
}

async function writeDown(work: Work, effect: EffectDef, at: At, job: Batches): Promise<void> {
  const { engine } = work.runtime
  const spec = specOf(effect)
  const ready = stagedPath(work, spec)
  if (ready) return job.commit(async () => { await assertOpen(work); return next(at, { list: ready, position: 0, total: await stagedCount(engine, work.open.call, ready) }) })
  const list = `effect${at.effect}`
  const rows = await membersInOrder(work, effect, spec, await namesOf(work, spec, at))
  await job.commit(async () => { await assertOpen(work); await unstage(engine, work.open.call, list); return next(at, { total: rows.length }) })
  for (let i = 0; i < rows.length; i += STAGE) await job.commit(async () => { await assertOpen(work); await stageRows(engine, work.open.call, list, i, rows.slice(i, i + STAGE)); return next(at, { total: rows.length }) })
  await job.commit(async () => { await assertOpen(work); return next(at, { list, position: 0, total: rows.length }) })
}

/** Members as they are written down; those of one group stand together, so that no group is cut. */
async function membersInOrder(work: Work, effect: EffectDef, spec: EffectSpec, names: Record<string, FeelValue>): Promise<{ data: unknown; grp: number }[]> {
  const { engine } = work.runtime
  const data = (item: FeelValue): unknown => (isRow(item) ? { id: item.id, entity: item.entity } : { value: feelToJson(item) })
  if (effect.kind !== 'make' || !spec.groupBy?.length) return (await membersOf(factsFor(engine, work.call), work.def, effect, spec, names)).map((item) => ({ data: data(item), grp: 0 }))
  const rows = (await groupedMembers(engine, work.call, work.def, spec, names)).map(({ item, group }) => ({ data: data(item), grp: group }))
  return rows.sort((a, b) => a.grp - b.grp)
}

const toMember = (data: unknown, raw: boolean): FeelValue => {
  if (raw) return asFeel(data)
  const d = data as { id?: string; entity?: string; value?: unknown }
  return d.id !== undefined ? { $: 'row', entity: d.entity!, id: d.id } : asFeel(d.value)
}

async function batch(work: Work, effect: EffectDef, at: At, pace: Pace) {
  await assertOpen(work)
  const { engine } = work.runtime
  const spec = specOf(effect)
  const rows = await stagedRows(engine, work.open.call, at.list, at.position, pace.size)
  if (rows.length === 0) return next(at, { effect: at.effect + 1, position: -1, sums: { ...at.sums, [effect.id]: at.sums[effect.id] ?? { made: 0, skipped: 0, refused: {} } } })
  const members = rows.map((r) => toMember(r.data, !at.list.startsWith('effect')))
  const names = await namesOf(work, spec, at)
  const result = effect.kind === 'make' ? await makeRows(engine, work.call, work.def, spec, names, members, spec.groupBy?.length ? new Map(members.map((m, i) => [m, rows[i]!.grp])) : undefined) : await setRows(engine, work.call, work.def, spec, names, members)
  await engine.db.tx(async (t) => pace.learn(t.age()))
  return next(at, { position: rows.at(-1)!.position + 1, sums: { ...at.sums, [effect.id]: add(at.sums[effect.id], result) } })
}

function add(sum: Sum = { made: 0, skipped: 0, refused: {} }, r: MakeResult): Sum {
  const refused = { ...sum.refused }
  for (const x of r.refused) refused[x.reason] = (refused[x.reason] ?? 0) + 1
  const made = sum.made + r.made.length
  return { made, skipped: sum.skipped + r.skipped, refused, ...(made === 1 ? { id: sum.id ?? r.made[0]! } : {}) }
}
const summaries = (sums: Record<string, Sum>): Record<string, unknown> => Object.fromEntries(Object.entries(sums).map(([id, s]) => [id, {
  made: s.made, skipped: s.skipped, refusedCount: Object.values(s.refused).reduce((n, c) => n + c, 0), refused: Object.entries(s.refused).map(([reason, count]) => ({ reason, count })), ...(s.id ? { id: s.id } : {}),
}]))

async function finish(work: Work, at: At) {
  await assertOpen(work)
  const { runtime, call, def, open, detail, instance } = work
  await closeCalls(runtime.engine, [{ instance, token: open.token, element: open.element }])
  const [fresh] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [instance.id] })
  const [moved] = await advance(runtime, call, def, [{ instance: fresh!, event: { kind: 'effectDone', token: open.token, result: { ...detail.made, ...summaries(at.sums) }, names: detail.names } }])
  if (moved?.refusal) throw new Error(moved.refusal.message)
  return next(at, { ended: true })
}

/** A record that breaks a rule stops the set: what is done stays, the rest waits for somebody to mend it and retry. */
async function stopWork(work: Work, reason: string): Promise<void> {
  await assertOpen(work)
  const { runtime, call, def, open, instance } = work
  await closeCalls(runtime.engine, [{ instance, token: open.token, element: open.element }])
  const [fresh] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [instance.id] })
  await advance(runtime, call, def, [{ instance: fresh!, event: { kind: 'operationResult', token: open.token, error: { code: 'effectRefused', message: reason } } }])
}
