import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { factsFor, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { Effect, EffectDef } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { asFeel, feelNames } from '../store/evaluate.ts'
import type { Instance } from '../store/instances.store.ts'
import { startLater } from './later.store.ts'
import { makeMembers, makeRows, type MakeResult } from './make.ts'
import { BATCH, setMembers, setOwn, setRows } from './set.ts'
import type { EffectSpec } from './spec.ts'

type Apply = Extract<Effect, { kind: 'apply' }>
export interface Applied { instance: Instance; token: number; wait: boolean; later: boolean; made: Record<string, unknown>; names: Record<string, unknown> }

const list = (text: string | undefined): string[] => (text ?? '').split(/[\s,]+/).filter(Boolean)
/** BPMN's extension elements in the shape that actions and imports use as JSON. */
export const specOf = (e: EffectDef): EffectSpec => ({
  id: e.id, values: Object.fromEntries(e.values.map((v) => [v.name, v.expr])),
  ...(e.entity ? { entity: e.entity } : {}), ...(e.where ? { where: e.where } : {}), ...(e.rows ? { rows: e.rows } : {}), ...(e.key ? { key: list(e.key) } : {}),
  ...(e.draw ? { draw: e.draw } : {}), ...(e.order ? { order: e.order.split(',').map((s) => s.trim()).filter(Boolean) } : {}),
  ...(e.into ? { into: e.into } : {}), ...(e.from ? { from: e.from } : {}), ...(e.groupBy ? { groupBy: list(e.groupBy) } : {}), ...(e.link ? { link: e.link } : {}),
  ...(e.onExisting ? { onExisting: e.onExisting as 'skip' | 'update' | 'reject' } : {}),
  unless: Object.fromEntries(e.unless.map((u) => [u.id, { if: u.if, reason: { zh: u.reason } }])),
})

/** Effects of an element or flow, in document order. */
export const effectsOf = (instance: Instance, element: string): EffectDef[] => {
  const { compiled } = instance.process
  return compiled.elements[element]?.effects ?? compiled.flows[element]?.effects ?? []
}
export const isOwn = (e: EffectDef, spec: EffectSpec): boolean => e.kind === 'set' && !spec.entity && !spec.rows

/** Runs set and make of an element or flow in document order; each sees the earlier ones as made.<id>. What is larger than a batch is left to a job. */
export async function applyEffects(runtime: ProcessRuntime, call: Call, def: EntityDef, applies: { instance: Instance; effect: Apply }[]): Promise<Applied[]> {
  const out: Applied[] = []
  const groups = new Map<string, { instance: Instance; effect: Apply }[]>()
  // what an operation answered may be long: it is written out only where there is something to compare it with
  for (const a of applies) { const key = applies.length === 1 ? '' : `${a.effect.element}|${JSON.stringify(a.effect.names)}`; groups.set(key, [...(groups.get(key) ?? []), a]) }
  for (const group of groups.values()) {
    const { effect, instance } = group[0]!
    const effects = effectsOf(instance, effect.element)
    const made: Record<string, unknown>[] = group.map(() => ({}))
    const later = new Set<number>()
    for (const [index, e] of effects.entries()) {
      const spec = specOf(e)
      const open = group.map((_, n) => n).filter((n) => !later.has(n))
      if (isOwn(e, spec)) { await setOwn(runtime, call, def, open.map((n) => group[n]!.instance.record), spec, feelNames(effect.names)); continue }
      for (const n of open) {
        const { instance: at, effect: own } = group[n]!
        if (own.wait && isLong(spec, effect.names)) { later.add(n); await startLater(runtime, call, def, at, own, index, made[n]!); continue }
        const names = namesFor(def, at.record, effect.names, made[n]!)
        const members = await membersOf(factsFor(runtime.engine, call), def, e, spec, names, BATCH + 1)
        if (members.length > BATCH && own.wait) { later.add(n); await startLater(runtime, call, def, at, own, index, made[n]!); continue }
        const result: MakeResult = e.kind === 'make' ? await makeRows(runtime.engine, call, def, spec, names, members) : await setRows(runtime.engine, call, def, spec, names, members)
        made[n]![e.id] = summary(result)
      }
    }
    group.forEach((g, n) => out.push({ instance: g.instance, token: g.effect.token, wait: g.effect.wait, later: later.has(n), made: made[n]!, names: g.effect.names }))
  }
  return out
}

/** Rows that an operation gave back are counted as they are; as FEEL sees them they would take several times the room. */
function isLong({ rows }: EffectSpec, names: Record<string, unknown>): boolean {
  const [name, key, ...more] = rows?.trim().split('.') ?? []
  const value = name === undefined || key === undefined || more.length > 0 ? undefined : (names[name] as Record<string, unknown> | null | undefined)?.[key]
  return Array.isArray(value) && value.length > BATCH
}

/** What FEEL sees while effects of a record run. */
export const namesFor = (def: EntityDef, record: string, names: Record<string, unknown>, made: Record<string, unknown>): Record<string, FeelValue> =>
  ({ ...feelNames(names), made: asFeel(made), record: { $: 'row', entity: def.id, id: record } })
export const membersOf = (loader: FactLoader, def: EntityDef, e: EffectDef, spec: EffectSpec, names: Record<string, FeelValue>, most?: number): Promise<FeelValue[]> =>
  e.kind === 'make' ? makeMembers(loader, def, spec.from, names, most) : setMembers(loader, def, spec, names, most)

/** Counts and reasons; the ids themselves stay out of process state. */
export const summary = (r: MakeResult): Record<string, unknown> => ({
  made: r.made.length, skipped: r.skipped, refusedCount: r.refused.length, ...(r.made.length === 1 ? { id: r.made[0] } : {}),
  refused: Object.entries(countBy(r.refused.map((x) => x.reason))).map(([reason, count]) => ({ reason, count })),
})
const countBy = (items: string[]): Record<string, number> => items.reduce<Record<string, number>>((a, k) => ({ ...a, [k]: (a[k] ?? 0) + 1 }), {})
