import type { EntityDef, LookupDef } from '#server/runtime/definitions/index.ts'
import { columnTitle, fieldRules, pathEnd, presentColumn, ruleFor, type FactLoader, type ShownKind } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'

export interface ShownRow { title: string; cell: { text: string; kind?: ShownKind; colour?: string; items?: string[] } }
/** A personal number that a definition shows without saying how: first and last character. */
const UNSAID = '1:*:1'

/** The columns of a lookup, masked; a file stays where it is. */
export async function showRecord(call: Call, loader: FactLoader, def: EntityDef, lookup: LookupDef, id: string): Promise<ShownRow[]> {
  const row = { $: 'row', entity: def.id, id } as const
  return loader.settle(() => {
    const rules = fieldRules(call, loader, def, row)
    return Object.values(lookup.show).flatMap((column): ShownRow[] => {
      const rule = column.path ? ruleFor(rules, column.path) : undefined
      if (rule?.hidden) return []
      const sensitive = column.path ? pathEnd(loader, def, column.path)?.prop?.sensitive !== undefined : false
      const mask = rule?.mask ?? (sensitive && (!column.mask || column.mask === 'none') ? UNSAID : undefined)
      const shown = presentColumn(loader, def, column, row, call.actor.lang, mask ? { mask } : {})
      return [{ title: columnTitle(loader, def, column, call.actor.lang), cell: { text: shown.text, kind: shown.kind, ...(shown.colour ? { colour: shown.colour } : {}), ...(shown.list ? { items: shown.list.map((x) => x.text) } : {}) } }]
    })
  })
}
