import type { Cell, ListQuery, ReportView } from '#server/services.ts'
import { may } from '#server/runtime/access/index.ts'
import type { EntityDef, ListDef, ReportDef } from '#server/runtime/definitions/index.ts'
import { applyQuery, columnTitle, factsFor, isGuarded, pathEnd, presentValue, propertyToFeel, rowScope, selectVisible, unknownOf, type FactLoader } from '#server/runtime/records/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { filtersOf } from './list-columns.ts'
import { measure, shownNumber, type Measured } from './measures.ts'
import { entityOf, mayRead, notFound, refused, textOf, type ViewParts } from './parts.ts'

type Made = Pick<ReportView, 'title' | 'columns' | 'rows' | 'values' | 'chart'>

/** A report takes the filters of the entity's first list. */
const filtersFor = (def: EntityDef): ListDef => ({ title: { zh: '' }, columns: {}, filters: Object.values(def.form.lists)[0]?.filters ?? {} })

/** A statistic over exactly the rows that the person may see. */
export async function viewReport(parts: ViewParts, actor: Actor, entity: string, id: string, query: ListQuery): Promise<Result<ReportView>> {
  const call = parts.core.call(actor)
  const home = entityOf(parts, call, entity)
  const report = home && Object.hasOwn(home.form.reports, id) ? home.form.reports[id] : undefined
  const def = report ? entityOf(parts, call, report.from) : null
  if (!home || !report || !def || !(mayRead(call, def) || may(call.programme, home, actor.role, `report:${id}`))) return notFound()
  const loader = factsFor(parts.core.engine, call)
  const hidden = report.groupBy.find((path) => isGuarded(loader, def, path))
  if (hidden) return refused('FORBIDDEN', '统计依据的字段您无权查看', 403)
  const unknown = unknownOf(call, loader, def, filtersFor(def), query.filters ? { filters: query.filters } : {})
  if (unknown.length) return refused('QUERY_INVALID', unknown, 400)
  const siblings = Object.entries(home.form.reports).map(([key, r]) => ({ id: key, title: textOf(call, r.title) }))
  return { ok: true, entity: home.id, id, from: { entity: def.id, list: Object.keys(def.form.lists)[0] ?? '' }, groups: report.groupBy.length, siblings, filters: await filtersOf(call, loader, def, filtersFor(def), query.filters), ...(await makeReport(call, loader, def, report, query)) }
}

export async function makeReport(call: Call, loader: FactLoader, def: EntityDef, report: ReportDef, query: ListQuery): Promise<Made> {
  const columns = [
    ...report.groupBy.map((path) => ({ id: path, title: groupTitle(call, loader, def, path) })),
    ...Object.entries(report.measures).map(([id, m]) => ({ id, title: textOf(call, m.title) })),
  ]
  const title = textOf(call, report.title)
  const select = selectVisible(call, loader, def)
  if (!select) return { title, columns, rows: [], values: [] }
  if (report.where) select.where(report.where, rowScope(def))
  applyQuery(call, select, filtersFor(def), { ...(query.filters ? { filters: query.filters } : {}) }, { sort: false })
  const found = await measure(select, def, report.groupBy, report.measures, loader)
  const texts = await loader.settleAll(found, (row) => row.groups.map((v, i) => groupText(call, loader, def, report.groupBy[i]!, v)))
  return {
    title, columns, ...(report.chart ? { chart: report.chart } : {}),
    rows: found.map((row, n) => [...texts[n]!.map((text): Cell => ({ text })), ...numbers(report, row)]),
    values: found.map((row, n) => [...texts[n]!, ...Object.keys(report.measures).map((id) => row.values[id] ?? 0)]),
  }
}
/** What is drawn: several group columns become one axis; shares of a hundred do not stand beside counts. */
export function chartOf(report: ReportDef, made: Made): { columns: string[]; rows: (string | number)[][] } {
  const n = report.groupBy.length
  const counts = Object.values(report.measures).flatMap((m, i) => (m.format === 'percent' ? [] : [n + i]))
  return { columns: [made.columns.slice(0, n).map((c) => c.title).join(' · '), ...counts.map((i) => made.columns[i]!.title)], rows: made.values.map((r) => [r.slice(0, n).join(' · '), ...counts.map((i) => r[i]!)]) }
}

/** The name of what a reference leads to is headed by the reference: `book.author.name` reads as the author. */
function groupTitle(call: Call, loader: FactLoader, def: EntityDef, path: string): string {
  const cut = path.lastIndexOf('.')
  const before = cut > 0 ? pathEnd(loader, def, path.slice(0, cut))?.prop : undefined
  const label = before?.ref ? before.ref.label || loader.definition(before.ref.entity).label : undefined
  return columnTitle(loader, def, { path: label === path.slice(cut + 1) ? path.slice(0, cut) : path }, call.actor.lang)
}

const numbers = (report: ReportDef, row: Measured): Cell[] => Object.entries(report.measures).map(([id, m]) => {
  const n = row.values[id] ?? null
  return { text: m.format === 'percent' && n !== null ? `${shownNumber(Math.round(n * 10_000) / 100)}%` : shownNumber(n), kind: 'number' }
})

function groupText(call: Call, loader: FactLoader, def: EntityDef, path: string, value: number | string | null): string {
  const p = pathEnd(loader, def, path)?.prop
  if (value === null) return ''
  if (!p) return String(value)
  const json = p.kind === 'boolean' ? Number(value) === 1 : p.kind === 'number' ? Number(value) / 10 ** (p.scale ?? 0) : p.kind === 'ref' ? String(value) : value
  return presentValue(loader, p, propertyToFeel(p, json), call.actor.lang).text
}
