import type { Cell } from '#server/services.ts'
import { accessOf, may } from '#server/runtime/access/index.ts'
import type { ColumnDef, EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { fieldRules, hopsOf, pathEnd, presentColumn, rowScope, ruleFor, type FactLoader, type Shown } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { titlesOf } from './form-options.ts'
import { notePlain } from './personal-reads.ts'
import { recordHref, type ViewParts } from './parts.ts'

const DEFAULT_MASK = '3:*:4'

/** Field rules that hold for a path and one row, also those of entities on the way; call inside settle. */
export function ruleAt(call: Call, loader: FactLoader, def: EntityDef, row: FeelValue, path: string): { hidden: boolean; mask?: string; readOnly: boolean } {
  const out: { hidden: boolean; mask?: string; readOnly: boolean } = { hidden: false, readOnly: false }
  for (const hop of hopsOf(loader, def, path)) {
    if (Object.keys(accessOf(call.programme, hop.def, call.actor.role)?.fields ?? {}).length === 0) continue
    const at = hop.before === '' ? row : loader.context.registry.expression(call.programme.id, hop.before.replaceAll('[]', ''), rowScope(def)).evaluate(loader.scope({ record: row, item: row }))
    for (const target of Array.isArray(at) ? at : [at]) {
      if (target === null) continue
      const rule = ruleFor(fieldRules(call, loader, hop.def, target), hop.rest)
      if (!rule) continue
      out.hidden ||= rule.hidden
      if (hop.before === '') out.readOnly ||= rule.readOnly
      if (rule.mask) out.mask = rule.mask
    }
  }
  return out
}

/** An expression that reads a field which may be hidden is not shown to the role. */
const readsHidden = (call: Call, def: EntityDef, expr: string): boolean =>
  Object.entries(accessOf(call.programme, def, call.actor.role)?.fields ?? {}).some(([p, f]) => f.hidden && new RegExp(`\\b${p.split('.')[0]!}\\b`).test(expr))

/** Codes from a named source read as their titles. Changes `shown`, which is nobody else's yet. */
function titled(call: Call, p: PropertyDef, shown: Shown): void {
  const options = p.options ?? p.items?.options
  if (!options) return
  const words = titlesOf(call, options.source)
  for (const s of shown.list ?? [shown]) s.text = words[s.text] ?? s.text
  if (shown.list) shown.text = shown.list.map((s) => s.text).filter(Boolean).join('、')
}

/** One column of one row as the person may see it; null = hidden. Call inside settle. */
export function shownAt(call: Call, loader: FactLoader, def: EntityDef, column: ColumnDef, row: FeelValue): Shown | null {
  const { path, mask: own, ...rest } = column
  if (column.group?.some((c) => c.path && ruleAt(call, loader, def, row, c.path).hidden)) return null
  if (!path) return column.expr && readsHidden(call, def, column.expr) ? null : presentColumn(loader, def, column, row, call.actor.lang)
  const rule = ruleAt(call, loader, def, row, path)
  if (rule.hidden) return null
  const end = pathEnd(loader, def, path)
  const unmask = () => may(call.programme, def, call.actor.role, 'unmask') || (end !== null && may(call.programme, end.def, call.actor.role, 'unmask'))
  const written = own && own !== 'none' ? own : undefined
  const mask = rule.mask ?? written ?? (end?.prop?.sensitive && !unmask() ? DEFAULT_MASK : undefined)
  const widget = end?.prop ? end.def.form.layout.widgets[end.prop.path]?.widget : undefined
  const format = column.format ?? (widget === 'money' ? 'money' : undefined)
  const shown = presentColumn(loader, def, { ...rest, path, ...(format ? { format } : {}) }, row, call.actor.lang, mask ? { mask } : {})
  if (end?.prop?.sensitive && !mask && shown.text) notePlain(loader, row as { entity: string; id: string }, path)
  if (end?.prop) titled(call, end.prop, shown)
  return end?.prop && (end.prop.media === 'text/html' || widget === 'rich-text') && shown.kind === 'text' ? { ...shown, kind: 'rich' } : shown
}

/** Names of stored files by id, in one query. */
export async function fileNames(parts: ViewParts, shown: (Shown | null)[]): Promise<Map<string, string>> {
  const ids = new Set(shown.flatMap((s) => [s, ...(s?.list ?? [])]).flatMap((s) => (s && (s.kind === 'file' || s.kind === 'image') && s.raw ? [String(s.raw)] : [])))
  return namesOfFiles(parts, [...ids])
}
export async function namesOfFiles(parts: ViewParts, ids: string[]): Promise<Map<string, string>> {
  const numeric = ids.filter((id) => /^\d{1,16}$/.test(id))
  if (numeric.length === 0) return new Map()
  const where = parts.core.engine.db.idsIn('id', numeric)
  const rows = await parts.core.engine.db.all<{ id: number; name: string }>(`SELECT id, name FROM files WHERE ${where.sql}`, where.params)
  return new Map(rows.map((r) => [String(r.id), r.name]))
}

const plainText = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/&nbsp;/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 60)

/** What the browser draws. `short` is for tables: no formatted text. */
export function toCell(call: Call, parts: ViewParts, s: Shown | null, names: Map<string, string>, short = false): Cell | Cell[] {
  if (!s) return { text: '' }
  if (s.kind === 'list') {
    const list = (s.list ?? []).filter((x) => x.text || x.raw)
    if (list.some((x) => x.kind === 'file' || x.kind === 'image')) return list.map((x) => toCell(call, parts, x, names, short) as Cell)
    return { text: s.text, kind: 'list', items: list.map((x) => x.text) }
  }
  if (s.kind === 'file' || s.kind === 'image') return s.raw ? { text: names.get(String(s.raw)) ?? '', kind: s.kind, file: String(s.raw) } : { text: '' }
  if (s.kind === 'date-time') return s.raw && /^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(s.text) ? { text: String(s.raw), kind: 'date-time' } : { text: s.text, kind: 'date' }
  if (s.kind === 'rich') return short ? { text: plainText(s.text), kind: 'text' } : { text: s.text, kind: 'rich' }
  const target = s.kind === 'ref' && s.refEntity ? parts.core.registry.findEntity(call.programme.id, s.refEntity) : undefined
  const href = target && s.refId && may(call.programme, target, call.actor.role, 'read') ? recordHref(target, s.refId) : undefined
  return { text: s.text, kind: s.kind, ...(s.colour ? { colour: s.colour } : {}), ...(href ? { href } : {}) }
}
export const oneCell = (cell: Cell | Cell[]): Cell => (Array.isArray(cell) ? { text: cell.map((c) => c.text).join('、'), kind: 'list', items: cell.map((c) => c.text) } : cell)
