import type { EntityDef, ListDef } from '#server/runtime/definitions/index.ts'
import type { Call } from '../context.ts'
import { menuLists } from './shell.ts'

/** Lists one can change to on a page: those without a menu entry of their own stand beside the first that has one. */
export function besides(call: Call, def: EntityDef, lists: [string, ListDef][], current: string): [string, ListDef][] {
  const own = menuLists(call).filter((m) => m.def.id === def.id).map((m) => m.id)
  const [home = current] = own
  if (own.includes(current) && current !== home) return lists.filter(([id]) => id === current)
  return lists.filter(([id]) => id === home || id === current || !own.includes(id))
}
