import { writeHistory } from '#server/runtime/records/index.ts'
import { advance } from './advance.ts'
import { waits } from './core/index.ts'
import type { ProcessRuntime } from './runtime.ts'
import { openIncident } from './store/incidents.store.ts'
import { loadInstances, type Instance } from './store/instances.store.ts'
import { claimTimer, dueOf, dueTimers, keptAs, postponeTimer, readKept, type DueTimer } from './store/timers.store.ts'
import { factsFor } from '#server/runtime/records/index.ts'

const AGAIN_MS = 10 * 60_000

/**
 * Fires what is due, oldest first: all of one moment, then what is oldest after that, for firing may arm timers that were due in between.
 * Each timer is claimed and its step written in one transaction, so it fires once. One whose step fails becomes an incident and is
 * tried again later; it keeps nobody else waiting. Answers how many have fired.
 */
export async function runTimers(runtime: ProcessRuntime, now: number): Promise<number> {
  let fired = 0
  for (;;) {
    const due = await dueTimers(runtime, now)
    if (due.length === 0) return fired
    for (const t of due) if (await fireOne(runtime, t, now)) fired++
  }
}

async function fireOne(runtime: ProcessRuntime, t: DueTimer, now: number): Promise<boolean> {
  try {
    await runtime.engine.db.tx(async () => {
      if (!(await claimTimer(runtime, t.id, now))) return
      const [instance] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [t.instance] })
      if (!instance || instance.ended) return
      const call = runtime.systemCall(instance.programme, now)
      const def = runtime.engine.registry.entity(call.programme.id, instance.entity)
      await advance(runtime, call, def, [{ instance, event: { kind: 'timer', token: t.token, element: t.element }, note: { kind: 'timer', element: t.element } }])
      await armAgain(runtime, t, instance)
    })
    return true
  } catch (error) {
    await failed(runtime, t, now, error)
    return false
  }
}

/** A cycle goes on from when it was due, as long as its host is there and its count lasts. */
async function armAgain(runtime: ProcessRuntime, t: DueTimer, instance: Instance): Promise<void> {
  const { kind, left, expr } = readKept(t.kept)
  if (kind !== 'cycle' || left === 1 || left === 0) return
  if (!waits(instance.process.compiled, instance.state).some((w) => w.kind === 'timer' && w.element === t.element && w.token === t.token)) return
  const { engine } = runtime
  const call = runtime.systemCall(instance.programme, t.due)
  const loader = factsFor(engine, call)
  const def = engine.registry.entity(call.programme.id, instance.entity)
  const next = await loader.settle(() => dueOf(loader, def, instance.record, kind, expr, t.due))
  if (next === null || next <= t.due) return
  await engine.db.insertMany('timers', ['id', 'instance_id', 'token', 'element', 'due', 'expr', 'reads_json'],
    [[Number(engine.ids.next()), Number(t.instance), t.token, t.element, next, keptAs(kind, expr, left === null ? null : left - 1), '[]']])
}

async function failed(runtime: ProcessRuntime, t: DueTimer, now: number, error: unknown): Promise<void> {
  await runtime.engine.db.tx(async () => {
    await postponeTimer(runtime, t.id, now + AGAIN_MS)
    const [instance] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [t.instance] })
    if (!instance) return
    const message = error instanceof Error ? error.message : String(error)
    const isNew = await openIncident(runtime.engine, now, { instance, token: t.token, element: t.element, code: 'timerFailed', message: `${instance.process.id} ${t.element}: ${message}`, person: `定时步骤“${instance.process.compiled.elements[t.element]?.name || t.element}”执行失败，系统将稍后重试` })
    const call = runtime.systemCall(instance.programme, now)
    if (isNew) await writeHistory(runtime.engine, call, [{ def: runtime.engine.registry.entity(call.programme.id, instance.entity), id: instance.record, note: { kind: 'incident', element: t.element, outcome: 'timerFailed', instance: instance.id } }])
  })
}
