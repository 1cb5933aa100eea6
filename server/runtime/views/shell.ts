import type { MenuGroup, Shell } from '#server/services.ts'
import { entitiesOf, type EntityDef, type ListDef, type MenuDef } from '#server/runtime/definitions/index.ts'
import { countIncidents } from '#server/runtime/process/index.ts'
import type { Actor, Call } from '../context.ts'
import { mayMend } from './incidents.ts'
import { countTasks } from './tasks.ts'
import { listHref, listsOf, mayRead, textOf, word, type ViewParts } from './parts.ts'

export interface MenuList { def: EntityDef; id: string; list: ListDef; menu: MenuDef }

/** Lists that the role has in its menu: those that say so, and the first of each form with a menu of its own. */
export function menuLists(call: Call): MenuList[] {
  return entitiesOf(call.programme).flatMap((def) => {
    const lists = listsOf(call, def)
    const home = lists.find(([, l]) => l.menu === undefined)?.[0]
    return lists.flatMap(([id, list]): MenuList[] => {
      const menu = list.menu ?? (list.menu === undefined && id === home ? def.form.menu : null)
      return menu ? [{ def, id, list, menu }] : []
    })
  })
}

const SYSTEM = 'system'
const REPORTS = 'statistics'

/** The first report of each entity whose rows the role may read; its page leads to the others. */
function reportsOf(call: Call): MenuGroup['items'] {
  return entitiesOf(call.programme).flatMap((home) => {
    const [first] = Object.entries(home.form.reports).filter(([, r]) => entitiesOf(call.programme).some((d) => (d.id === r.from || d.name === r.from) && mayRead(call, d)))
    const list = listsOf(call, home)[0]?.[0]
    return first && list !== undefined && mayRead(call, home) ? [{ id: `${home.id}/report`, title: textOf(call, first[1].title).replace(/[（(].*[)）]$/, ''), href: `${listHref(home, list)}&report=${encodeURIComponent(first[0])}` }] : []
  })
}

/** Frame of every page: menu by role, programmes to choose from, counts. */
export async function viewShell(parts: ViewParts, actor: Actor, unread: (actor: Actor) => Promise<number>, programmesOf: (actor: Actor) => Promise<string[]>): Promise<Shell> {
  const call = parts.core.call(actor)
  const lists = menuLists(call).sort((a, b) => a.menu.order - b.menu.order)
  const groups = new Map<string, MenuGroup>()
  for (const l of lists) {
    const group = groups.get(l.menu.group) ?? { id: l.menu.group, title: textOf(call, call.programme.texts[`menu.${l.menu.group}`]) || l.menu.group, items: [] }
    groups.set(l.menu.group, group)
    const { page } = l.menu
    const tabs = page === undefined ? undefined : group.items.find((i) => i.id === page)
    if (tabs) tabs.also = [...(tabs.also ?? []), listHref(l.def, l.id)]
    else group.items.push({ id: page ?? `${l.def.id}/${l.id}`, title: (page === undefined ? '' : textOf(call, call.programme.texts[`menu.${page}`])) || textOf(call, l.list.title) || textOf(call, l.def.form.title), href: listHref(l.def, l.id) })
  }
  for (const r of reportsOf(call)) {
    const group = groups.get(REPORTS) ?? { id: REPORTS, title: textOf(call, call.programme.texts[`menu.${REPORTS}`]) || word(actor.lang, '统计分析', 'Statistics'), items: [] }
    groups.set(REPORTS, group)
    group.items.push(r)
  }
  if (mayMend(call)) {
    const group = groups.get(SYSTEM) ?? { id: SYSTEM, title: textOf(call, call.programme.texts[`menu.${SYSTEM}`]) || word(actor.lang, '系统管理', 'System'), items: [] }
    groups.set(SYSTEM, group)
    const count = await countIncidents(parts.core.engine, call.programme.id)
    group.items.push({ id: 'incidents', title: word(actor.lang, '流程异常', 'Incidents'), href: '/incidents', ...(count ? { count } : {}) })
  }
  const order = Object.keys(call.programme.texts).filter((k) => k.startsWith('menu.')).map((k) => k.slice(5))
  const place = (id: string): number => { const i = order.indexOf(id); return i < 0 ? order.length : i }
  // people of a portal with a group of its own, such as candidates, have that group alone
  const own = groups.get(actor.portal)
  const role = call.programme.roles[actor.role]
  const ids = await programmesOf(actor)
  return {
    portalTitle: textOf(call, call.programme.texts[`portal.${actor.portal}`]) || (role ? textOf(call, role.title) : word(actor.lang, '门户', 'Portal')), programmeTitle: textOf(call, call.programme.title),
    programmes: ids.map((id) => ({ id, title: textOf(call, parts.core.registry.programme(id).title) })),
    menu: (own ? [own] : [...groups.values()]).sort((a, b) => place(a.id) - place(b.id)), tasks: await countTasks(parts, call), notifications: await unread(actor), zone: call.zone,
  }
}
