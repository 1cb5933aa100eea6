import { own } from '#server/platform/json.ts'
import type { EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import type { Call, Problem } from '../../context.ts'
import { rowScope } from '../facts/scopes.ts'
import type { FactLoader } from '../facts/loader.ts'
import { pathEnd } from './column-of.ts'
import { applyFilters, missingFilters, oneOf, QUERY_UNKNOWN, whereContains } from './filters.ts'
import { isReadCompute } from '../schema/properties.ts'
import { isGuarded, isMasked } from './guarded-path.ts'
import { selectVisible } from './visible.ts'
import type { Select } from './select.ts'

/** What a person asks of a list; the same shape for pages, exports, documents and actions on a whole query. */
export interface ListAsk { tab?: string; filters?: Record<string, string>; sort?: string; search?: string }
export interface ListTab { id: string; title: { zh: string; en?: string }; codes: string[] }

/** Tabs of a list from its groups, or one per state; none when the person may not count by that field. */
export function tabsOf(loader: FactLoader, def: EntityDef, list: ListDef): ListTab[] {
  if (!list.tabs || isGuarded(loader, def, list.tabs.by)) return []
  const prop = pathEnd(loader, def, list.tabs.by)?.prop
  if (list.tabs.groups) return Object.entries(list.tabs.groups).map(([id, g]) => ({ id, title: g.title, codes: g.in }))
  if (prop?.states) return Object.entries(prop.states).map(([id, s]) => ({ id, title: s, codes: [id] }))
  return (prop?.enum ?? []).map((id) => ({ id, title: prop?.enumTitles?.[id] ?? { zh: id }, codes: [id] }))
}
export function whereTab(select: Select, def: EntityDef, list: ListDef, tab: ListTab): Select {
  if (tab.codes.length === 0) return select.whereSql('1 = 0')
  const by = def.properties[list.tabs!.by]
  if (by && isReadCompute(by)) select.passOver()
  return select.where(tab.codes.map((c) => `(${list.tabs!.by} = ${JSON.stringify(c)})`).join(' or '), rowScope(def))
}

export interface ListSort { path: string; down: boolean }
/** A path that SQL can order by and that tells nothing the person may not see. */
export function isSortable(loader: FactLoader, def: EntityDef, path: string): boolean {
  const end = pathEnd(loader, def, path)
  if (!end || end.many || end.inverse || end.prop?.sensitive || end.prop?.file || end.prop?.kind === 'object' || isGuarded(loader, def, path) || isMasked(loader, def, path)) return false
  // asked of `item`: bare names are rows of the query too, but the answer is about the named one
  return loader.context.registry.expression(loader.context.programme.id, `item.${path}`, rowScope(def)).notSqlable === null
}
/** "-column" or "-path" of the person, else the list's own, else the newest first. */
export function sortOf(loader: FactLoader, def: EntityDef, list: ListDef, asked: string | undefined): ListSort {
  for (const text of [asked, list.sort]) {
    if (!text) continue
    const name = text.replace(/^-/, '')
    const path = own(list.columns, name)?.path ?? name
    if (isSortable(loader, def, path)) return { path, down: text.startsWith('-') }
  }
  return { path: 'createdAt', down: true }
}

const sortable = (loader: FactLoader, def: EntityDef, list: ListDef): string[] => Object.entries(list.columns).flatMap(([id, c]) => (c.path && isSortable(loader, def, c.path) ? [id] : []))

/** The label, numbers and short texts of the list: where the keyword is looked for. */
export function searchPaths(loader: FactLoader, def: EntityDef, list: ListDef): string[] {
  const columns = Object.values(list.columns).flatMap((c) => [c, ...(c.group ?? [])]).flatMap((c) => c.path ?? [])
  const paths = [def.label, ...Object.values(def.properties).filter((p) => p.number).map((p) => p.path), ...columns, ...Object.values(list.filters).map((f) => f.path)]
  return [...new Set(paths)].filter((path) => {
    const p = pathEnd(loader, def, path)?.prop
    return p?.kind === 'string' && !p.states && !p.enum && !p.compute?.expr.includes('rows(') && p.compute?.at !== 'read' && p.path !== 'id' && p.path !== 'status' && p.path !== 'program' && isSortable(loader, def, path)
  }).slice(0, 12)
}

export interface Applied { problems: Problem[]; /** first filter without which the list shows nothing */ need?: string }

/**
 * Puts a list's own condition and what the person asks into a query that already holds their rights: filters, tab, keyword, order.
 * A filter that the person may not use, or whose value cannot be, finds nothing and is told in `problems`.
 */
export function applyQuery(call: Call, select: Select, list: ListDef, query: ListAsk, options: { /** default true */ sort?: boolean; /** default true */ tab?: boolean } = {}): Applied {
  const { loader, def } = select
  if (call.actor.role !== loader.context.session['role']) throw new Error('the query was begun for another role')
  if (list.where) select.where(list.where, rowScope(def))
  const problems = applyFilters(select, def, list, query.filters)
  if (options.tab !== false && query.tab) {
    const tabs = tabsOf(loader, def, list)
    const tab = tabs.find((t) => t.id === query.tab)
    if (tab) whereTab(select, def, list, tab)
    else problems.push({ code: QUERY_UNKNOWN, message: `没有页签“${query.tab.slice(0, 60)}”，${oneOf(tabs.map((t) => t.id))}`, path: 'tab' })
  }
  const search = query.search?.trim().slice(0, 100)
  if (search) select.whereAny(searchPaths(loader, def, list).map((path) => whereContains(select, def, path, search)))
  if (options.sort !== false) {
    const sort = sortOf(loader, def, list, query.sort)
    select.order(sort.path, rowScope(def), sort.down).orderSql(`t.id ${sort.down ? 'DESC' : 'ASC'}`)
  }
  const by = query.sort?.replace(/^-/, '')
  if (by && !isSortable(loader, def, own(list.columns, by)?.path ?? by)) problems.push({ code: QUERY_UNKNOWN, message: `不能按“${by.slice(0, 60)}”排序，${oneOf(sortable(loader, def, list))}`, path: 'sort' })
  const need = missingFilters(list, query.filters)[0]
  return { problems, ...(need ? { need } : {}) }
}

/** What of a query there is not: filters, tab or order, each with those there are. Nothing is asked of the database. */
export function unknownOf(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, query: ListAsk): Problem[] {
  const select = selectVisible(call, loader, def)
  return select ? applyQuery(call, select, list, query, { sort: false }).problems.filter((p) => p.code === QUERY_UNKNOWN) : []
}
