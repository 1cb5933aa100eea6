import type { ListView } from '#server/services.ts'
import type { EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import { applyQuery, selectVisible, type FactLoader, type ListAsk } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { measure, shownNumber } from './measures.ts'
import { textOf } from './parts.ts'

/** Figures above a list, over all rows that its filters find. */
export async function cardsOf(call: Call, loader: FactLoader, def: EntityDef, list: ListDef, ask: ListAsk): Promise<ListView['cards']> {
  if (!list.cards) return []
  const select = selectVisible(call, loader, def)
  if (!select) return []
  applyQuery(call, select, list, ask, { sort: false })
  const [row] = await measure(select, def, [], list.cards, loader)
  return Object.entries(list.cards).map(([id, c]) => ({ id, title: textOf(call, c.title), value: shownNumber(row?.values[id] ?? null) }))
}
