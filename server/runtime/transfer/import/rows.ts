import type { Dict, EntityDef, ImportDef, MakeDef } from '#server/runtime/definitions/index.ts'
import type { FeelType, FeelValue } from '#server/runtime/expressions/types.ts'
import { asFeel } from '#server/runtime/process/index.ts'
import {
  draftOf, factsFor, failing, feelToJson, feelToProperty, feelTypeOf, fillMessage, importScope, isRow, loadRows, mergePatch, newDraft, overlayDraft, prepare, propertyAt, propertyToFeel, recordScope, say, setPath, visibleIds, write,
  type Draft, type Engine, type FactLoader, type NamesInScope, type RecordData, type Via,
} from '#server/runtime/records/index.ts'
import type { Call } from '../../context.ts'
import { findByKey } from './find-by-key.store.ts'

/** One row on its way in: values by column id (or the chosen record), and what its cells already did wrong. */
export interface ImportRow { row: number; values: Record<string, FeelValue> | FeelValue; errors: string[] }
export interface RowResult { row: number; errors: string[]; warnings: string[]; made: string[] }
interface Unit { row: ImportRow; names: Record<string, FeelValue>; /** the stored record that the row names */ matched: string | null; drafts: Draft[]; /** rows before it that make a record it shares */ leans: Unit[]; skipped: boolean; errors: string[] }

export interface ImportTask {
  engine: Engine; call: Call; def: EntityDef; id: string; spec: ImportDef; params: Record<string, unknown>
  /** records that earlier batches of the same file have changed, with the row that did it */
  seen?: Map<string, number>
}

const paramTypes = (spec: ImportDef): Record<string, FeelType> => Object.fromEntries(Object.entries(spec.params).map(([k, p]) => [k, feelTypeOf(p)]))
const paramValues = (spec: ImportDef, params: Record<string, unknown>): FeelValue => Object.fromEntries(Object.entries(spec.params).map(([k, p]) => [k, propertyToFeel(p, params[k])]))
const lookupDefs = (loader: FactLoader, spec: ImportDef): Dict<EntityDef> => Object.fromEntries(Object.entries(spec.lookup).map(([name, l]) => [name, loader.definition(l.in)]))

/**
 * A batch of rows in one transaction. A row with all it makes is one unit: it is stored whole or not at all, and comes back with every reason.
 * Rows that fail leave no trace on quotas and numbers: the batch is tried again without them.
 */
export async function importRows(task: ImportTask, rows: ImportRow[]): Promise<RowResult[]> {
  const failed = new Map<number, string[]>(rows.filter((r) => r.errors.length).map((r) => [r.row, r.errors]))
  return task.engine.db.tx(async () => {
    for (let pass = 0; pass < 20; pass++) {
      const attempt = rows.filter((r) => !failed.has(r.row))
      const units = await task.engine.db.savepoint(async () => {
        const built = await build(task, attempt)
        const bad = built.filter((u) => u.errors.length > 0)
        if (!bad.every(leftNoTrace) || built.some(leansOnFailed)) throw new RowsFailed(bad)
        for (const u of bad) failed.set(u.row.row, u.errors)
        return built
      }).catch((error: unknown) => { if (error instanceof RowsFailed) return error; throw error })
      if (units instanceof RowsFailed) { for (const u of pass < 10 ? certain(units.units) : units.units) failed.set(u.row.row, u.errors); continue }
      const done = new Map(units.map((u) => [u.row.row, u]))
      // the step may be undone and repeated: only what is committed has been seen
      task.engine.db.onCommit(() => { for (const u of units) { if (u.matched && u.errors.length === 0) task.seen?.set(u.matched, u.row.row) } })
      return rows.map((r) => {
        const drafts = failed.has(r.row) ? [] : (done.get(r.row)?.drafts ?? [])
        return { row: r.row, errors: failed.get(r.row) ?? [], warnings: drafts.flatMap((d) => d.warnings.map((w) => w.message)), made: drafts.map((d) => d.id) }
      })
    }
    throw new Error(`import ${task.def.id}.${task.id}: rows keep failing each other`)
  })
}
/** What it shares would be missing: it is asked again without the row that failed. */
const leansOnFailed = (u: Unit): boolean => u.errors.length === 0 && u.leans.some((l) => l.errors.length > 0)
/** Keys, quotas and numbers are asked last and of good records alone: what fell out before has taken nothing from the others. */
const leftNoTrace = (u: Unit): boolean => u.errors.length === 0 || u.drafts.every((d) => d.problems.length > 0 && !d.problems.some((p) => /^(UNIQUE|LIMIT|NUMBER)/.test(p.code)))
/**
 * Of rows that failed, those that failed by themselves. A key or a place in a quota may have been taken by a row that goes itself:
 * such rows are asked again, quotas before keys, because a row without a place has still claimed its keys.
 */
function certain(bad: Unit[]): Unit[] {
  const contested = (u: Unit): number => {
    const first = u.drafts[0]
    if (!first || u.drafts.some((d) => d.def !== first.def) || first.problems.length === 0) return 0
    const codes = u.drafts.flatMap((d) => d.problems.map((p) => p.code))
    return codes.every((c) => c.startsWith('UNIQUE')) ? 2 : codes.every((c) => /^(UNIQUE|LIMIT)/.test(c)) ? 1 : 0
  }
  const least = Math.min(...bad.map(contested))
  return bad.filter((u) => contested(u) === least)
}
/** Undoes an attempt and says which rows to leave out. */
class RowsFailed extends Error { constructor(readonly units: Unit[]) { super('rows failed') } }

async function build(task: ImportTask, rows: ImportRow[]): Promise<Unit[]> {
  const { engine, call, spec, def } = task
  const loader = factsFor(engine, call)
  const scope = importScope(`${def.id}.${task.id}`, lookupDefs(loader, spec), def, paramTypes(spec))
  const params = paramValues(spec, task.params)
  const units: Unit[] = rows.map((row) => ({ row, names: { row: asFeel(row.values), params, input: params, record: null, made: null, item: null }, matched: null, drafts: [], leans: [], skipped: false, errors: [] }))
  await lookUp(task, loader, scope, units)
  await matchRecords(task, loader, scope, units)
  await checkRowRules(task, loader, scope, units)
  const via: Via = { kind: 'import', id: task.id, ...(spec.set ? { fields: Object.keys(spec.set) } : {}) }
  const keys = []
  const moments = { moments: [`import:${task.id}`], input: params }
  // what a row makes besides comes after its own record, so that it may refer to it
  if (spec.set || !spec.make) {
    const ready = units.filter((u) => u.errors.length === 0 && !u.skipped)
    const drafts = await recordDrafts(task, loader, scope, ready)
    keys.push(...(await prepare(engine, call, loader, drafts, { via, ...moments })))
    ready.forEach((u, i) => { u.drafts.push(drafts[i]!); u.names['record'] = { $: 'row', entity: def.id, id: drafts[i]!.id }; collect(u, drafts[i]!) })
  }
  for (const make of Object.values(spec.make ?? {})) {
    const fresh = await makeDrafts(task, loader, scope, units, make)
    keys.push(...(await prepare(engine, call, loader, fresh.map((f) => f.draft), { via: spec.set ? { ...via, fields: Object.keys(make.values) } : via, ...moments })))
    for (const f of fresh) collect(f.unit, f.draft)
  }
  if (units.every(leftNoTrace) && !units.some(leansOnFailed)) await write(engine, call, loader, units.flatMap((u) => (u.errors.length ? [] : u.drafts)), keys, via)
  return units
}
const collect = (unit: Unit, d: Draft): void => { for (const p of d.problems) if (!unit.errors.includes(p.message)) unit.errors.push(p.message) }

async function lookUp(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<void> {
  const { registry, programme } = loader.context
  for (const [name, l] of Object.entries(task.spec.lookup)) {
    const target = loader.definition(l.in)
    const inner: NamesInScope = { id: `${scope.id}:lookup:${name}`, names: { ...scope.names, item: { kind: 'entity', entity: target.id } } }
    const text = `rows("${l.in}")[${l.where}]`
    const found = await loader.settleAll(units, (u) => registry.expression(programme.id, text, inner).evaluate(loader.scope(u.names)))
    const messages = await loader.settleAll(units, (u) => fillMessage(loader, task.def, l.message, u.names, task.call.actor.lang, {}, scope))
    units.forEach((u, i) => {
      const list = found[i]
      const hit = Array.isArray(list) ? (list[0] ?? null) : null
      u.names[name] = hit
      if (hit === null && !l.optional && !u.errors.some((e) => e === messages[i])) u.errors.push(messages[i]!)
    })
  }
}

/** The record that a row names by the import's key, among those the person may see. */
async function matchRecords(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<void> {
  const { spec, def } = task
  if (!spec.key) return
  const hits = await keyedRecords(task, loader, scope, units)
  const visible = await visibleIds(task.call, loader, def, hits.filter((h): h is string => h !== null))
  const here = new Map(task.seen)
  units.forEach((u, i) => {
    const id = hits[i]
    const hit = id != null && visible.has(id) ? { $: 'row' as const, entity: def.id, id } : null
    u.names['record'] = hit
    u.matched = hit?.id ?? null
    if (u.errors.length) return
    if (hit && spec.onExisting === 'reject') u.errors.push(say(uniqueMessage(def) ?? { zh: '记录已存在' }, task.call.actor.lang))
    else if (hit && spec.onExisting === 'skip') u.skipped = true
    else if (!hit && spec.onMissing === 'reject') u.errors.push('没有找到对应的记录')
    else if (hit && here.has(hit.id)) u.errors.push(`与第 ${here.get(hit.id)} 行是同一条记录，请只保留一行`)
    else if (hit) here.set(hit.id, u.row.row)
  })
}

async function keyedRecords(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<(string | null)[]> {
  const { spec, def } = task
  const { registry, programme } = loader.context
  const paths = Object.keys(spec.key!)
  const tuples = await loader.settleAll(units, (u) => (u.errors.length ? null : paths.map((p) => registry.expression(programme.id, spec.key![p]!, scope).evaluate(loader.scope(u.names)))))
  const found = await findByKey(loader, def, paths, tuples)
  if (found) return found
  const row = { ...scope, id: `${scope.id}:key`, names: { ...scope.names, item: { kind: 'entity' as const, entity: def.id } } }
  const condition = paths.map((path) => `item.${path} = (${spec.key![path]!})`).join(' and ')
  const lists = await loader.settleAll(units, (u) => (u.errors.length ? null : registry.expression(programme.id, `rows("${def.id}")[${condition}]`, row).evaluate(loader.scope(u.names))))
  return lists.map((list) => { const first = Array.isArray(list) ? list[0] : null; return isRow(first) ? first.id : null })
}
const uniqueMessage = (def: EntityDef) => Object.values(def.unique)[0]?.message

async function checkRowRules(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<void> {
  const rules = Object.fromEntries(Object.entries(task.spec.rules).map(([k, r]) => [k, { ...r, on: ['row'] }]))
  const found = await loader.settleAll(units, (u) => (u.errors.length || u.skipped ? null : failing(loader, task.def, rules, ['row'], u.names, task.call.actor.lang, scope)))
  units.forEach((u, i) => { for (const p of found[i]?.blocks ?? []) u.errors.push(p.message) })
}

async function recordDrafts(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<Draft[]> {
  const { engine, call, spec, def } = task
  const { registry, programme } = loader.context
  const ask = (u: Unit, text: string) => registry.expression(programme.id, text, scope).evaluate(loader.scope(u.names))
  const set = spec.set ?? Object.fromEntries(Object.entries(spec.columns).flatMap(([id, c]) => (propertyAt(def, c.path ?? id) ? [[c.path ?? id, `row.${id}`]] : [])))
  // a record that was found by its key keeps it as it is written there
  const patches = await loader.settleAll(units, (u) => { const known = u.names['record'] !== null; return patchOf(def, known ? set : { ...spec.key, ...set }, (text) => ask(u, text), known) })
  const ids = units.flatMap((u) => (u.names['record'] ? [(u.names['record'] as { id: string }).id] : []))
  const rows = await loadRows(engine, loader, def, ids)
  return units.map((u, i) => {
    const hit = u.names['record'] as { id: string } | null
    return hit ? draftOf(engine, def, rows.get(hit.id)!, patches[i]!) : newDraft(engine, call, def, Object.fromEntries(Object.entries(patches[i]!).filter(([, v]) => v !== null)))
  })
}

function patchOf(def: EntityDef, values: Dict<string>, ask: (text: string) => FeelValue, update: boolean): RecordData {
  const patch: RecordData = {}
  for (const [path, text] of Object.entries(values)) {
    const p = propertyAt(def, path)
    if (!p || (p.compute && !p.compute.if)) continue
    const v = feelToProperty(p, ask(text))
    setPath(patch, path, v === undefined ? (update ? null : undefined) : v)
  }
  return update ? patch : mergePatch({}, patch)
}

async function makeDrafts(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[], make: MakeDef): Promise<{ unit: Unit; draft: Draft }[]> {
  const { engine, call } = task
  const { registry, programme } = loader.context
  const target = loader.definition(make.into)
  const ready = units.filter((u) => u.errors.length === 0 && !u.skipped)
  const lists = await loader.settleAll(ready, (u): FeelValue[] => {
    if (!make.from) return [null]
    const v = registry.expression(programme.id, make.from, fromScope(loader, scope, make.from)).evaluate(loader.scope(u.names))
    return Array.isArray(v) ? v : v === null ? [] : [v]
  })
  const inner = make.from ? fromScope(loader, scope, make.from) : scope
  const pairs: { unit: Unit; item: FeelValue }[] = []
  ready.forEach((unit, i) => {
    if (lists[i]!.length < (make.min ?? 0)) unit.errors.push(say(make.message ?? { zh: `应至少有 ${make.min} 项` }, call.actor.lang))
    else for (const item of lists[i]!) pairs.push({ unit, item })
  })
  const patches = await loader.settleAll(pairs, ({ unit, item }) => patchOf(target, make.values, (text) => registry.expression(programme.id, text, inner).evaluate(loader.scope({ ...unit.names, item })), false))
  const drafts = pairs.map((_, i) => newDraft(engine, call, target, patches[i]!))
  for (const d of drafts) overlayDraft(loader, d)
  const keys = await loader.settleAll(drafts, (d) => keyOf(loader, d, make))
  const known = await loader.settleAll(drafts, (d, i) => (keys[i] ? (loader.rows(d.def.id, keys[i])[0]?.id ?? null) : null))
  const first = new Map<string, { unit: Unit; id: string }>()
  const kept = make.onExisting === 'update' ? await loadRows(engine, loader, target, known.filter((id) => id !== null)) : new Map<string, never>()
  const out: { unit: Unit; draft: Draft }[] = []
  pairs.forEach(({ unit }, i) => {
    const there = known[i] ?? null
    // several rows of one file share what the first of them makes
    const key = there === null && make.onExisting === 'skip' && keys[i] ? textOfKey(keys[i]) : null
    const shared = key === null ? undefined : first.get(key)
    if (shared) {
      unit.names['made'] = { ...(unit.names['made'] as { [k: string]: FeelValue } | null), [make.id]: { $: 'row', entity: target.id, id: shared.id } }
      if (shared.unit !== unit) unit.leans.push(shared.unit)
      return
    }
    if (key !== null) first.set(key, { unit, id: drafts[i]!.id })
    const skip = there !== null && make.onExisting === 'skip'
    const stored = there === null ? undefined : kept.get(there)
    const draft = stored ? draftOf(engine, target, stored, patches[i]!) : drafts[i]!
    const row: FeelValue = { $: 'row', entity: target.id, id: skip ? there : draft.id }
    unit.names['made'] = { ...(unit.names['made'] as { [k: string]: FeelValue } | null), [make.id]: row }
    if (skip) return
    unit.drafts.push(draft)
    out.push({ unit, draft })
  })
  return out
}

const ROWS = /^rows\("([^"]+)"\)/
function fromScope(loader: FactLoader, scope: NamesInScope, from: string): NamesInScope {
  const source = ROWS.exec(from.trim())?.[1]
  if (!source) return scope
  const target = loader.definition(source)
  return { id: `${scope.id}:from:${target.id}`, names: { ...scope.names, item: { kind: 'entity', entity: target.id } } }
}

type KeyPart = { path: string; value: FeelValue }
const textOfKey = (key: KeyPart[]): string => JSON.stringify(key.map((k) => (isRow(k.value) ? k.value.id : feelToJson(k.value))))
/** The fields of the make's `key` with their values; computed ones are computed for the comparison. Null when it has none. */
function keyOf(loader: FactLoader, d: Draft, make: MakeDef): KeyPart[] | null {
  if (!make.key?.length) return null
  const { registry, programme } = loader.context
  const row = { $: 'row', entity: d.def.id, id: d.id } as const
  return make.key.map((path) => {
    const p = propertyAt(d.def, path)!
    const given = d.patch[path]
    const value = given !== undefined || !p.compute ? propertyToFeel(p, given) : registry.expression(programme.id, p.compute.expr, recordScope(d.def)).evaluate(loader.scope({ record: row, item: row, old: null }))
    return { path, value }
  })
}
