import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '#server/services.ts'
import { openDesk, type Desk } from './support.ts'

let desk: Desk
beforeAll(async () => { desk = await openDesk({ now: '2026-05-06T10:00+08:00' }) })
afterAll(() => desk.close())

const menuOf = async (actor: Actor) => (await desk.services.shell(actor)).menu.flatMap((g) => g.items.filter((i) => i.href.startsWith('/l/')).map((i) => {
  const url = new URL(i.href, 'http://x')
  return { entity: url.pathname.slice(3), list: url.searchParams.get('list') ?? undefined }
}))

describe.each(['platform.admin', 'province.bj', 'city.haidian', 'eval.itmc', 'school.beike', 'sub.beike', 'site.beike', 'wang'])('every screen of %s', (user) => {
  it('opens each list of the menu under each tab, filter and order, and the records, forms and reports behind it', async () => {
    const actor = await desk.actor(user)
    const plan = desk.h.names.get('exam-plan.plan2026') ?? [...desk.h.names].find(([k]) => k.startsWith('exam-plan.'))![1]
    const trouble: string[] = []
    const tried = async (what: string, run: () => Promise<{ ok: boolean; problems?: { message: string }[] }>, mayRefuse = false): Promise<void> => {
      try { const r = await run(); if (!r.ok && !mayRefuse) trouble.push(`${what}: ${r.problems?.map((p) => p.message).join('；')}`) } catch (e) { trouble.push(`${what}: ${(e as Error).stack ?? String(e)}`) }
    }
    const menu = await menuOf(actor)
    expect(menu.length).toBeGreaterThan(0)
    for (const { entity, list } of menu) {
      const first = await desk.services.list(actor, entity, list, {})
      if (!first.ok) { trouble.push(`${entity} ${list}`); continue }
      const { view } = first
      const needed = Object.fromEntries(view.filters.filter((f) => f.required).map((f) => [f.id, plan]))
      for (const tab of view.tabs) await tried(`${entity} ${list} tab ${tab.id}`, () => desk.services.list(actor, entity, list, { tab: tab.id, filters: needed }))
      for (const c of view.columns.filter((x) => x.sortable)) await tried(`${entity} ${list} sort ${c.id}`, () => desk.services.list(actor, entity, list, { sort: `-${c.id}`, filters: needed }))
      for (const f of view.filters) {
        const value = f.kind === 'select' || f.kind === 'boolean' ? (f.options?.[0]?.value ?? 'x') : f.kind === 'ref' ? plan : f.kind === 'range' ? '2026-01-01~2026-12-31' : '1'
        await tried(`${entity} ${list} filter ${f.id}`, () => desk.services.list(actor, entity, list, { filters: { ...needed, [f.id]: value } }))
        if (f.kind === 'ref') await tried(`${entity} ${list} options ${f.id}`, () => desk.services.references(actor, { entity, path: `list:${list}:${f.id}`, search: '一' }))
      }
      await tried(`${entity} ${list} search`, () => desk.services.list(actor, entity, list, { search: '北', filters: needed }))
      const filled = await desk.services.list(actor, entity, list, { filters: needed })
      for (const row of filled.ok ? filled.view.rows.slice(0, 3) : []) {
        await tried(`${entity} record`, () => desk.services.record(actor, entity, row.id))
        for (const b of row.buttons) {
          if (b.kind === 'edit') await tried(`${entity} edit`, () => desk.services.form(actor, { entity, id: row.id }))
          if (b.form) await tried(`${entity} dialog ${b.id}`, () => desk.services.form(actor, { entity, button: b.id, ids: [row.id] }))
        }
      }
      for (const b of view.toolbar) {
        if (b.kind === 'create') await tried(`${entity} new`, () => desk.services.form(actor, { entity }))
        if (b.kind === 'action' && b.form) await tried(`${entity} dialog ${b.id}`, () => desk.services.form(actor, { entity, button: b.id }))
        if (b.kind === 'import') await tried(`${entity} import ${b.id}`, () => desk.services.imports.describe(actor, entity, b.id))
        if (b.kind === 'export') await tried(`${entity} export ${b.id}`, () => desk.services.exports.count(actor, entity, b.id, { ...(list ? { list } : {}), query: { filters: needed } }))
      }
      for (const report of Object.keys(desk.h.def(entity).form.reports)) await tried(`${entity} report ${report}`, () => desk.services.reports(actor, entity, report, {}))
    }
    const start = await desk.services.dashboard(actor)
    expect(start.tasks.total).toBeGreaterThanOrEqual(0)
    await desk.services.tasks(actor, {})
    if ((await desk.services.shell(actor)).menu.some((g) => g.items.some((i) => i.href === '/incidents'))) await tried('incidents', () => desk.services.incidents.list(actor, {}))
    await desk.services.search!(actor, '北科')
    expect(trouble).toEqual([])
  }, 60_000)
})
