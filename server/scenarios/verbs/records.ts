import type { EntityDef, JsonObject, ScenarioStep } from '../../runtime/definitions/index.ts'
import { press } from '../../runtime/desk/index.ts'
import { saveSet, Select, rowScope, selectVisible, visibleIds, type RecordData } from '../../runtime/records/index.ts'
import type { Outcome } from '../expect.ts'
import { FileRefused } from '../put-file.ts'
import { sampleFiles } from '../sample-files.ts'
import { callOf, entityOf, facts, refOf, resolve, type Ref, type World } from '../world.ts'

const messages = (list: { problems: { message: string }[] }[]): string[] => list.flatMap((d) => d.problems.map((p) => p.message))
const dataOf = async (w: World, entity: string, data: JsonObject | undefined): Promise<RecordData> => (await sampleFiles(w, entityOf(w, entity), await resolve(w, data ?? {}))) as RecordData

/** The data, or why a file of it was refused. */
const fileRefusals = (make: () => Promise<RecordData>): Promise<RecordData | string[]> => make().catch((error: unknown) => { if (error instanceof FileRefused) return error.messages; throw error })

export async function create(w: World, step: ScenarioStep): Promise<Outcome> {
  const def = entityOf(w, String(step.target.create))
  const data = await fileRefusals(() => dataOf(w, def.id, step.data))
  if (Array.isArray(data)) return { refused: data }
  const [draft] = await saveSet(w.core.engine, callOf(w), def, [{ data }], { via: { kind: 'user' }, whole: true })
  const ref = { entity: def.id, id: draft!.id }
  if (draft!.problems.length) return { refused: messages([draft!]), denied: draft!.problems.some((p) => p.code === 'FORBIDDEN' || p.code === 'OUTSIDE_SCOPE') }
  if (step.ref) w.refs.set(step.ref, [ref])
  return { ref, refs: [ref], warned: draft!.warnings.map((p) => p.message) }
}

export async function edit(w: World, step: ScenarioStep): Promise<Outcome> {
  const ref = refOf(w, String(step.target.edit))
  const def = entityOf(w, ref.entity)
  if (!(await visibleIds(callOf(w), facts(w), def, [ref.id])).has(ref.id)) return { ref, denied: true, refused: ['记录不存在，可能已被删除或您无权查看'] }
  const data = await fileRefusals(() => dataOf(w, def.id, step.data))
  if (Array.isArray(data)) return { ref, refs: [ref], refused: data }
  const [draft] = await saveSet(w.core.engine, callOf(w), def, [{ id: ref.id, data }], { via: { kind: 'user' }, whole: true })
  await w.drain()
  const denied = draft!.problems.some((p) => p.code === 'FORBIDDEN')
  return { ref, refs: [ref], refused: messages([draft!]), denied, warned: draft!.warnings.map((p) => p.message) }
}

/** FEEL of a where in YAML: values compare, { not: null } and lists work too. */
export function whereText(where: JsonObject): string {
  return Object.entries(where).map(([path, v]) => {
    if (v !== null && typeof v === 'object' && !Array.isArray(v) && 'not' in v) return `${path} != ${JSON.stringify(v['not'])}`
    if (Array.isArray(v)) return `(${path} in ${JSON.stringify(v)})`
    return `${path} = ${JSON.stringify(v)}`
  }).join(' and ') || 'true'
}

export async function matching(w: World, entity: string, where: JsonObject, everyone: boolean, list?: string): Promise<Ref[]> {
  const def = entityOf(w, entity)
  const loader = facts(w)
  const select = everyone ? new Select(def, loader, loader.scope({})) : selectVisible(callOf(w), loader, def)
  if (!select) return []
  if (everyone && def.home === 'programme') select.whereSql('t.program = ?', [w.programme])
  if (list && def.form.lists[list]?.where) select.where(def.form.lists[list].where, rowScope(def))
  for (const [path, value] of Object.entries(await resolve(w, where))) select.where(whereText({ [path]: value }), rowScope(def))
  return (await select.columnSql('id', 't.id').orderSql('t.id ASC').all<{ id: number }>()).map((r) => ({ entity: def.id, id: String(r.id) }))
}

async function targets(w: World, step: ScenarioStep): Promise<{ entity: string; refs: Ref[] }> {
  const on = step.on
  const list = (Array.isArray(on) ? on : [on]).map(String)
  if (list.every((x) => x.startsWith('$'))) {
    const refs = list.map((x) => refOf(w, x))
    return { entity: refs[0]!.entity, refs }
  }
  const entity = list[0]!
  return { entity, refs: step.where ? await matching(w, entity, step.where as JsonObject, false) : [] }
}

/** Takes a button; a drawn signature is made first when the step says so. */
export async function act(w: World, step: ScenarioStep, given?: Ref): Promise<Outcome> {
  const { entity, refs } = given ? { entity: given.entity, refs: [given] } : await targets(w, step)
  const def = entityOf(w, entity)
  const input = (await dataOf(w, entity, { ...(step.input ?? {}), ...(step.data ?? {}) })) as JsonObject
  const comment = typeof input['comment'] === 'string' ? input['comment'] : undefined
  const shown = await visibleIds(callOf(w), facts(w), def, refs.map((r) => r.id))
  const r = await press(w.core.processes, callOf(w), def, { button: String(step.target.do), ids: refs.map((x) => x.id), input: spoken(def, String(step.target.do), input), ...(comment ? { comment } : {}), signed: step.raw['signature'] === 'drawn' }, w.operation)
  await w.drain()
  const made = r.result ? r.result.made.length : Object.values(r.made).reduce<number>((n, m) => n + Number((m as { made?: number }).made ?? 0), 0)
  const reasons = [...(r.result?.refused ?? []).map((x) => x.reason), ...Object.values(r.made).flatMap((m) => ((m as { refused?: { reason: string }[] }).refused ?? []).map((x) => x.reason))]
  const madeRef = await madeRefs(w, r.made, r.result?.made ?? [], def.id, String(step.target.do))
  if (step.ref) w.refs.set(step.ref, madeRef.length ? madeRef : refs)
  const denied = refs.length > 0 && refs.every((x) => !shown.has(x.id) || r.refused.some((f) => f.id === x.id && f.problems.some((p) => p.code === 'FORBIDDEN' || p.code === 'NOT_AVAILABLE')))
  return {
    ...(refs[0] ? { ref: madeRef[0] && step.raw['expect'] && 'record' in (step.expect ?? {}) && refs.length === 0 ? madeRef[0] : refs[0] } : madeRef[0] ? { ref: madeRef[0] } : {}),
    refs: madeRef.length ? madeRef : refs, refused: [...messages(r.refused), ...reasons], denied, made, skipped: (r.result?.skipped ?? 0) + Object.values(r.made).reduce<number>((n, m) => n + Number((m as { skipped?: number }).skipped ?? 0), 0), ok: r.done.length, failed: r.refused.length, jobs: 'done',
    value: r.output,
  }
}

/** A comment is said beside the input form, unless an action asks for it as a field of its own. */
function spoken(def: EntityDef, button: string, input: JsonObject): JsonObject {
  if (!('comment' in input) || def.form.actions[button]?.inputs?.['comment']) return input
  const { comment: _, ...rest } = input
  return rest
}

async function madeRefs(w: World, _made: Record<string, unknown>, ids: string[], entity: string, button: string): Promise<Ref[]> {
  const into = entityOf(w, entity).form.actions[button]?.make?.[0]?.into
  return into ? ids.map((id) => ({ entity: entityOf(w, into).id, id })) : []
}

export async function open(w: World, step: ScenarioStep): Promise<Outcome> {
  const ref = refOf(w, String(step.target.open))
  const def = entityOf(w, ref.entity)
  const denied = !(await visibleIds(callOf(w), facts(w), def, [ref.id])).has(ref.id)
  if (step.ref) w.refs.set(step.ref, [ref])
  return { ref, refs: [ref], denied }
}

export async function query(w: World, step: ScenarioStep): Promise<Outcome> {
  const list = typeof step.raw['list'] === 'string' ? step.raw['list'] : undefined
  const refs = await matching(w, String(step.target.query), (step.where ?? {}) as JsonObject, step.as === undefined && w.actor === null, list)
  if (step.ref) w.refs.set(step.ref, refs)
  return { ...(refs[0] ? { ref: refs[0] } : {}), refs, count: refs.length }
}
