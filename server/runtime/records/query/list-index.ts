import { columnsOfRole, type EntityDef, type ListDef } from '#server/runtime/definitions/index.ts'
import type { Call } from '../../context.ts'
import type { FactLoader } from '../facts/loader.ts'
import { indexName } from '../schema/tables.ts'
import { pathEnd } from './column-of.ts'
import { filterValues } from './filters.ts'
import { indexesOf } from './index-of.ts'
import { sortOf, type ListAsk } from './list-query.ts'

/**
 * The index that was made for what is asked: the optimizer of MySQL takes another that begins alike, or sorts. undefined = none was,
 * the rows come by several ways, or a filter has an index of its own that may find them sooner.
 */
export function listIndex(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk, aim: 'page' | 'count'): string | undefined {
  const columns = columnsOfRole(call.programme, def, call.actor.role)
  if (columns.length > 1 || ask.search?.trim()) return undefined
  const sort = sortOf(loader, def, list, ask.sort)
  const by = pathEnd(loader, def, sort.path)?.prop?.column?.name
  const begin = [...(def.home === 'programme' ? ['program'] : []), ...columns]
  const all = indexesOf(def)
  const leads = (column: string): boolean => all.some((ix) => ix[0] === column || (ix[0] === 'program' && ix[1] === column))
  const asked: string[] = []
  for (const id of Object.keys(filterValues(list, ask.filters))) {
    const path = list.filters[id]!.path
    const column = def.properties[path]?.column?.name ?? def.scopeColumns?.[path]?.column
    if (column === undefined || (leads(column) && !begin.includes(column))) return undefined
    asked.push(column)
  }
  const byState = ask.tab !== undefined && ask.tab !== '' && list.tabs?.by === 'status'
  const starts = (want: string[]): string[] | undefined => all.find((ix) => want.every((c, i) => ix[i] === c))
  const order = by ? [by, 'id'] : []
  const found = (aim === 'count' ? starts([...begin, 'status']) : undefined)
    ?? (byState || /(^|[^.\w])status = "[^"]*"$/.test(list.where ?? '') ? starts([...begin, 'status', ...order]) : undefined) ?? starts([...begin, ...order])
  return by && found && asked.every((c) => found.includes(c)) ? indexName(def.table, found) : undefined
}
