import type { ColumnDef, EntityDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { fromFeel, mask as maskText } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Lang } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { rowScope } from '../facts/scopes.ts'
import { isRow } from '../schema/feel-values.ts'
import { clockText } from './clock-text.ts'
import { pathEnd } from './column-of.ts'

export type ShownKind = 'text' | 'number' | 'date' | 'date-time' | 'range' | 'state' | 'boolean' | 'image' | 'file' | 'ref' | 'money' | 'rich' | 'list'
/** A value as it is shown; `raw` for sorting numbers, ISO for times, file ids for files. */
export interface Shown { text: string; kind: ShownKind; raw: unknown; colour?: string; refEntity?: string; refId?: string; list?: Shown[] }

const YES = { zh: ['是', '否'], en: ['Yes', 'No'] }
const nothing = (kind: ShownKind): Shown => ({ text: '', kind, raw: null })

/** Value of a column for one row: evaluated, masked, in words. Call inside settle. `mask` of the person's field rules goes before the column's. */
export function presentColumn(loader: FactLoader, def: EntityDef, column: ColumnDef, row: FeelValue, lang: Lang, options: { mask?: string; hidden?: boolean } = {}): Shown {
  if (options.hidden) return { text: '', kind: 'text', raw: null }
  if (isRangeColumn(column)) return presentSlot(loader, def, column, row)
  const { registry, programme } = loader.context
  const text = column.expr ?? column.path ?? 'id'
  const value = registry.expression(programme.id, text.replaceAll('[]', ''), rowScope(def)).evaluate(loader.scope({ record: row, item: row }))
  const end = column.path ? pathEnd(loader, def, column.path) : null
  const shown = end?.inverse ? presentList(loader, value, lang) : presentValue(loader, end?.prop, value, lang, column.format, end?.def)
  const mask = options.mask ?? (column.mask && column.mask !== 'none' ? column.mask : undefined)
  return mask ? maskShown(shown, mask) : shown
}

/** Two instants shown as one window or slot. */
export const isRangeColumn = (c: ColumnDef): boolean => c.format === 'range' && c.group?.length === 2
function presentSlot(loader: FactLoader, def: EntityDef, column: ColumnDef, row: FeelValue): Shown {
  const { registry, programme, zone } = loader.context
  const [start, end] = (column.group ?? []).map((c) => registry.expression(programme.id, (c.expr ?? c.path ?? 'id'), rowScope(def)).evaluate(loader.scope({ record: row, item: row })))
  return isInstant(start) && isInstant(end) ? { text: rangeText(start.ms, end.ms, zone), kind: 'range', raw: [new Date(start.ms).toISOString(), new Date(end.ms).toISOString()] } : nothing('range')
}

const starred = (text: string, mask: string): string => (text ? (maskText(text, mask) ?? '') : '')
/** The same with stars in place of what the mask covers. */
export const maskShown = (s: Shown, mask: string): Shown => ({ ...s, text: starred(s.text, mask), raw: s.text ? starred(s.text, mask) : null, ...(s.list ? { list: s.list.map((x) => maskShown(x, mask)) } : {}) })
const presentList = (loader: FactLoader, value: FeelValue, lang: Lang): Shown => {
  const list = (Array.isArray(value) ? value : []).map((v) => presentValue(loader, undefined, v, lang))
  return { text: list.map((x) => x.text).join('、'), kind: 'list', raw: list.map((x) => x.raw), list }
}

export function presentValue(loader: FactLoader, prop: PropertyDef | undefined, value: FeelValue, lang: Lang, format?: string, owner?: EntityDef): Shown {
  const { zone } = loader.context
  if (Array.isArray(value)) {
    const item = prop?.kind === 'array' ? prop.items : prop
    const list = value.map((v) => presentValue(loader, item, v, lang, format, owner))
    return { text: list.map((x) => x.text).filter(Boolean).join('、'), kind: 'list', raw: list.map((x) => x.raw), list }
  }
  if (value === null) return nothing(prop?.kind === 'date-time' ? 'date-time' : 'text')
  if (isRow(value)) return presentRow(loader, value, lang)
  if (prop?.states) {
    const code = String(fromFeel(value, { kind: 'string' }))
    const s = prop.states[code]
    return { text: (lang === 'en' ? s?.en : undefined) ?? s?.zh ?? code, kind: 'state', raw: code, ...(s?.colour ? { colour: s.colour } : {}) }
  }
  if (prop?.enumTitles) {
    const code = String(fromFeel(value, { kind: 'string' }))
    const t = prop.enumTitles[code]
    return { text: (lang === 'en' ? t?.en : undefined) ?? t?.zh ?? code, kind: 'text', raw: code }
  }
  if (prop?.file) return { text: '', kind: prop.file.kind === 'image' || prop.file.kind === 'signature' ? 'image' : 'file', raw: String(fromFeel(value, { kind: 'string' })) }
  if (typeof value === 'boolean') return { text: YES[lang][value ? 0 : 1]!, kind: 'boolean', raw: value }
  if (prop?.kind === 'object' || (typeof value === 'object' && !('$' in value) && !('toFixed' in value))) return presentObject(loader, prop, value as Record<string, FeelValue>, lang, format, zone)
  if (typeof value === 'object' && '$' in value && value.$ === 'instant') return { text: clockText((value as unknown as { ms: number }).ms, format === 'date' ? 'yyyy-MM-dd' : format && /[yMdHms]{2}/.test(format) ? format : 'yyyy-MM-dd HH:mm', zone), kind: 'date-time', raw: new Date((value as unknown as { ms: number }).ms).toISOString() }
  const plain = fromFeel(value, { kind: 'any' })
  if (typeof plain === 'number') return format === 'money' ? { text: (plain / 100).toFixed(2), kind: 'money', raw: plain } : { text: grouped(plain), kind: 'number', raw: plain }
  return { text: String(plain), kind: prop?.kind === 'date' ? 'date' : 'text', raw: plain }
}
/** thousands are set apart from 10 000 */
const grouped = (n: number): string => (Math.abs(n) >= 10_000 && Number.isInteger(n) ? n.toLocaleString('en-US') : String(n))

function presentRow(loader: FactLoader, row: { $: 'row'; entity: string; id: string }, lang: Lang): Shown {
  const def = loader.definition(row.entity)
  const { registry, programme } = loader.context
  const label = registry.expression(programme.id, def.label, rowScope(def)).evaluate(loader.scope({ record: row, item: row }))
  const shown = presentValue(loader, pathEnd(loader, def, def.label)?.prop, isRow(label) ? null : label, lang)
  return { text: shown.text, kind: 'ref', raw: shown.text, refEntity: def.id, refId: row.id }
}

const isInstant = (v: FeelValue | undefined): v is FeelValue & { ms: number } => v !== null && typeof v === 'object' && '$' in v && (v as { $: string }).$ === 'instant'
/** {start, end} of instants is a window; one that ends at 00:00 shows the minute before. */
function presentObject(loader: FactLoader, prop: PropertyDef | undefined, value: Record<string, FeelValue>, lang: Lang, _format: string | undefined, zone: string): Shown {
  const { start, end } = value
  if (isInstant(start) && isInstant(end)) return { text: rangeText(start.ms, end.ms, zone), kind: 'range', raw: [new Date(start.ms).toISOString(), new Date(end.ms).toISOString()] }
  const parts = Object.entries(value).filter(([, v]) => v !== null).map(([k, v]) => {
    const p = prop?.properties?.[k]
    return `${p ? ((lang === 'en' ? p.title.en : undefined) ?? p.title.zh) : k}：${presentValue(loader, p, v, lang).text}`
  })
  return { text: parts.join('；'), kind: 'text', raw: null }
}
export function rangeText(from: number, to: number, zone: string): string {
  const midnight = clockText(to, 'HHmmss', zone) === '000000'
  const end = midnight ? to - 60_000 : to
  const sameDay = clockText(from, 'yyyyMMdd', zone) === clockText(end, 'yyyyMMdd', zone)
  return `${clockText(from, 'yyyy-MM-dd HH:mm', zone)}~${clockText(end, sameDay ? 'HH:mm' : 'yyyy-MM-dd HH:mm', zone)}`
}
