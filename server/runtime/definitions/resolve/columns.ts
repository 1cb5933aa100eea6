import type { ColumnDef, Dict, FilterDef } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'

const readGroup = (c: Cursor): ColumnDef[] | undefined => {
  if (Array.isArray(c.value)) return c.items().map((m) => readColumn(m, m.string() ?? ''))
  if (typeof c.value === 'string') return (c.names() ?? []).map((path) => ({ path }))
  return c.isObject ? c.entries().map(([path, m]) => readColumn(m, path)) : undefined
}

/** A column as path, as {path|expr|group,…}; `true` or a missing path means its key. */
export const readColumn = (c: Cursor, key: string): ColumnDef => {
  const path = c.string()
  if (path !== undefined) return { path }
  const fixed = c.at('fixed').string()
  const group = readGroup(c.at('group'))
  const expr = c.at('expr').feel()
  return compact<ColumnDef>({
    path: c.at('path').string() ?? (group === undefined && expr === undefined ? key : undefined), title: c.at('title').text(), mask: c.at('mask').string(), expr, group,
    width: c.at('width').number(), fixed: fixed === 'left' || fixed === 'right' ? fixed : undefined, format: c.at('format').string(),
  })
}

/** An object by key, or a list of paths. */
export const readColumns = (c: Cursor): Dict<ColumnDef> => {
  if (c.isObject) return c.map((m, key) => (m.value === false ? undefined : readColumn(m, key)))
  return Object.fromEntries((c.names() ?? []).map((path) => [path, { path }]))
}

const FILTER_KINDS = new Set(['text', 'select', 'ref', 'range', 'blind'])

const readFilter = (c: Cursor, key: string): FilterDef => {
  const kind = c.at('kind').string()
  const values = c.at('values').map((t) => t.text())
  return compact<FilterDef>({
    path: c.string() ?? c.at('path').string() ?? key, title: c.at('title').text(), kind: kind !== undefined && FILTER_KINDS.has(kind) ? (kind as FilterDef['kind']) : undefined,
    default: c.at('default').value, values: Object.keys(values).length > 0 ? values : undefined,
  })
}

export const readFilters = (c: Cursor): Dict<FilterDef> =>
  c.isObject ? c.map(readFilter) : Object.fromEntries((c.names() ?? []).map((path) => [path, { path }]))
