import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Draft, FactLoader, ProcessHooks } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { advance } from './advance.ts'
import { isRefusal, start, waits } from './core/index.ts'
import type { ProcessRuntime } from './runtime.ts'
import { loadInstances, waitsOf, type Instance } from './store/instances.store.ts'
import { factsMoved } from './store/listen.ts'
import { rearm } from './store/timers.store.ts'
import { mayWork } from './work/may-work.ts'
import { taskHolders } from './work/offers.ts'

/** What records and their processes tell each other. */
export function processHooks(runtime: ProcessRuntime): ProcessHooks {
  return {
    async isDraft(call, def, ids) {
      const process = runtime.catalogue.of(call.programme, def)
      if (!process) return new Set()
      if (ids === null) {
        const begun = start(process.compiled, { kind: 'start' }, () => null)
        const first = isRefusal(begun) ? [] : waits(process.compiled, begun.state)
        return new Set(first.some((w) => w.kind === 'task' && process.compiled.elements[w.element]?.draft) ? [''] : [])
      }
      const instances = await loadInstances(runtime.engine, runtime.catalogue, { def, records: ids })
      return new Set(instances.filter((i) => waitsOf(i).some((w) => w.kind === 'task' && i.process.compiled.elements[w.element]?.draft)).map((i) => i.record))
    },
    everEditable(call, def) {
      return Object.values(runtime.catalogue.of(call.programme, def)?.compiled.elements ?? {}).flatMap((e) => (e.edit ? [e.edit] : []))
    },
    async editable(call, _loader, def, ids) {
      const out = new Map<string, { fields: string[]; delete: boolean }>()
      if (!runtime.catalogue.of(call.programme, def) || ids.length === 0) return out
      const instances = await loadInstances(runtime.engine, runtime.catalogue, { def, records: ids })
      const personal = instances.filter((i) => Object.values(i.process.compiled.elements).some((e) => e.edit && (e.assignee ?? e.loop)))
      const holders = personal.length ? await taskHolders(runtime, personal) : new Map<string, never>()
      for (const instance of instances) {
        const held = { fields: [] as string[], delete: false }
        for (const wait of waitsOf(instance)) {
          const el = instance.process.compiled.elements[wait.element]
          if (!el || !mayWork(call, el, null, holders.get(`${instance.id}|${wait.token}|${wait.element}`)?.assignee ?? null)) continue
          if (el.edit) held.fields.push(...(held.fields.length && el.edit.includes('*') ? [] : el.edit))
          held.delete ||= el.delete === true
        }
        out.set(instance.record, held)
      }
      return out
    },
    async created(call, _loader, def, drafts) {
      await factsMoved(runtime, call, def, drafts.map((d) => d.id), advance)
      const process = runtime.catalogue.of(call.programme, def)
      if (!process) return
      const [state, event] = [{ marking: { tokens: [], scopes: [], next: 1 }, variables: {} }, { kind: 'start' } as const]
      const instances = drafts.map((d): Instance => ({ id: runtime.engine.ids.next(), record: d.id, entity: def.id, programme: call.programme.id, process, state, rev: 1, ended: false, fresh: true }))
      const moved = await advance(runtime, call, def, instances.map((instance) => ({ instance, event })), drafts)
      const stuck = moved.find((m) => m.refusal)
      if (stuck) throw new Error(`process ${process.id} cannot start: ${stuck.refusal!.message}`)
    },
    async changed(call: Call, loader: FactLoader, def: EntityDef, drafts: Draft[]) {
      const ids = drafts.map((d) => d.id)
      await factsMoved(runtime, call, def, ids, advance)
      const process = runtime.catalogue.of(call.programme, def)
      if (!process) return
      await rearm(runtime, call, loader, def, ids)
      const listens = Object.values(process.compiled.elements).some((e) => e.event === 'conditional')
      if (!listens) return
      const instances = (await loadInstances(runtime.engine, runtime.catalogue, { def, records: ids })).filter((i) => !i.ended && waitsOf(i).some((w) => w.kind === 'conditional'))
      if (instances.length) await advance(runtime, call, def, instances.map((instance) => ({ instance, event: { kind: 'changed' } })), drafts)
    },
    async removed(call, def, ids) {
      const { db } = runtime.engine
      await factsMoved(runtime, call, def, ids, advance)
      const where = db.idsIn('record_id', ids)
      const rows = await db.all<{ id: number }>(`SELECT id FROM process_instances WHERE entity = ? AND ${where.sql}`, [def.id, ...where.params])
      if (rows.length === 0) return
      const own = db.idsIn('instance_id', rows.map((r) => r.id))
      for (const table of ['tasks', 'timers', 'incidents', 'process_calls']) await db.run(`DELETE FROM ${table} WHERE ${own.sql}`, own.params)
      await db.run(`DELETE FROM process_instances WHERE entity = ? AND ${where.sql}`, [def.id, ...where.params])
    },
  }
}
