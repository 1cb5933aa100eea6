import type { ProcessRuntime } from './runtime.ts'
import { advance } from './advance.ts'
import { loadInstances } from './store/instances.store.ts'
import { claimTimer, dueTimers } from './store/timers.store.ts'

/**
 * Fires what is due, oldest first. Each timer is claimed and its step written in one transaction, so it fires once.
 * `now` of the step is the timer's due time or later: what it does is dated when it should have happened only in its due, never in history.
 */
export async function runTimers(runtime: ProcessRuntime, now: number): Promise<number> {
  let fired = 0
  for (;;) {
    const due = await dueTimers(runtime, now)
    if (due.length === 0) return fired
    for (const t of due) {
      await runtime.engine.db.tx(async () => {
        if (!(await claimTimer(runtime, t.id, now))) return
        const [instance] = await loadInstances(runtime.engine, runtime.catalogue, { ids: [t.instance] })
        if (!instance || instance.ended) return
        const call = runtime.systemCall(instance.programme, now)
        const def = runtime.engine.registry.entity(call.programme.id, instance.entity)
        await advance(runtime, call, def, [{ instance, event: { kind: 'timer', token: t.token, element: t.element }, note: { kind: 'timer', element: t.element } }])
      })
      fired++
    }
  }
}
