import { may } from '#server/runtime/access/index.ts'
import { WIDGETS, type ColumnDef, type Dict, type DocumentDef, type EntityDef, type TemplateDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { compareKeys, naturalKey } from '#server/platform/natural-order.ts'
import { factsFor, feelToJson, fieldRules, isRow, presentColumn, recordScope, rowScope, ruleFor, pathEnd, visibleIds, type Engine, type FactLoader, type FieldRule } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'

/** One document to be: the record it is about, its members when it is of a group, and what the template may see. */
export interface PrintUnit { key: string; context: Record<string, unknown> }
export interface PrintPlan { units: string[][]; template: TemplateDef; entity: EntityDef; skipped: number }

/** Which documents a selection gives: one per record, per group, or per record of the template's entity that the rows refer to. */
export async function planPrint(engine: Engine, call: Call, def: EntityDef, document: DocumentDef, ids: string[]): Promise<PrintPlan> {
  const template = call.programme.templates[document.template]
  if (!template) throw new Error(`template ${document.template} of ${def.id} is not defined`)
  const loader = factsFor(engine, call)
  const { registry } = engine
  const ok = await loader.settleAll(ids, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    return !document.if || registry.expression(call.programme.id, document.if, rowScope(def)).evaluate(loader.scope({ record: row, item: row })) === true
  })
  const members = ids.filter((_, i) => ok[i])
  const entity = registry.entity(call.programme.id, template.entity || def.id)
  const paths = (document.groupBy ?? '').split(/[\s,]+/).filter(Boolean)
  const skipped = ids.length - members.length
  if (document.from !== undefined) return { units: await unitsFrom(call, loader, def, document.from, members, template.scope === 'record' ? entity : null), template, entity, skipped }
  if (paths.length === 0) return { units: members.map((id) => [id]), template, entity, skipped }
  const keys = await loader.settleAll(members, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    return paths.map((p) => registry.expression(call.programme.id, p, rowScope(def)).evaluate(loader.scope({ record: row, item: row })))
  })
  const groups = new Map<string, string[]>()
  members.forEach((id, i) => {
    const key = JSON.stringify(keys[i]!.map((v) => (isRow(v) ? v.id : feelToJson(v))))
    groups.set(key, [...(groups.get(key) ?? []), id])
  })
  // grouped by a reference to the template's own entity: one document per referred record
  const toRecord = paths.length === 1 && template.scope === 'record' && entity.id !== def.id
  return { units: toRecord ? [...groups.keys()].map((k) => [(JSON.parse(k) as string[])[0]!]) : [...groups.values()], template, entity, skipped }
}

/** What each record's expression finds of what the person may see: one unit with all, or one of each row when `single` is their entity. */
async function unitsFrom(call: Call, loader: FactLoader, def: EntityDef, from: string, ids: string[], single: EntityDef | null): Promise<string[][]> {
  const found = await loader.settleAll(ids, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    const value = loader.context.registry.expression(call.programme.id, from, rowScope(def)).evaluate(loader.scope({ record: row, item: row }))
    return (Array.isArray(value) ? value : [value]).filter(isRow)
  })
  const [first] = found.flat()
  if (!first) return []
  const visible = await visibleIds(call, loader, loader.definition(first.entity), found.flat().map((r) => r.id))
  const units = found.map((rows) => [...new Set(rows.map((r) => r.id))].filter((id) => visible.has(id))).filter((u) => u.length > 0)
  return single && single.id === first.entity ? [...new Set(units.flat())].map((id) => [id]) : units
}

const isRows = (c: TemplateDef['data'][string]): c is { rows: string; columns: Dict<ColumnDef>; sort?: string[] } => 'rows' in c

/** Contexts for a batch of units; everything is evaluated for the whole batch at once. */
export async function printContexts(engine: Engine, call: Call, plan: PrintPlan, units: string[][]): Promise<Record<string, unknown>[]> {
  const loader = factsFor(engine, call)
  const unmask = may(call.programme, plan.entity, call.actor.role, 'unmask') || call.actor.role === 'system'
  return loader.settleAll(units, (members) => contextOf(call, loader, plan, members, unmask))
}

function contextOf(call: Call, loader: FactLoader, plan: PrintPlan, members: string[], unmask: boolean): Record<string, unknown> {
  const { template, entity } = plan
  const row = { $: 'row', entity: entity.id, id: members[0]! } as const
  const rules = call.actor.role === 'system' ? [] : fieldRules(call, loader, entity, row)
  const out: Record<string, unknown> = {}
  for (const [name, column] of Object.entries(template.data)) {
    if (!isRows(column)) { out[name] = valueOf(loader, entity, column, row, rules, unmask); continue }
    const list: FeelValue = column.rows === 'group' ? members.map((id) => ({ $: 'row', entity: entity.id, id }))
      : loader.context.registry.expression(call.programme.id, column.rows, recordScope(entity)).evaluate(loader.scope({ record: row, item: row, old: null }))
    const rows = (Array.isArray(list) ? list : []).filter(isRow)
    const target = rows[0] ? loader.definition(rows[0].entity) : entity
    const filled = loader.each(rows, (r) => Object.fromEntries(loader.each(Object.entries(column.columns), ([k, c]) => [k, valueOf(loader, target, c, r, [], unmask)])))
    out[name] = sorted(filled, column.sort ?? [])
  }
  return out
}

function valueOf(loader: FactLoader, def: EntityDef, column: ColumnDef, row: FeelValue, rules: FieldRule[], unmask: boolean): unknown {
  const rule = column.path ? ruleFor(rules, column.path) : undefined
  if (rule?.hidden) return null
  if (column.mask === 'none' && !unmask) return presentColumn(loader, def, { ...column, mask: '3:*:4' }, row, 'zh').text
  const mask = column.mask && column.mask !== 'none' ? column.mask : column.mask === 'none' ? undefined : rule?.mask
  const shown = presentColumn(loader, def, { ...column, mask: undefined } as ColumnDef, row, 'zh', mask ? { mask } : {})
  if (shown.kind === 'list') return shown.list!.map((s) => s.text || s.raw)
  if (['date-time', 'image', 'file', 'money', 'boolean'].includes(shown.kind)) return shown.raw
  if (shown.kind === 'number') return shown.raw
  const end = column.path ? pathEnd(loader, def, column.path) : null
  if (end?.prop && (end.prop.media === 'text/html' || WIDGETS[end.def.form.layout.widgets[end.prop.path]?.widget ?? ''] === 'rich')) return shown.raw
  return shown.kind === 'range' ? shown.text : shown.text === '' ? null : shown.text
}

function sorted(rows: Record<string, unknown>[], by: string[]): Record<string, unknown>[] {
  const down = by.map((k) => k.startsWith('-'))
  const keys = new Map(rows.map((row) => [row, by.map((k) => sortKey(row[k.replace(/^-/, '')]))]))
  return [...rows].sort((a, b) => {
    for (const [i, backwards] of down.entries()) { const c = compareOne(keys.get(a)![i], keys.get(b)![i]); if (c !== 0) return backwards ? -c : c }
    return 0
  })
}
const sortKey = (value: unknown): unknown => (value == null || typeof value === 'number' ? value : naturalKey(String(value)))
/** what is missing comes last on paper */
const compareOne = (a: unknown, b: unknown): number => {
  if (a == null || b == null) return (a == null ? 1 : 0) - (b == null ? 1 : 0)
  return Array.isArray(a) && Array.isArray(b) ? compareKeys(a as Key, b as Key) : Number(a) - Number(b)
}
type Key = ReturnType<typeof naturalKey>
