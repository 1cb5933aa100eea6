import type { CellKind, Choice, ListColumn, ListFilter } from '#server/services.ts'
import type { ColumnDef, EntityDef, FilterDef, ListDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { columnTitle, filterShape, filterValues, isRangeColumn, isSortable, missingFilters, pathEnd, rowScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { textOf, word } from './parts.ts'

/** How a column is drawn, as far as its definition tells. */
export function columnKind(loader: FactLoader, def: EntityDef, column: ColumnDef): CellKind {
  if (column.format === 'money') return 'money'
  const end = column.path ? pathEnd(loader, def, column.path) : null
  if (!end) return 'text'
  if (end.many) return 'list'
  return propertyKind(end.prop, end.def)
}
export function propertyKind(p: PropertyDef | undefined, def: EntityDef): CellKind {
  if (!p) return 'text'
  if (p.states) return 'state'
  if (p.file) return p.file.kind === 'image' || p.file.kind === 'signature' ? 'image' : 'file'
  if (p.ref) return 'ref'
  const widget = def.form.layout.widgets[p.path]?.widget
  if (widget === 'money') return 'money'
  if (widget === 'rich-text' || p.media === 'text/html') return 'rich'
  if (p.kind === 'boolean' || p.kind === 'date' || p.kind === 'date-time') return p.kind
  if (p.kind === 'integer' || p.kind === 'number') return 'number'
  if (p.kind === 'array') return 'list'
  return p.kind === 'object' && p.properties?.['start'] && p.properties['end'] ? 'range' : 'text'
}

/** Where the record is named: the first column, or part of a group, that shows something its label is made of. */
function mainOf(def: EntityDef, list: ListDef): { id: string; at: true | number } | null {
  const named = def.label.match(/[A-Za-z_][\w.]*/g) ?? []
  for (const path of named)
    for (const [id, c] of Object.entries(list.columns)) {
      if (!c.group && c.path === path) return { id, at: true }
      const at = c.group?.findIndex((g) => g.path === path) ?? -1
      if (at >= 0) return { id, at }
    }
  return null
}

export function columnsOf(call: Call, loader: FactLoader, def: EntityDef, list: ListDef): ListColumn[] {
  const { lang } = call.actor
  const main = mainOf(def, list)
  return Object.entries(list.columns).map(([id, c]) => ({
    id, title: columnTitle(loader, def, c, lang) || id, kind: isRangeColumn(c) ? 'range' : c.group ? 'list' : columnKind(loader, def, c), sortable: Boolean(!c.group && c.path && isSortable(loader, def, c.path)),
    ...(main?.id === id ? { main: main.at } : {}), ...(c.width ? { width: c.width } : {}), ...(c.fixed ? { fixed: c.fixed } : {}),
    ...(c.group && !isRangeColumn(c) ? { group: c.group.map((g, n) => ({ id: `${id}.${n}`, title: columnTitle(loader, def, g, lang) })) } : {}),
  }))
}

/** Choices of a property with codes. */
export function choicesOf(call: Call, p: PropertyDef | undefined, values?: FilterDef['values']): Choice[] {
  if (values) return Object.entries(values).map(([value, t]) => ({ value, label: textOf(call, t) }))
  if (p?.states) return Object.entries(p.states).map(([value, s]) => ({ value, label: textOf(call, s), ...(s.colour ? { colour: s.colour } : {}) }))
  return (p?.enum ?? []).map((value) => ({ value, label: p?.enumTitles?.[value] ? textOf(call, p.enumTitles[value]) : value }))
}

/** Filters the person may use, with the words of what is chosen. */
export async function filtersOf(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, given: Record<string, string> | undefined): Promise<ListFilter[]> {
  const values = filterValues(list, given)
  const required = new Set(missingFilters({ ...list, filters: Object.fromEntries(Object.entries(list.filters).map(([k, f]) => [k, { path: f.path }])) }, {}))
  const out: ListFilter[] = []
  for (const [id, f] of Object.entries(list.filters)) {
    const shape = filterShape(loader, def, f)
    if (!shape) continue
    const value = values[id]
    const label = shape.kind === 'ref' && value ? await refLabels(loader, shape.prop!, value) : undefined
    out.push({
      id, title: textOf(call, f.title) || columnTitle(loader, def, { path: f.path }, call.actor.lang), kind: shape.kind,
      ...(shape.kind === 'select' ? { options: choicesOf(call, shape.prop, f.values) } : {}),
      ...(shape.kind === 'boolean' ? { options: [{ value: 'true', label: word(call.actor.lang, '是', 'Yes') }, { value: 'false', label: word(call.actor.lang, '否', 'No') }] } : {}),
      ...(value === undefined ? {} : { value }), ...(label === undefined ? {} : { label }), ...(required.has(id) ? { required: true } : {}),
    })
  }
  return out
}

async function refLabels(loader: FactLoader, p: PropertyDef, value: string): Promise<string> {
  const target = loader.definition(p.ref!.entity)
  const ids = value.split(',').filter((v) => /^[1-9]\d{0,15}$/.test(v))
  const texts = await loader.settleAll(ids, (id) => {
    const row = { $: 'row', entity: target.id, id } as const
    const label = loader.context.registry.expression(loader.context.programme.id, p.ref!.label || target.label, rowScope(target)).evaluate(loader.scope({ record: row, item: row }))
    return typeof label === 'string' ? label : id
  })
  return texts.join('、')
}
