import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import { applyQuery, listIndex, rowScope, selectVisible, sortOf, tabsOf, whereTab, type FactLoader, type ListAsk } from '#server/runtime/records/index.ts'
import type { SqlParam } from '#server/runtime/expressions/types.ts'
import type { Call } from '../context.ts'

interface Fragment { sql: string; params: SqlParam[] }

/** Counts are exact up to here. */
export const COUNT_CAP = 1_000
export interface PageAsk extends ListAsk { page: number; size: number; after?: string }
export interface Found { ids: string[]; sort: string; next?: string }
interface Cursor { s: string; v: SqlValue; i: number }

const write = (c: Cursor): string => Buffer.from(JSON.stringify(c)).toString('base64url')
function readCursor(text: string | undefined, sort: string): Cursor | null {
  if (!text) return null
  try {
    const c = JSON.parse(Buffer.from(text, 'base64url').toString()) as Cursor
    const plain = c.v === null || typeof c.v === 'number' || typeof c.v === 'string'
    return c.s === sort && plain && Number.isSafeInteger(c.i) ? c : null
  } catch { return null }
}

/**
 * Rows behind a cursor in the order of a column with nulls first (both databases), then of the id: in one or two parts that follow
 * each other. Each is a stretch of the order, so that an index is entered where it begins.
 */
function behind(f: Fragment, c: Cursor, down: boolean): Fragment[] {
  const column = (rest: string, ...values: SqlValue[]): Fragment => ({ sql: `${f.sql} ${rest}`, params: [...f.params, ...values.map((value) => ({ value: value as never }))] })
  const and = (a: Fragment, b: Fragment): Fragment => ({ sql: `(${a.sql} AND ${b.sql})`, params: [...a.params, ...b.params] })
  const id: Fragment = { sql: down ? 't.id < ?' : 't.id > ?', params: [{ value: c.i }] }
  if (c.v === null) return down ? [and(column('IS NULL'), id)] : [and(column('IS NULL'), id), column('IS NOT NULL')]
  const [from, past] = down ? ['<= ?', '< ?'] : ['>= ?', '> ?']
  const after = column(past, c.v)
  const rest = and(column(from, c.v), { sql: `(${after.sql} OR ${id.sql})`, params: [...after.params, ...id.params] })
  return down ? [rest, column('IS NULL')] : [rest]
}

/** Ids of one page: by number for the first fifty, beyond by the cursor that came with the page before. */
export async function findPage(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: PageAsk, timeoutMs: number): Promise<Found> {
  const sort = sortOf(loader, def, list, ask.sort)
  const name = `${sort.down ? '-' : ''}${sort.path}`
  const cursor = readCursor(ask.after, name)
  const offset = cursor ? 0 : (Math.min(ask.page, 50) - 1) * ask.size
  const rows: { id: number; k: SqlValue }[] = []
  for (let part = 0, parts = 1; part < parts && rows.length <= ask.size; part++) {
    const select = selectVisible(call, loader, def)
    if (!select) return { ids: [], sort: name }
    applyQuery(call, select, list, ask)
    select.useIndex(listIndex(call, loader, def, list, ask, 'page'))
    if (cursor) select.whereAny([() => { const all = behind(select.fragment(sort.path, rowScope(def)), cursor, sort.down); parts = all.length; return all[part]! }])
    rows.push(...await select.columnSql('id', 't.id').column('k', sort.path, rowScope(def)).limit(ask.size + 1 - rows.length, offset).all<{ id: number; k: SqlValue }>(timeoutMs))
  }
  const shown = rows.slice(0, ask.size)
  const last = shown.at(-1)
  return { ids: shown.map((r) => String(r.id)), sort: name, ...(rows.length > ask.size && last ? { next: write({ s: name, v: typeof last.k === 'bigint' ? Number(last.k) : last.k, i: Number(last.id) }) } : {}) }
}
export async function countRows(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk): Promise<number> {
  const select = selectVisible(call, loader, def)
  if (!select) return 0
  applyQuery(call, select, list, ask, { sort: false })
  return select.useIndex(listIndex(call, loader, def, list, ask, 'count')).countUpTo(COUNT_CAP)
}

/** All ids of a query, at most `most`; for actions, exports and documents on everything that was found. */
export async function idsOfQuery(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk, most: number): Promise<string[]> {
  const select = selectVisible(call, loader, def)
  if (!select) return []
  applyQuery(call, select, list, ask)
  const rows = await select.columnSql('id', 't.id').limit(most).all<{ id: number }>()
  return rows.map((r) => String(r.id))
}

/** So many rows at most are counted by their computed states at once; of more, each tab is counted up to the cap. */
const MOST_COMPUTED = 100_000
const isComputed = (def: EntityDef, list: ListDef): boolean => def.properties[list.tabs?.by ?? '']?.compute?.at === 'read'

/** Rows by computed state, in one pass; null when there are more than that. */
async function countComputed(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk): Promise<Map<string, number> | null> {
  const select = selectVisible(call, loader, def)
  if (!select) return new Map()
  applyQuery(call, select.passOver(), list, ask, { sort: false, tab: false })
  const inner = await select.column('state', list.tabs!.by, rowScope(def)).limit(MOST_COMPUTED + 1).build()
  const rows = await loader.context.db.all<{ state: string | number | null; n: number }>(`SELECT state, COUNT(*) AS n FROM (${inner.sql}) c GROUP BY state`, inner.params)
  if (rows.reduce((n, r) => n + Number(r.n), 0) > MOST_COMPUTED) return null
  return new Map(rows.map((r) => [String(r.state), Number(r.n)]))
}

export interface TabCount { id: string; count: number }
/** `total` is known where all rows were counted by their state */
export interface TabCounts { tabs: TabCount[]; total?: number }
/** How many of the filtered rows each tab has: by an index over a stored state, else by computing the state of each row once. */
export async function countTabs(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk, wanted: (tab: string) => boolean = () => true): Promise<TabCounts> {
  const computed = tabsOf(loader, def, list).length > 1 && isComputed(def, list) ? await countComputed(call, loader, def, list, ask) : null
  if (computed) {
    const tabs = tabsOf(loader, def, list).filter((tab) => wanted(tab.id)).map((tab) => ({ id: tab.id, count: tab.codes.reduce((n, code) => n + (computed.get(code) ?? 0), 0) }))
    return { tabs, total: [...computed.values()].reduce((a, b) => a + b, 0) }
  }
  const out: TabCount[] = []
  for (const tab of tabsOf(loader, def, list)) {
    if (!wanted(tab.id)) continue
    const select = selectVisible(call, loader, def)
    if (!select) { out.push({ id: tab.id, count: 0 }); continue }
    applyQuery(call, select, list, ask, { sort: false, tab: false })
    select.useIndex(isComputed(def, list) ? undefined : listIndex(call, loader, def, list, ask, 'count'))
    out.push({ id: tab.id, count: await whereTab(select, def, list, tab).countUpTo(COUNT_CAP) })
  }
  return { tabs: out }
}
