import type { ListView } from '#server/services.ts'
import type { EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import type { Call } from '../context.ts'
import { listHref, textOf } from './parts.ts'
import { menuLists } from './shell.ts'

/** Tabs of a list's page: lists of one menu page, also of other entities; those without a menu entry of their own stand beside the first that has one. */
export function besides(call: Call, def: EntityDef, lists: [string, ListDef][], current: string): ListView['lists'] {
  const entries = menuLists(call)
  const page = entries.find((m) => m.def.id === def.id && m.id === current)?.menu.page
  const own = entries.filter((m) => m.def.id === def.id).map((m) => m.id)
  const tab = ([id, l]: [string, ListDef]): ListView['lists'][number] => ({ id, title: textOf(call, l.title) || textOf(call, def.form.title) })
  if (page !== undefined) return entries.filter((m) => m.menu.page === page).sort((a, b) => a.menu.order - b.menu.order).map((m) => (m.def.id === def.id ? tab([m.id, m.list]) : { id: `${m.def.id}/${m.id}`, title: textOf(call, m.list.title) || textOf(call, m.def.form.title), href: listHref(m.def, m.id) }))
  const [home = current] = own
  if (own.includes(current) && current !== home) return lists.filter(([id]) => id === current).map(tab)
  return lists.filter(([id]) => id === home || id === current || !own.includes(id)).map(tab)
}
