import { inNaturalOrder } from '#server/platform/natural-order.ts'
import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import {
  columnOf, drawStored, factsFor, feelToProperty, getPath, itemScope, isRow, loadRows, numberFollows, partDrafts, propertyAt, recordScope, saveSet, Select, setPath, SYSTEM_COLUMNS, updateMany, type Engine, type FactLoader, type RecordData,
} from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import type { ProcessRuntime } from '../runtime.ts'
import type { MakeResult } from './make.ts'
import { EffectRefused } from './refused.ts'
import { asFeel } from '../store/evaluate.ts'
import type { EffectSpec } from './spec.ts'

export const BATCH = 5000
/** saved at once: more records than that would stay in memory beside each other for nothing */
const CHUNK = 2500

/** set on the own record: values of all records of the set at once. */
export async function setOwn(runtime: ProcessRuntime, call: Call, def: EntityDef, records: string[], spec: EffectSpec, names: Record<string, FeelValue>): Promise<void> {
  const loader = factsFor(runtime.engine, call)
  const { registry, programme } = loader.context
  const patches = await loader.settleAll(records, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    return valuesOf(def, spec, (text) => registry.expression(programme.id, text, recordScope(def)).evaluate(loader.scope({ old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null, ...names, record: row, item: row })))
  })
  const saved = await saveSet(runtime.engine, call, def, records.map((id, i) => ({ id, data: patches[i]! })), { via: { kind: 'effect' } })
  const bad = saved.find((d) => d.problems.length > 0)
  if (bad) throw new EffectRefused(def, bad.id, bad.problems)
  if (spec.draw) await drawFor(runtime.engine, call, def, records, spec.draw)
}

interface Field { path: string; p: PropertyDef; text: string }
const fieldsOf = (def: EntityDef, spec: EffectSpec): Field[] => Object.entries(spec.values).map(([path, text]) => {
  const p = propertyAt(def, path)
  if (!p) throw new Error(`${def.id} has no field ${path}`)
  return { path, p, text }
})
function patchOf(fields: readonly Field[], ask: (text: string) => FeelValue): RecordData {
  const patch: RecordData = {}
  for (const { path, p, text } of fields) setPath(patch, path, feelToProperty(p, ask(text)) ?? null)
  return patch
}
export const valuesOf = (def: EntityDef, spec: EffectSpec, ask: (text: string) => FeelValue): RecordData => patchOf(fieldsOf(def, spec), ask)

/** ids of `entity` rows that meet the condition, in order; `record` and the other names come from the scope. */
export async function idsWhere(loader: FactLoader, target: EntityDef, record: EntityDef, where: string | undefined, names: Record<string, FeelValue>, order: string[] = [], most?: number): Promise<string[]> {
  const select = new Select(target, loader, loader.scope(names), ['item'])
  if (target.home === 'programme') select.whereSql('t.program = ?', [loader.context.programme.id])
  if (where) select.where(where, itemScope(target, record))
  // by the name of the column: SQLite would work out a subquery that stands there once more a second time
  order.forEach((o, i) => select.column(`o${i}`, o.replace(/^-/, ''), itemScope(target, record)).orderSql(`o${i} ${o.startsWith('-') ? 'DESC' : 'ASC'}`))
  select.orderSql('t.id ASC').columnSql('id', 't.id')
  if (most !== undefined) select.limit(most)
  const rows = await select.all<{ id: number | string; [order: `o${number}`]: unknown }>()
  return inNaturalOrder(rows, order.map((o, i) => ({ of: (r) => r[`o${i}`], down: o.startsWith('-') }))).map((r) => String(r.id))
}

/** What a set changes: rows by condition, or rows that an operation gave back, each with the record it is about. `most` = stop reading there. */
export async function setMembers(loader: FactLoader, def: EntityDef, spec: EffectSpec, names: Record<string, FeelValue>, most?: number): Promise<FeelValue[]> {
  const { registry, programme } = loader.context
  const target = spec.entity ? loader.definition(spec.entity) : def
  if (!spec.rows) return (await idsWhere(loader, target, def, spec.where, names, spec.order, most)).map((id) => ({ $: 'row', entity: target.id, id }))
  const rows = await loader.settle(() => registry.expression(programme.id, spec.rows!, recordScope(def)).evaluate(loader.scope(names)))
  return Array.isArray(rows) ? rows : []
}
const keyOf = (spec: EffectSpec, item: FeelValue): string => {
  if (isRow(item)) return item.id
  const v = (item as Record<string, FeelValue> | null)?.[spec.key?.[0] ?? 'id'] ?? null
  return isRow(v) ? v.id : String(v)
}

/** set on rows of another entity: by condition, or by rows that an operation gave back, joined by key. */
export async function setRows(engine: Engine, call: Call, def: EntityDef, spec: EffectSpec, names: Record<string, FeelValue>, members?: FeelValue[]): Promise<MakeResult> {
  const loader = factsFor(engine, call)
  const target = spec.entity ? loader.definition(spec.entity) : def
  const result: MakeResult = { made: [], skipped: 0, refused: [] }
  const sources = (members ?? await setMembers(loader, def, spec, names)).map((item) => ({ id: keyOf(spec, item), item }))
  for (let i = 0; i < sources.length; i += CHUNK) {
    const part = sources.slice(i, i + CHUNK)
    if (Object.keys(spec.values).length > 0) await setChunk(engine, call, target, spec, part, names)
    for (const p of part) result.made.push(p.id)
  }
  if (spec.draw) await drawFor(engine, call, target, sources.map((p) => p.id), spec.draw)
  return result
}

async function setChunk(engine: Engine, call: Call, target: EntityDef, spec: EffectSpec, part: { id: string; item: FeelValue }[], names: Record<string, FeelValue>): Promise<void> {
  const loader = factsFor(engine, call)
  const { registry, programme } = loader.context
  const record = isRow(names['record'] ?? null) ? loader.definition((names['record'] as { entity: string }).entity) : target
  // rows that an operation gave back bring their values along; what they are about is loaded when it is saved
  if (part.some((p) => isRow(p.item))) await loadRows(engine, loader, target, part.map((p) => p.id))
  // one scope for all: whoever is asked about comes into it and is answered before the next does
  const scope = loader.scope({ old: null, input: null, outcome: null, task: null, output: null, made: null, comment: null, params: null, ...names })
  const [fields, compiled] = [fieldsOf(target, spec), registry.at(programme.id, recordScope(record))]
  const ask = (text: string): FeelValue => compiled(text).evaluate(scope)
  const patches = await loader.settleAll(part, ({ item }) => { scope.names['item'] = item; return patchOf(fields, ask) })
  const saved = await saveSet(engine, call, target, part.map((p, i) => ({ id: p.id, data: patches[i]! })), { via: { kind: 'effect' } })
  const bad = saved.find((d) => d.problems.length > 0)
  if (bad) throw new EffectRefused(target, bad.id, bad.problems)
}

/** Draws a number for rows that have none yet, in the order of the ids given. Nothing but that number is read or written of them. */
export async function drawFor(engine: Engine, call: Call, def: EntityDef, ids: string[], path: string): Promise<void> {
  const p = propertyAt(def, path)
  const column = p?.column?.name
  if (p?.number?.draw !== 'effect' || !column) return
  await engine.db.tx(async () => {
    const loader = factsFor(engine, call)
    const follows = numberFollows(loader, def, p)
    const rows = await loadRows(engine, loader, def, ids, follows ? [...new Set([...SYSTEM_COLUMNS, column, ...follows.map(columnOf)])] : undefined)
    const drafts = partDrafts(def, ids.flatMap((id) => { const raw = rows.get(id); return raw && raw[column] == null ? [raw] : [] }), follows ?? [])
    // what the locked row says, not what it said when the transaction first read
    if (follows) for (const d of drafts) loader.patch(def, d.id, d.data)
    await drawStored(engine, loader, p, drafts)
    const bad = drafts.find((d) => d.problems.length > 0)
    if (bad) throw new EffectRefused(def, bad.id, bad.problems)
    await updateMany(engine.db, def.table, [column, 'rev', 'updated_at'], drafts.map((d) => ({ id: d.id, values: [String(getPath(d.data, path)), d.storedRev + 1, call.now] })))
  })
}
export { asFeel }
