import { factsFor, searchPaths, selectVisible, whereContains } from '#server/runtime/records/index.ts'
import type { Actor } from '../context.ts'
import { recordTitle } from './record.ts'
import { menuLists } from './shell.ts'
import { recordHref, textOf, type ViewParts } from './parts.ts'

const MOST = 10
/** Records of the lists in the person's menu whose words hold the text. */
export async function searchRecords(parts: ViewParts, actor: Actor, text: string): Promise<{ title: string; what: string; href: string }[]> {
  const call = parts.core.call(actor)
  const wanted = text.trim().slice(0, 100)
  if (wanted.length < 2) return []
  const loader = factsFor(parts.core.engine, call)
  const out: { title: string; what: string; href: string }[] = []
  for (const def of new Set(menuLists(call).map((l) => l.def))) {
    if (out.length >= MOST) break
    const select = selectVisible(call, loader, def)
    const paths = searchPaths(loader, def, { title: def.title, columns: {}, filters: {} })
    if (!select || paths.length === 0) continue
    const rows = await select.whereAny(paths.map((p) => whereContains(select, def, p, wanted))).columnSql('id', 't.id').orderSql('t.id DESC').limit(MOST - out.length).all<{ id: number }>(parts.listTimeoutMs)
    const titles = await loader.settleAll(rows, (r) => recordTitle(call, loader, def, String(r.id)))
    rows.forEach((r, i) => out.push({ title: titles[i] || String(r.id), what: textOf(call, def.title), href: recordHref(def, String(r.id)) }))
  }
  return out
}
