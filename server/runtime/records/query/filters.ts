import type { EntityDef, FilterDef, ListDef, PropertyDef } from '#server/runtime/definitions/index.ts'
import { decimal, instant, parseInstant, plainDate } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { FactLoader } from '../facts/loader.ts'
import type { Problem } from '../../context.ts'
import { rowScope } from '../facts/scopes.ts'
import { columnOf } from '../schema/properties.ts'
import { pathEnd } from './column-of.ts'
import { isGuarded, isMasked } from './guarded-path.ts'
import type { Fragment, Select } from './select.ts'

export type FilterKind = 'text' | 'number' | 'select' | 'ref' | 'range' | 'blind' | 'boolean'
export interface FilterShape { kind: FilterKind; prop?: PropertyDef; many: boolean; /** of a range */ over?: 'window' | 'instant' | 'date' | 'number' }

const isWindow = (p: PropertyDef | undefined): boolean => p?.kind === 'object' && Boolean(p.properties?.['start'] && p.properties['end'])

/** How a filter is asked, from what its path ends at; null = it cannot be asked by this person or in SQL. */
export function filterShape(loader: FactLoader, def: EntityDef, filter: FilterDef): FilterShape | null {
  const end = pathEnd(loader, def, filter.path)
  if (!end || end.inverse || isGuarded(loader, def, filter.path)) return null
  const own = end.prop
  const prop = own?.kind === 'array' ? own.items : own
  const many = end.many
  if (prop?.sensitive) return { kind: 'blind', prop, many }
  if (prop?.kind === 'string' && !prop.enum && !prop.states && isMasked(loader, def, filter.path)) return { kind: 'blind', prop, many }
  if (prop?.ref) return { kind: 'ref', prop, many }
  if (prop?.states ?? prop?.enum) return { kind: 'select', prop: prop!, many }
  if (filter.values) return { kind: 'select', ...(prop ? { prop } : {}), many }
  if (prop?.kind === 'boolean') return { kind: 'boolean', prop, many }
  if (isWindow(prop)) return { kind: 'range', prop: prop!, many, over: 'window' }
  if (prop?.kind === 'date-time') return { kind: 'range', prop, many, over: 'instant' }
  if (prop?.kind === 'date') return { kind: 'range', prop, many, over: 'date' }
  const numeric = prop?.kind === 'integer' || prop?.kind === 'number'
  if (numeric) return { kind: 'number', prop: prop!, many, over: 'number' }
  return { kind: 'text', ...(prop ? { prop } : {}), many }
}

const DAY = 86_400_000
/** what was asked by a name that there is not: nothing else may be answered instead */
export const QUERY_UNKNOWN = 'QUERY_UNKNOWN'
export const oneOf = (names: string[]): string => (names.length ? `可用：${names.join('、')}` : '此处没有可用的')
const CODE = (code: string): string => JSON.stringify(code)
const isNumber = (text: string): boolean => /^-?\d{1,15}(\.\d{1,6})?$/.test(text)

/** Parameters of a statement are named, so that one compiled text serves every value. */
class Params {
  private n = 0
  private readonly values: Record<string, FeelValue>
  constructor(select: Select) { this.values = (select.scope.names['params'] as Record<string, FeelValue> | undefined) ?? (select.scope.names['params'] = {} as Record<string, FeelValue>) as Record<string, FeelValue> }
  add(value: FeelValue): string {
    while (Object.hasOwn(this.values, `v${this.n}`)) this.n++
    this.values[`v${this.n}`] = value
    return `params.v${this.n}`
  }
}

function bounds(over: FilterShape['over'], value: string, zone: string): { from: FeelValue; to: FeelValue } | null {
  const [a = '', b = ''] = value.split('~').map((x) => x.trim())
  if (over === 'number') return (a === '' || isNumber(a)) && (b === '' || isNumber(b)) ? { from: a ? decimal(a) : null, to: b ? decimal(b) : null } : null
  if (over === 'date') return { from: /^\d{4}-\d\d-\d\d$/.test(a) ? plainDate(a) : null, to: /^\d{4}-\d\d-\d\d$/.test(b) ? plainDate(b) : null }
  const at = (text: string, end: boolean): FeelValue => {
    const day = /^\d{4}-\d\d-\d\d$/.test(text)
    const ms = text === '' ? null : parseInstant(day ? `${text}T00:00:00` : text, zone)
    return ms === null ? null : instant(day && end ? ms + DAY : ms)
  }
  return { from: at(a, false), to: at(b, true) }
}

/** FEEL condition of one filter; undefined = nothing was asked; false = no row can meet it. */
function conditionOf(shape: FilterShape, filter: FilterDef, value: string, params: Params, zone: string): string | undefined | false {
  const { path } = filter
  const bare = path.replaceAll('[]', '')
  const any = (parts: string[]): string | false => (parts.length ? parts.map((p) => `(${p})`).join(' or ') : false)
  const list = value.split(',').map((v) => v.trim()).filter(Boolean)
  switch (shape.kind) {
    case 'blind': return `${bare} = ${params.add(value.trim())}`
    case 'ref': return any(list.filter((v) => /^\d{1,18}$/.test(v)).map((v) => { const p = params.add(v); return shape.many ? `list contains(${bare}, ${p})` : `${bare} = ${p}` }))
    case 'select': {
      const known = new Set([...Object.keys(shape.prop?.states ?? {}), ...(shape.prop?.enum ?? []), ...Object.keys(filter.values ?? {})])
      const codes = list.filter((v) => known.has(v))
      if (shape.prop?.kind === 'integer' || shape.prop?.kind === 'number') return any(codes.filter(isNumber).map((v) => `${bare} = ${params.add(decimal(v))}`))
      return any(codes.map((v) => (shape.many ? `list contains(${bare}, ${CODE(v)})` : `${bare} = ${CODE(v)}`)))
    }
    case 'boolean': return value === 'true' ? `${bare} = true` : value === 'false' ? `${bare} != true` : undefined
    case 'number': if (!value.includes('~')) return isNumber(value.trim()) ? `${bare} = ${params.add(decimal(value.trim()))}` : false
    // falls through: "2024~2026" is a range of numbers
    case 'range': {
      const b = bounds(shape.over, value, zone)
      if (!b) return false
      const [first, last] = shape.over === 'window' ? [`${bare}.end`, `${bare}.start`] : [bare, bare]
      const parts = [...(b.from === null ? [] : [`${first} ${shape.over === 'window' ? '>' : '>='} ${params.add(b.from)}`]), ...(b.to === null ? [] : [`${last} ${shape.over === 'date' || shape.over === 'number' ? '<=' : '<'} ${params.add(b.to)}`])]
      return parts.length ? parts.join(' and ') : undefined
    }
    case 'text': return undefined
  }
}

/** The text is found anywhere in the value, as it is written. */
export const whereContains = (select: Select, def: EntityDef, path: string, text: string) => (): Fragment => {
  const f = select.fragment(path.replaceAll('[]', ''), rowScope(def))
  return { sql: `INSTR(${f.sql}, ?) > 0`, params: [...f.params, { value: text }] }
}

/** What is asked of each filter: the person's value, else the list's default. */
export function filterValues(list: ListDef, given: Record<string, string> = {}): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [id, f] of Object.entries(list.filters)) {
    const value = given[id] ?? (f.default == null ? '' : String(f.default))
    if (value.trim() !== '') out[id] = value.trim().slice(0, 2_000)
  }
  return out
}

/** Filters of a list that a page cannot do without and that have no value. */
export const missingFilters = (list: ListDef, given: Record<string, string> | undefined): string[] => {
  const values = filterValues(list, given)
  return (list.require ?? []).map((name) => (list.filters[name] ? name : (Object.entries(list.filters).find(([, f]) => f.path === name)?.[0] ?? name))).filter((id) => !values[id])
}

export function applyFilters(select: Select, def: EntityDef, list: ListDef, given: Record<string, string> | undefined): Problem[] {
  const params = new Params(select)
  const problems: Problem[] = []
  const none = (id: string, message: string): void => { select.whereSql('1 = 0'); problems.push({ code: 'QUERY_INVALID', message, path: `filter.${id}` }) }
  const usable = () => Object.entries(list.filters).filter(([, f]) => filterShape(select.loader, def, f)).map(([id]) => id)
  const unknown = (id: string): void => { select.whereSql('1 = 0'); problems.push({ code: QUERY_UNKNOWN, message: `没有筛选条件“${id.slice(0, 60)}”，${oneOf(usable())}`, path: `filter.${id.slice(0, 60)}` }) }
  for (const id of Object.keys(given ?? {})) if (given![id] && !Object.hasOwn(list.filters, id)) unknown(id)
  for (const [id, value] of Object.entries(filterValues(list, given))) {
    const filter = list.filters[id]!
    const shape = filterShape(select.loader, def, filter)
    // a filter that is closed to the person is told like one that is not there
    if (!shape) { if (given?.[id]) unknown(id); else select.whereSql('1 = 0'); continue }
    if (shape.kind === 'text') { select.whereAny([whereContains(select, def, filter.path, value)]); continue }
    const condition = conditionOf(shape, filter, value, params, select.loader.context.zone)
    const [only, ...others] = value.split(',').map((v) => v.trim()).filter(Boolean)
    const own = def.properties[filter.path]
    if (shape.kind === 'ref' && own?.ref && own.column && only && /^\d{1,18}$/.test(only) && others.length === 0) select.sharing(columnOf(own), own.ref.entity, only)
    if (condition === false) none(id, `筛选条件“${filter.title?.zh ?? shape.prop?.title.zh ?? id}”的值不正确`)
    else if (condition !== undefined) select.where(condition, rowScope(def))
  }
  return problems
}
