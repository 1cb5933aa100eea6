import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import type { Effect, EffectDef } from '../core/index.ts'
import type { ProcessRuntime } from '../runtime.ts'
import { asFeel } from '../store/evaluate.ts'
import type { Instance } from '../store/instances.store.ts'
import { makeRows, type MakeResult } from './make.ts'
import { setOwn, setRows } from './set.ts'
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

/** Runs set and make of an element or flow in document order; each sees the earlier ones as made.<id>. */
export async function applyEffects(runtime: ProcessRuntime, call: Call, def: EntityDef, applies: { instance: Instance; effect: Apply }[]): Promise<Applied[]> {
  const out: Applied[] = []
  const groups = new Map<string, { instance: Instance; effect: Apply }[]>()
  for (const a of applies) groups.set(`${a.effect.element}|${JSON.stringify(a.effect.names)}`, [...(groups.get(`${a.effect.element}|${JSON.stringify(a.effect.names)}`) ?? []), a])
  for (const group of groups.values()) {
    const { effect, instance } = group[0]!
    const compiled = instance.process.compiled
    const effects = compiled.elements[effect.element]?.effects ?? compiled.flows[effect.element]?.effects ?? []
    const made: Record<string, unknown>[] = group.map(() => ({}))
    for (const e of effects) {
      const spec = specOf(e)
      if (e.kind === 'set' && !spec.entity && !spec.rows) { await setOwn(runtime, call, def, group.map((g) => g.instance.record), spec, feelNames(effect.names)); continue }
      for (const [n, g] of group.entries()) {
        const names = { ...feelNames(effect.names), made: asFeel(made[n]), record: { $: 'row', entity: def.id, id: g.instance.record } as FeelValue }
        const result: MakeResult = e.kind === 'make' ? await makeRows(runtime.engine, call, def, spec, names) : await setRows(runtime.engine, call, def, spec, names)
        made[n]![e.id] = summary(result)
      }
    }
    group.forEach((g, n) => out.push({ instance: g.instance, token: g.effect.token, wait: g.effect.wait, later: false, made: made[n]!, names: g.effect.names }))
  }
  return out
}

const feelNames = (names: Record<string, unknown>): Record<string, FeelValue> => Object.fromEntries(Object.entries(names).map(([k, v]) => [k, asFeel(v)]))

/** Counts and reasons; the ids themselves stay out of process state. */
export const summary = (r: MakeResult): Record<string, unknown> => ({
  made: r.made.length, skipped: r.skipped, refusedCount: r.refused.length, ...(r.made.length === 1 ? { id: r.made[0] } : {}),
  refused: Object.entries(countBy(r.refused.map((x) => x.reason))).map(([reason, count]) => ({ reason, count })),
})
const countBy = (items: string[]): Record<string, number> => items.reduce<Record<string, number>>((a, k) => ({ ...a, [k]: (a[k] ?? 0) + 1 }), {})
