import type { ScenarioStep } from '../../runtime/definitions/index.ts'
import { feelToJson, isRow } from '../../runtime/records/index.ts'
import { asFeel } from '../../runtime/process/index.ts'
import type { Outcome } from '../expect.ts'
import { advanceTo, facts, resolve, type World } from '../world.ts'

const UNIT: Record<string, number> = { D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000, W: 604_800_000 }
/** P3D, PT5M, P1DT2H in ms */
export function durationMs(text: string): number {
  const [date = '', time = ''] = text.slice(1).split('T')
  const sum = (part: string) => [...part.matchAll(/(\d+)([A-Z])/g)].reduce((s, m) => s + Number(m[1]) * (UNIT[m[2]!] ?? Number.NaN), 0)
  return sum(date) + sum(time)
}

export async function advance(w: World, step: ScenarioStep): Promise<Outcome> {
  const text = String(step.target.advance)
  const target = text.startsWith('to ') ? Date.parse(text.slice(3)) : w.clock.now() + durationMs(text)
  if (!Number.isFinite(target)) throw new Error(`"${text}" is neither a duration such as P3D nor "to 2026-05-11T09:00+08:00"`)
  if (target < w.clock.now()) throw new Error(`"${text}" is in the past`)
  await advanceTo(w, target)
  return {}
}

/** A rule or any expression: { expr, with, value }. */
export async function evaluate(w: World, step: ScenarioStep): Promise<Outcome> {
  const spec = step.target.eval as string | { expr: string; with?: Record<string, unknown>; value?: unknown }
  const text = typeof spec === 'string' ? spec : spec.expr
  const given = (typeof spec === 'string' ? (step.raw['with'] as Record<string, unknown> | undefined) : spec.with) ?? {}
  const loader = facts(w, w.core.system(w.programme))
  const names = Object.fromEntries(Object.entries(await resolve(w, given)).map(([k, v]) => [k, asFeel(v)]))
  const any = Object.fromEntries(Object.keys(names).map((k) => [k, { kind: 'any' as const }]))
  const value = await loader.settle(() => w.core.registry.expression(w.programme, text, { id: `eval:${step.line}`, names: { ...any, program: { kind: 'any' }, user: { kind: 'any' } } }).evaluate(loader.scope(names)))
  const json = isRow(value) ? value.id : feelToJson(value)
  const wanted = typeof spec === 'string' ? step.raw['value'] : spec.value
  return { value: json, ...(wanted !== undefined && JSON.stringify(json) !== JSON.stringify(wanted) ? { refused: [`${text} is ${JSON.stringify(json)}, expected ${JSON.stringify(wanted)}`] } : {}) }
}
export const job = async (w: World): Promise<Outcome> => { await w.drain(); return { jobs: 'done' } }
