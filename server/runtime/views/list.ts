import type { Button, Cell, ListQuery, ListRow, ListView } from '#server/services.ts'
import type { ColumnDef, EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import { buttonsFor } from '#server/runtime/desk/index.ts'
import { factsFor, isRangeColumn, missingFilters, tabsOf, unknownOf, type FactLoader, type Shown } from '#server/runtime/records/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { bulkOf, oneDeletion, toButton, toolbarOf } from './buttons.ts'
import { fileNames, oneCell, shownAt, toCell } from './cells.ts'
import { cardsOf } from './list-cards.ts'
import { columnsOf, filtersOf } from './list-columns.ts'
import { cursors } from './list-cursor.ts'
import { COUNT_CAP, countRows, countTabs, findPage, type Found, type TabCounts } from './list-page.ts'
import { besides } from './list-tabs.ts'
import { auditPlain } from './personal-reads.ts'
import { entityOf, listsOf, notFound, page, recordHref, refused, textOf, word, type ViewParts } from './parts.ts'

/** A page of a list: what the person may see of it, with everything around the table. */
export async function viewList(parts: ViewParts, actor: Actor, entity: string, wanted: string | undefined, query: ListQuery): Promise<Result<{ view: ListView }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, entity)
  const lists = def ? listsOf(call, def) : []
  const found = wanted === undefined ? lists[0] : lists.find(([id]) => id === wanted)
  if (!def || !found) return notFound()
  const [id, own] = found
  const list = withReferences(def, own, query.filters)
  const loader = factsFor(parts.core.engine, call)
  const unknown = unknownOf(call, loader, def, list, query)
  if (unknown.length) return refused('QUERY_INVALID', unknown, 400)
  const { page: at, size } = page(query)
  const need = missingFilters(list, query.filters)
  const filters = await filtersOf(call, loader, def, list, query.filters)
  const toolbar = await toolbarOf(call, loader, def, id)
  const cursor = cursors(parts, actor, def, ['screen', id, query.sort, query.tab, query.search, query.filters])
  // an address that somebody else has sent is taken by its page number
  const { after: sealed, ...asking } = query
  const after = (sealed && cursor.read(sealed)) || undefined
  const aside = (): FactLoader => factsFor(parts.core.engine, call)
  const pageOf = async () => {
    const rows: Found = await findPage(call, loader, def, list, { ...asking, page: at, size, ...(after ? { after } : {}) }, parts.listTimeoutMs)
    const total = async (): Promise<number> => totalOf(rows, at, size, query) ?? knownOf(await counting, query) ?? await countRows(call, aside(), def, list, query)
    const [shown, all] = await Promise.all([rowsOf(parts, call, loader, def, id, list, rows.ids), total()])
    return { rows, shown, total: all }
  }
  // counts take longest where states are computed: they need not wait for the page, nor it for them
  const counting: Promise<TabCounts> = need.length ? Promise.resolve({ tabs: [] }) : countTabs(call, aside(), def, list, query)
  const [{ rows, shown, total }, { tabs: counts }, cards] = need.length
    ? [{ rows: { ids: [], sort: '' } as Found, shown: [], total: 0 }, await counting, []]
    : await Promise.all([pageOf(), counting, cardsOf(call, aside(), def, list, query)])
  const asked = Boolean(query.search?.trim() || query.tab || Object.values(query.filters ?? {}).some(Boolean))
  const title = textOf(call, list.title) || textOf(call, def.title)
  const view: ListView = {
    entity: def.id, list: id, title, lists: besides(call, def, lists, id),
    columns: columnsOf(call, loader, def, list), filters,
    tabs: tabsView(call, loader, def, list, counts, query.tab), cards,
    rows: shown,
    total: Math.min(total, COUNT_CAP), totalCapped: total > COUNT_CAP, page: at, size, sort: query.sort ?? '', ...(rows.next ? { next: cursor.write(rows.next) } : {}),
    toolbar, bulk: bulkOf(parts, call, def, id),
    ...(need.length ? { need: word(call.actor.lang, '请先选择：', 'Choose first: ') + need.map((n) => filters.find((f) => f.id === n)?.title ?? n).join('、') } : {}),
    empty: emptyOf(call, def, asked, toolbar),
  }
  await auditPlain(parts, call, loader, 'list')
  return { ok: true, view }
}

/** A list opened from another record is filtered by the reference to it, whether or not it offers that filter; that is choice enough. */
export function withReferences(def: EntityDef, list: ListDef, given: Record<string, string> | undefined): ListDef {
  const more = Object.keys(given ?? {}).filter((k) => !Object.hasOwn(list.filters, k) && def.properties[k]?.ref && def.properties[k].column)
  return more.length ? { ...list, filters: { ...list.filters, ...Object.fromEntries(more.map((k) => [k, { path: k }])) }, require: [] } : list
}

/** A first page that is not full tells the total without another count. */
const totalOf = (rows: { ids: string[]; next?: string }, at: number, size: number, query: ListQuery): number | null =>
  (!rows.next && !query.after && at <= 50 && (rows.ids.length > 0 || at === 1) ? (at - 1) * size + rows.ids.length : null)
/** What the tabs' counts say of it. */
const knownOf = (counts: TabCounts, query: ListQuery): number | null => (query.tab ? (counts.tabs.find((c) => c.id === query.tab)?.count ?? null) : (counts.total ?? null))

function tabsView(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, counts: { id: string; count: number }[], active: string | undefined): ListView['tabs'] {
  const tabs = tabsOf(loader, def, list)
  if (tabs.length === 0) return []
  const sum = counts.reduce((n, c) => n + c.count, 0)
  const of = (id: string, title: string, count: number) => ({ id, title, count: Math.min(count, COUNT_CAP), capped: count > COUNT_CAP, active: (active ?? '') === id })
  return [of('', word(call.actor.lang, '全部', 'All'), sum), ...tabs.map((t) => of(t.id, textOf(call, t.title), counts.find((c) => c.id === t.id)?.count ?? 0))]
}

const flat = (list: ListDef): { id: string; column: ColumnDef; at: number | null }[] =>
  Object.entries(list.columns).flatMap(([id, column]): { id: string; column: ColumnDef; at: number | null }[] => (column.group && !isRangeColumn(column) ? column.group.map((g, at) => ({ id, column: g, at })) : [{ id, column, at: null }]))

/** Cells and buttons of a whole page at once; what a row hides stays empty. */
async function rowsOf(parts: ViewParts, call: Call, loader: FactLoader, def: EntityDef, listId: string, list: ListDef, ids: string[]): Promise<ListRow[]> {
  if (ids.length === 0) return []
  const buttons = await buttonsFor(parts.core.processes, call, loader, def, ids, listId)
  const columns = flat(list)
  const shown = await loader.settleAll(ids, (id) => {
    const row = { $: 'row', entity: def.id, id } as const
    return { rev: Number(loader.property(row, 'rev') ?? 0), cells: columns.map((c) => shownAt(call, loader, def, c.column, row)) }
  })
  const names = await fileNames(parts, shown.flatMap((s) => s.cells))
  return ids.map((id, n) => {
    const cells: Record<string, Cell | Cell[]> = {}
    columns.forEach((c, k) => {
      const cell = toCell(call, parts, shown[n]!.cells[k] as Shown | null, names, true)
      if (c.at === null) cells[c.id] = cell
      else cells[c.id] = [...((cells[c.id] as Cell[] | undefined) ?? []), oneCell(cell)]
    })
    return { id, rev: shown[n]!.rev, entity: def.id, href: recordHref(def, id), cells, buttons: oneDeletion(buttons.get(id) ?? [], def).map((b): Button => toButton(call, b)) }
  })
}

/** A list is called after the work done in it (考场管理); what is missing are records (考场). */
function emptyOf(call: Call, def: EntityDef, asked: boolean, toolbar: Button[]): ListView['empty'] {
  const create = toolbar.find((b) => b.kind === 'create' || b.kind === 'import')
  const title = String(def.schema['title'] ?? def.name)
  if (asked) return { why: word(call.actor.lang, `没有符合条件的${title}，可以清除筛选条件后再试`, 'Nothing matches. Clear the filters and try again.') }
  return { why: word(call.actor.lang, `还没有${title}`, 'There is nothing here yet.'), ...(create ? { action: create } : {}) }
}
