import type { EntityDef, SectionDef } from '#server/runtime/definitions/index.ts'
import { columnTitle, isRow, recordScope, visibleIds, type FactLoader, type Shown } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { shownAt } from './cells.ts'

/** The rest stands in the list of those records. */
const MOST = 200
export interface RowTable { columns: { id: string; title: string }[]; rows: (Shown | null)[][] }

const rank = (s: Shown | null | undefined): string | number => (typeof s?.raw === 'number' ? s.raw : String(s?.raw ?? s?.text ?? ''))
const compare = (a: string | number, b: string | number): number => (a === b ? 0 : typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1)

/** The table of a section with `rows`: what the person may see of the records that its expression finds; null when it has none. */
export async function sectionRows(call: Call, loader: FactLoader, def: EntityDef, section: SectionDef, row: { $: 'row'; entity: string; id: string }): Promise<RowTable | null> {
  const value = await loader.settle(() => loader.context.registry.expression(call.programme.id, section.rows!, recordScope(def)).evaluate(loader.scope({ record: row, item: row, old: null })))
  const found = (Array.isArray(value) ? value : [value]).filter(isRow)
  if (!found[0]) return null
  const target = loader.definition(found[0].entity)
  const seen = await visibleIds(call, loader, target, found.map((r) => r.id))
  const shown = found.filter((r) => seen.has(r.id)).slice(0, MOST)
  if (shown.length === 0) return null
  const cells = Object.entries(section.cells ?? {})
  const rows = await loader.settleAll(shown, (r) => cells.map(([, c]) => shownAt(call, loader, target, c, r)))
  for (const key of [...(section.sort ?? [])].reverse()) {
    const at = cells.findIndex(([k]) => k === key.replace(/^-/, ''))
    const down = key.startsWith('-') ? -1 : 1
    rows.sort((a, b) => down * compare(rank(a[at]), rank(b[at])))
  }
  return { columns: cells.map(([id, c]) => ({ id, title: columnTitle(loader, target, c, call.actor.lang) || id })), rows }
}
