import type { DocumentDef, ExportDef, ListDef, LookupDef, MenuDef, ReportDef, Text } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'
import { readColumns, readFilters } from './columns.ts'

export const readMenu = (c: Cursor): MenuDef | null | undefined => {
  if (c.value === null || c.value === false) return null
  const group = c.string() ?? c.at('group').string()
  return group === undefined ? undefined : compact<MenuDef>({ group, order: c.at('order').number() ?? 0, page: c.at('page').string() })
}

const readTabs = (c: Cursor): ListDef['tabs'] => {
  const by = c.string() ?? c.at('by').string()
  if (by === undefined) return undefined
  const groups = c.at('groups').map((g, id) => ({ title: g.at('title').text() ?? { zh: id }, in: g.at('in').names() ?? g.names() ?? [] }))
  return Object.keys(groups).length > 0 ? { by, groups } : { by }
}

const readMeasure = (c: Cursor, id: string): { title: Text; expr: string; format?: string } =>
  compact({ title: c.at('title').text() ?? { zh: id }, expr: c.feel() ?? c.at('expr').feel() ?? '', format: c.isObject ? c.at('format').string() : undefined })

export const readList = (c: Cursor, id: string, formTitle: Text): ListDef => {
  const cards = c.at('cards').map(readMeasure)
  return compact<ListDef>({
    title: c.at('title').text() ?? (formTitle.zh === '' ? { zh: id } : formTitle), where: c.at('where').feel(), sort: c.at('sort').string(), columns: readColumns(c.at('columns')), filters: readFilters(c.at('filters')),
    tabs: readTabs(c.at('tabs')), menu: readMenu(c.at('menu')), cards: Object.keys(cards).length > 0 ? cards : undefined, require: c.at('require').names(), roles: c.at('roles').names(),
  })
}

export const readExport = (c: Cursor, id: string, firstList: string): ExportDef =>
  compact({ title: c.at('title').text() ?? { zh: id }, list: c.at('list').string() ?? firstList, rowNumber: c.at('rowNumber').value === true ? '序号' : c.at('rowNumber').string(), columns: readColumns(c.at('columns')), filename: c.at('filename').string() })

export const readReport = (c: Cursor, id: string, entity: string): ReportDef =>
  compact({ title: c.at('title').text() ?? { zh: id }, from: c.at('from').feel() ?? entity, where: c.at('where').feel(), groupBy: c.at('groupBy').names() ?? [], measures: c.at('measures').map(readMeasure), chart: c.at('chart').string() })

export const readDocument = (c: Cursor, id: string): DocumentDef => {
  const scope = c.at('scope').string()
  const bundle = c.at('bundle').string()
  return compact<DocumentDef>({
    template: c.string() ?? c.at('template').string() ?? id, title: c.at('title').text() ?? { zh: id }, scope: scope === 'selection' || scope === 'query' ? scope : 'record',
    groupBy: c.at('groupBy').string(), from: c.at('from').feel(), list: c.at('list').names(), if: c.at('if').feel(), bundle: bundle === 'zip' || bundle === 'merge' ? bundle : undefined,
  })
}

export const readLookup = (c: Cursor, id: string): LookupDef => {
  const keys = c.at('keys')
  const named = keys.isObject ? keys.map((k, key) => ({ title: k.at('title').text() ?? { zh: '' }, path: k.string() ?? k.at('path').string() ?? key })) : Object.fromEntries((keys.names() ?? []).map((path) => [path, { title: { zh: '' }, path }]))
  const masks = c.at('masks').feels() ?? {}
  const show = readColumns(c.at('show'))
  return compact<LookupDef>({
    public: c.at('public').boolean() ?? false, title: c.at('title').text() ?? { zh: id }, keys: named, where: c.at('where').feel(), rules: c.at('rules').names() ?? [],
    show: Object.fromEntries(Object.entries(show).map(([k, column]) => [k, masks[k] === undefined ? column : { ...column, mask: masks[k] }])),
    message: c.at('message').text() ?? { zh: '未查询到相符的信息，请核对后重试' }, claim: c.at('claim').feels(), orCreate: c.at('orCreate').feel(),
  })
}
