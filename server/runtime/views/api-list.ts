import type { EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import { applyQuery, factsFor, missingFilters, selectVisible, type FactLoader, type ListAsk } from '#server/runtime/records/index.ts'
import type { Actor, Call, Problem, Result } from '../context.ts'
import type { ApiPage, ApiQuery } from './api-types.ts'
import { apiProperties, recordsAsJson } from './api-value.ts'
import { cursors } from './list-cursor.ts'
import { COUNT_CAP, countRows, findPage } from './list-page.ts'
import { auditPlain } from './personal-reads.ts'
import { entityOf, listsOf, mayRead, notFound, page as pageOf, refused, type ViewParts } from './parts.ts'

/** All visible records under every filter that the person's lists have, and by stored state, code and reference; nothing is preset. */
export function everything(call: Call, def: EntityDef): ListDef {
  const filters: ListDef['filters'] = {}
  const columns: ListDef['columns'] = {}
  for (const [, list] of listsOf(call, def)) {
    for (const [id, { default: _, ...filter }] of Object.entries(list.filters)) filters[id] ??= filter
    for (const [id, column] of Object.entries(list.columns)) columns[id] ??= column
  }
  for (const p of Object.values(def.properties)) {
    const stored = p.column !== undefined || (p.path === 'status' && p.governor === 'process')
    if (stored && !p.sensitive && (p.states || p.enum || p.ref)) filters[p.name] ??= { path: p.path }
  }
  return { title: def.title, columns, filters }
}

const wrong = (path: string, message: string): Problem => ({ code: 'QUERY_INVALID', message, path })

/** What cannot be asked is told: a program that reads a list must not go on with something else. */
function problemsOf(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk, query: ApiQuery): Problem[] {
  const select = selectVisible(call, loader, def)
  const out: Problem[] = select ? applyQuery(call, select, list, ask, { sort: false }).problems : []
  for (const id of missingFilters(list, query.filter)) out.push({ code: 'FILTER_REQUIRED', message: `此列表必须给出筛选条件“${id}”`, path: `filter.${id}` })
  if (query.page !== undefined && query.page > 50) out.push(wrong('page', '页码最大为 50，之后的数据请用上一页给出的 next 作为 after 参数'))
  const known = new Set(['id', 'rev', ...apiProperties(def).map((p) => p.name)])
  for (const f of query.fields ?? []) if (!known.has(f)) out.push(wrong('fields', `没有字段“${f}”，可用：${[...known].join('、')}`))
  return out
}

/** A page of records as JSON, by number or behind a cursor. */
export async function listRecords(parts: ViewParts, actor: Actor, entity: string, query: ApiQuery): Promise<Result<{ page: ApiPage }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  if (!def || !mayRead(call, def)) return notFound()
  const list = query.list === undefined ? everything(call, def) : listsOf(call, def).find(([id]) => id === query.list)?.[1]
  if (!list) return refused('QUERY_INVALID', [wrong('list', `没有列表“${query.list ?? ''}”`)], 400)
  const loader = factsFor(parts.core.engine, call)
  const ask: ListAsk = { ...(query.filter ? { filters: query.filter } : {}), ...(query.tab ? { tab: query.tab } : {}), ...(query.search ? { search: query.search } : {}), ...(query.sort ? { sort: query.sort } : {}) }
  const problems = problemsOf(call, loader, def, list, ask, query)
  const cursor = cursors(parts, actor, def, [query.list, query.sort, query.tab, query.search, query.filter])
  const after = query.after === undefined ? undefined : cursor.read(query.after)
  if (after === null) problems.push(wrong('after', '游标不属于此查询，请从第一页重新开始'))
  if (problems.length > 0) return refused('QUERY_INVALID', problems, 400)
  const { page, size } = pageOf(query, 20, 200)
  const found = await findPage(call, loader, def, list, { ...ask, page, size, ...(after ? { after } : {}) }, parts.listTimeoutMs)
  const total = query.count ? await countRows(call, loader, def, list, ask) : undefined
  const items = (await recordsAsJson(call, loader, def, found.ids, query.fields)).map((r) => r.record)
  await auditPlain(parts, call, loader, 'api')
  return { ok: true, page: { items, sort: found.sort, ...(found.next ? { next: cursor.write(found.next) } : {}), ...(total === undefined ? {} : { total: Math.min(total, COUNT_CAP), totalCapped: total > COUNT_CAP }) } }
}
