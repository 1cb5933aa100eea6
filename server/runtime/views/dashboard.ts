import type { DashboardView } from '#server/services.ts'
import type { ColumnDef, EntityDef } from '#server/runtime/definitions/index.ts'
import type { Instant } from '#server/runtime/expressions/types.ts'
import { columnTitle, factsFor, missingFilters, pathEnd, rowScope, tabsOf, type FactLoader } from '#server/runtime/records/index.ts'
import { entitiesOf } from '#server/runtime/definitions/index.ts'
import type { Actor, Call } from '../context.ts'
import { countTabs, findPage } from './list-page.ts'
import { ruleAt } from './cells.ts'
import { entityOf, iso, listHref, listsOf, mayRead, recordHref, textOf, word, type ViewParts } from './parts.ts'
import { recordTitle } from './record.ts'
import { chartOf, makeReport } from './reports.ts'
import { menuLists, type MenuList } from './shell.ts'
import { viewTasks } from './tasks.ts'

const FIGURES = 6
const SEASONS = 6
const CHARTS = 4

/** Start page of a role: to-dos, counts of its lists' tabs, the calendar of what is going on, statistics. */
export async function viewDashboard(parts: ViewParts, actor: Actor): Promise<DashboardView> {
  const call = parts.core.call(actor)
  const loader = factsFor(parts.core.engine, call)
  const tasks = await viewTasks(parts, actor, { size: 8 })
  return { tasks, figures: await figuresOf(call, loader, tasks.total), timeline: await timelineOf(parts, call, loader), charts: await chartsOf(parts, call, loader) }
}

const URGENT: Record<string, number> = { orange: 0, red: 1, blue: 2 }
const STANDING = 3
const ENOUGH = 4

/** What waits for somebody first: the person's tasks, then tabs whose states ask for attention; where little waits, what stands well. */
async function figuresOf(call: Call, loader: FactLoader, tasks: number): Promise<DashboardView['figures']> {
  const mine = { rank: -1, figure: { id: 'tasks', title: word(call.actor.lang, '我的待办', 'My tasks'), value: String(tasks), href: '/tasks' } }
  const lists = menuLists(call).filter(({ list }) => list.tabs && missingFilters(list, {}).length === 0)
  const found = [mine, ...(await tabFigures(call, loader, lists, (rank) => rank < STANDING, Infinity))]
  if (found.length < ENOUGH) found.push(...(await tabFigures(call, loader, lists.filter((l) => l.def.home === 'programme'), (rank) => rank === STANDING, ENOUGH - found.length)))
  return found.sort((a, b) => a.rank - b.rank).slice(0, FIGURES).map((f) => f.figure)
}

type Ranked = { rank: number; figure: DashboardView['figures'][number] }
async function tabFigures(call: Call, loader: FactLoader, lists: MenuList[], wanted: (rank: number) => boolean, most: number): Promise<Ranked[]> {
  const out: Ranked[] = []
  for (const { def, id, list } of lists) {
    if (out.length >= most) break
    const states = def.properties[list.tabs?.by ?? '']?.states ?? {}
    const colourOf = (code: string): string => states[code]?.colour ?? ''
    const rankOf = (tab: string): number => Math.min(...(list.tabs?.groups?.[tab]?.in ?? [tab]).map((code) => URGENT[colourOf(code)] ?? (colourOf(code) === 'green' ? STANDING : STANDING + 1)))
    const tabs = tabsOf(loader, def, list)
    const counted = await countTabs(call, loader, def, list, {}, (tab) => wanted(rankOf(tab)))
    for (const c of counted.tabs) {
      const title = `${textOf(call, list.title) || textOf(call, def.form.title)} · ${textOf(call, tabs.find((t) => t.id === c.id)?.title)}`
      if (c.count > 0) out.push({ rank: rankOf(c.id), figure: { id: `${def.id}/${id}/${c.id}`, title, value: c.count > 1000 ? '1,000+' : String(c.count), href: `${listHref(def, id)}&tab=${encodeURIComponent(c.id)}` } })
    }
  }
  return out
}

/** Columns of a list, groups opened, that end at a window: an object with the instants start and end. */
function windowsOf(loader: FactLoader, def: EntityDef): ColumnDef[] {
  const seen = new Map<string, ColumnDef>()
  for (const list of Object.values(def.form.lists))
    for (const c of Object.values(list.columns).flatMap((x) => x.group ?? [x])) {
      const end = c.path && !c.path.includes('.') ? pathEnd(loader, def, c.path) : null
      if (end?.prop?.kind === 'object' && end.prop.properties?.['start']?.kind === 'date-time' && end.prop.properties['end']) seen.set(c.path!, c)
    }
  return [...seen.values()]
}

/**
 * The season: newest visible records of every entity whose lists show at least one window, each window a phase.
 * A record whose windows are all over for 30 days has left the season.
 */
async function timelineOf(parts: ViewParts, call: Call, loader: FactLoader): Promise<DashboardView['timeline']> {
  const out: (DashboardView['timeline'][number] & { last: number })[] = []
  for (const e of entitiesOf(call.programme)) {
    const def = entityOf(parts, call, e.id)
    const first = def && mayRead(call, def) ? listsOf(call, def)[0] : undefined
    const windows = def ? windowsOf(loader, def) : []
    if (!def || !first || windows.length === 0 || missingFilters(first[1], {}).length) continue
    const { ids } = await findPage(call, loader, def, { ...first[1], filters: {} }, { sort: '-createdAt', page: 1, size: 10 }, parts.listTimeoutMs)
    out.push(...(await loader.settleAll(ids, (id) => {
      const row = { $: 'row', entity: def.id, id } as const
      const phases = windows.flatMap((c) => {
        if (ruleAt(call, loader, def, row, c.path!).hidden) return []
        const at = (edge: string): number | null => {
          const v = loader.context.registry.expression(call.programme.id, `${c.path!}.${edge}`, rowScope(def)).evaluate(loader.scope({ record: row, item: row })) as Instant | null
          return v === null ? null : v.ms
        }
        const [from, to] = [at('start'), at('end')]
        if (from === null || to === null) return []
        return [{ title: columnTitle(loader, def, c, call.actor.lang), from: iso(from), to: iso(to), state: (call.now < from ? 'future' : call.now < to ? 'now' : 'past') as 'past' | 'now' | 'future' }]
      })
      return { title: recordTitle(call, loader, def, id), phases: phases.sort((a, b) => (a.from < b.from ? -1 : 1)), href: recordHref(def, id), last: Math.max(0, ...phases.map((p) => Date.parse(p.to))) }
    })).filter((t) => t.phases.length))
  }
  return out.filter((t) => t.last + 30 * 86_400_000 > call.now).sort((a, b) => b.last - a.last).slice(0, SEASONS).map(({ last: _, ...t }) => t)
}

/** Reports that name a chart, over what the person may see; empty ones are left out. */
async function chartsOf(parts: ViewParts, call: Call, loader: FactLoader): Promise<DashboardView['charts']> {
  const out: DashboardView['charts'] = []
  for (const home of entitiesOf(call.programme)) {
    for (const [id, report] of Object.entries(home.form.reports)) {
      const def = entityOf(parts, call, report.from)
      if (out.length >= CHARTS || !def || !mayRead(call, def) || (report.chart !== 'bar' && report.chart !== 'pie' && report.chart !== 'line')) continue
      const made = await makeReport(call, loader, def, report, {})
      const { columns, rows } = chartOf(report, made)
      if (rows.length) out.push({ id: `${home.id}/${id}`, title: made.title, kind: report.chart, columns, rows: rows.slice(0, 12) })
    }
  }
  return out
}
