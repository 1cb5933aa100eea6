import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Expression, FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import { failingOf, feelToJson, fillMessage, isRow, rulesAt, say, visibleIds, type FactLoader, type NamesInScope } from '#server/runtime/records/index.ts'
import { findByKey } from './find-by-key.store.ts'
import type { ImportTask, Unit } from './task.ts'

/** The record that each look-up finds becomes a name of the row. */
export async function lookUp(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<void> {
  const { registry, programme } = loader.context
  for (const [name, l] of Object.entries(task.spec.lookup)) {
    const target = loader.definition(l.in)
    const inner: NamesInScope = { id: `${scope.id}:lookup:${name}`, names: { ...scope.names, item: { kind: 'entity', entity: target.id } } }
    const wanted = registry.expression(programme.id, `rows("${l.in}")[${l.where}]`, inner)
    const [keyOf, known] = [cellsOf(wanted), new Map<string, FeelValue>()]
    const found = await loader.settleAll(units, (u) => {
      const key = keyOf?.(u.scope)
      const before = key === undefined ? undefined : known.get(key)
      if (before !== undefined) return before
      const list = wanted.evaluate(u.scope)
      const hit = Array.isArray(list) ? (list[0] ?? null) : null
      if (key !== undefined) known.set(key, hit)
      return hit
    })
    const lost = l.optional ? [] : units.filter((_, i) => found[i] === null)
    const messages = await loader.settleAll(lost, (u) => fillMessage(loader, task.def, l.message, u.scope.names, task.call.actor.lang, {}, scope))
    units.forEach((u, i) => { u.scope.names[name] = found[i]! })
    lost.forEach((u, i) => { if (!u.errors.includes(messages[i]!)) u.errors.push(messages[i]!) })
  }
}

/** what is the same for all rows of a batch */
const OF_ALL = new Set(['rows', 'item', 'params', 'input', 'user', 'program'])
/** What a look-up asks of a row, as a text: rows that say the same find the same. Null when more than cells is asked. */
function cellsOf(wanted: Expression): ((scope: Scope) => string | undefined) | null {
  const own = wanted.reads.filter((r) => !OF_ALL.has(r.root))
  if (own.some((r) => r.root !== 'row' || r.path.length !== 1)) return null
  const cells = own.map((r) => r.path[0]!)
  return ({ names }) => {
    const row = names['row'] as { [cell: string]: FeelValue }
    // rows of a pick are records, not cells
    return isRow(row) ? undefined : cells.map((cell) => { const v = row[cell] ?? null; return typeof v === 'string' ? `=${v}` : JSON.stringify(feelToJson(v)) }).join('\u0000')
  }
}

/** The record that a row names by the import's key, among those the person may see. */
export async function matchRecords(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<void> {
  const { spec, def } = task
  if (!spec.key) return
  const hits = await keyedRecords(task, loader, scope, units)
  const visible = await visibleIds(task.call, loader, def, hits.filter((h): h is string => h !== null))
  const here = new Map(task.seen)
  units.forEach((u, i) => {
    const id = hits[i]
    const hit = id != null && visible.has(id) ? { $: 'row' as const, entity: def.id, id } : null
    u.scope.names['record'] = hit
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
  const parts = paths.map((p) => registry.expression(programme.id, spec.key![p]!, scope))
  const tuples = await loader.settleAll(units, (u) => (u.errors.length ? null : parts.map((part) => part.evaluate(u.scope))))
  const found = await findByKey(loader, def, paths, tuples)
  if (found) return found
  const row = { ...scope, id: `${scope.id}:key`, names: { ...scope.names, item: { kind: 'entity' as const, entity: def.id } } }
  const condition = paths.map((path) => `item.${path} = (${spec.key![path]!})`).join(' and ')
  const lists = await loader.settleAll(units, (u) => (u.errors.length ? null : registry.expression(programme.id, `rows("${def.id}")[${condition}]`, row).evaluate(u.scope)))
  return lists.map((list) => { const first = Array.isArray(list) ? list[0] : null; return isRow(first) ? first.id : null })
}
const uniqueMessage = (def: EntityDef) => Object.values(def.unique)[0]?.message

export async function checkRowRules(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[]): Promise<void> {
  const rules = Object.fromEntries(Object.entries(task.spec.rules).map(([k, r]) => [k, { ...r, on: ['row'] }]))
  const due = rulesAt(loader, rules, ['row'])
  const found = await loader.settleAll(units, (u) => (u.errors.length || u.skipped ? null : failingOf(loader, task.def, due, u.scope, task.call.actor.lang, scope)))
  units.forEach((u, i) => { for (const p of found[i]?.blocks ?? []) u.errors.push(p.message) })
}
