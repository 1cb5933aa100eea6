import type { MakeDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { draftOf, feelToJson, isRow, loadRows, newDraft, overlayDraft, propertyAt, propertyToFeel, recordScope, say, type Draft, type FactLoader, type NamesInScope } from '#server/runtime/records/index.ts'
import { patchOf, writtenBy } from './drafts.ts'
import { open, type ImportTask, type Unit } from './task.ts'

/** Records that rows make beside their own. */
export async function makeDrafts(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[], make: MakeDef): Promise<{ unit: Unit; draft: Draft }[]> {
  const { engine, call } = task
  const { registry, programme } = loader.context
  const target = loader.definition(make.into)
  const ready = open(units)
  const lists = await loader.settleAll(ready, (u): FeelValue[] => {
    if (!make.from) return [null]
    const v = registry.expression(programme.id, make.from, fromScope(loader, scope, make.from)).evaluate(u.scope)
    return Array.isArray(v) ? v : v === null ? [] : [v]
  })
  const inner = make.from ? fromScope(loader, scope, make.from) : scope
  const pairs: { unit: Unit; item: FeelValue }[] = []
  ready.forEach((unit, i) => {
    if (lists[i]!.length < (make.min ?? 0)) unit.errors.push(say(make.message ?? { zh: `应至少有 ${make.min} 项` }, call.actor.lang))
    else for (const item of lists[i]!) pairs.push({ unit, item })
  })
  const written = writtenBy(loader, target, make.values, inner)
  const patches = await loader.settleAll(pairs, ({ unit: { scope: own }, item }) => patchOf(written, { ...own, names: { ...own.names, item } }, false))
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
      unit.scope.names['made'] = { ...(unit.scope.names['made'] as { [k: string]: FeelValue } | null), [make.id]: { $: 'row', entity: target.id, id: shared.id } }
      if (shared.unit !== unit) unit.leans.push(shared.unit)
      return
    }
    if (key !== null) first.set(key, { unit, id: drafts[i]!.id })
    const skip = there !== null && make.onExisting === 'skip'
    const stored = there === null ? undefined : kept.get(there)
    const draft = stored ? draftOf(engine, target, stored, patches[i]!) : drafts[i]!
    const row: FeelValue = { $: 'row', entity: target.id, id: skip ? there : draft.id }
    unit.scope.names['made'] = { ...(unit.scope.names['made'] as { [k: string]: FeelValue } | null), [make.id]: row }
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
