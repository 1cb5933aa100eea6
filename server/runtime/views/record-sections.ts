import { may } from '#server/runtime/access/index.ts'
import { mask as maskText } from '#server/runtime/expressions/index.ts'
import type { Cell, Field, RecordView } from '#server/services.ts'
import type { ColumnDef, EntityDef, PropertyDef, SectionDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { columnTitle, isRow, pathEnd, presentValue, propertyAt, recordScope, type FactLoader, type Shown } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { fileNames, ruleAt, shownAt, toCell, oneCell } from './cells.ts'
import { textOf, type ViewParts } from './parts.ts'
import { sectionRows } from './section-rows.ts'

interface Grid { columns: { id: string; title: string }[]; rows: (Shown | null)[][] }
interface Draft { path: string; title: string; wide: boolean; shown: Shown | null; grid?: Grid }

/** Sections of the layout, or one with everything when there is none. */
export const sectionsOf = (def: EntityDef): [string, SectionDef][] => {
  const written = Object.entries(def.form.layout.sections)
  return written.length ? written : [['main', { fields: Object.values(def.properties).filter((p) => p.path !== 'status' || p.states).map((p) => p.path) }]]
}
export const isInverse = (def: EntityDef, path: string): boolean => !def.properties[path] && Object.hasOwn(def.inverses, path)

const holds = (loader: FactLoader, def: EntityDef, text: string | undefined, row: FeelValue): boolean =>
  text === undefined || loader.context.registry.expression(loader.context.programme.id, text, recordScope(def)).evaluate(loader.scope({ record: row, item: row, old: null })) === true

/** A field is there when no rule hides it and its own condition and those of what it lies in hold. */
function isShown(loader: FactLoader, def: EntityDef, path: string, row: FeelValue): boolean {
  const steps = path.split('.')
  return steps.every((_, i) => holds(loader, def, propertyAt(def, steps.slice(0, i + 1).join('.'))?.when?.visible, row))
}

/** A personal number inside a list is masked like one outside. */
function itemShown(call: Call, loader: FactLoader, def: EntityDef, list: PropertyDef, item: PropertyDef, value: FeelValue, row: FeelValue): Shown {
  const shown = presentValue(loader, item, value, call.actor.lang, undefined, def)
  const mask = ruleAt(call, loader, def, row, `${list.path}[].${item.name}`).mask ?? (item.sensitive && !may(call.programme, def, call.actor.role, 'unmask') ? '3:*:4' : undefined)
  return mask && shown.text ? { ...shown, text: maskText(shown.text, mask) ?? '', raw: null } : shown
}

function gridOf(call: Call, loader: FactLoader, def: EntityDef, p: PropertyDef, row: { $: 'row'; entity: string; id: string }): Grid | null {
  const list = loader.property(row, p.name)
  const values = Array.isArray(list) ? list : []
  const columns = def.form.layout.widgets[p.path]?.options?.['columns']
  if (p.items?.ref && Array.isArray(columns)) {
    const target = loader.definition(p.items.ref.entity)
    const paths = columns.filter((c): c is string => typeof c === 'string')
    return { columns: paths.map((path) => ({ id: path, title: columnTitle(loader, target, { path }, call.actor.lang) })), rows: values.filter(isRow).map((r) => paths.map((path) => shownAt(call, loader, target, { path }, r))) }
  }
  const items = Object.values(p.items?.properties ?? {}).filter((c) => !ruleAt(call, loader, def, row, `${p.path}[].${c.name}`).hidden)
  if (!p.items?.properties) return null
  return {
    columns: items.map((c) => ({ id: c.name, title: textOf(call, c.title) })),
    rows: values.map((v) => items.map((c) => itemShown(call, loader, def, p, c, (v as Record<string, FeelValue> | null)?.[c.name] ?? null, row))),
  }
}

function fieldOf(call: Call, loader: FactLoader, def: EntityDef, path: string, row: { $: 'row'; entity: string; id: string }): Draft | null {
  const column: ColumnDef = { path }
  const end = pathEnd(loader, def, path)
  if (!end || !isShown(loader, def, path, row) || ruleAt(call, loader, def, row, path).hidden) return null
  const own = propertyAt(def, path)
  const called = def.form.layout.widgets[path]?.options?.['title']
  const title = typeof called === 'string' ? called : columnTitle(loader, def, column, call.actor.lang)
  const grid = own?.kind === 'array' && !path.includes('.') ? gridOf(call, loader, def, own, row) : null
  if (grid) return { path, title, wide: true, shown: null, grid }
  const shown = shownAt(call, loader, def, column, row)
  return { path, title, wide: shown?.kind === 'rich' || (end.prop?.maxLength ?? 0) > 200, shown }
}

/** What the record holds, by the sections of its form. */
export async function recordSections(parts: ViewParts, call: Call, loader: FactLoader, def: EntityDef, id: string): Promise<RecordView['sections']> {
  const row = { $: 'row', entity: def.id, id } as const
  const made = await loader.settle(() => sectionsOf(def).filter(([, s]) => holds(loader, def, s.if, row)).map(([key, s]) => ({
    id: key, title: textOf(call, s.title), section: s, fields: s.fields.filter((p) => !isInverse(def, p)).flatMap((path) => fieldOf(call, loader, def, path, row) ?? []),
  })))
  for (const m of made) {
    const grid = m.section.rows === undefined ? null : await sectionRows(call, loader, def, m.section, row)
    if (grid) m.fields.push({ path: m.id, title: m.title, wide: true, shown: null, grid })
  }
  const names = await fileNames(parts, made.flatMap((s) => s.fields.flatMap((f) => [f.shown, ...(f.grid?.rows.flat() ?? [])])))
  const cell = (s: Shown | null): Cell | Cell[] => toCell(call, parts, s, names)
  return made.filter((s) => s.fields.length).map((s) => ({
    id: s.id, title: s.title,
    fields: s.fields.map((f): Field => ({
      path: f.path, title: f.title, cell: f.grid ? { text: '' } : cell(f.shown), ...(f.wide ? { wide: true } : {}),
      ...(f.grid ? { table: { columns: f.grid.columns, rows: f.grid.rows.map((r) => r.map((c) => oneCell(cell(c)))) } } : {}),
    })),
  }))
}
