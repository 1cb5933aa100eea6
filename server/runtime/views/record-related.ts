import type { RecordView } from '#server/services.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import type { Call } from '../context.ts'
import { entityOf, listsOf, textOf, type ViewParts } from './parts.ts'

/** Lists of what refers to a record: what it owns first. The reference's own path is the filter. */
export function relatedOf(parts: ViewParts, call: Call, def: EntityDef, id: string): RecordView['related'] {
  const out: (RecordView['related'][number] & { owned: boolean })[] = []
  for (const [name, inverse] of Object.entries(def.inverses)) {
    const target = entityOf(parts, call, inverse.entity)
    if (!target) continue
    const lists = listsOf(call, target)
    const found = lists.find(([, l]) => Object.values(l.filters).some((f) => f.path === inverse.path)) ?? lists[0]
    if (!found) continue
    const [list, spec] = found
    const filter = Object.entries(spec.filters).find(([, f]) => f.path === inverse.path)?.[0] ?? inverse.path
    const titled = Object.values(def.form.layout.sections).find((s) => s.fields.length === 1 && s.fields[0] === name)?.title
    out.push({ id: name, title: (titled && textOf(call, titled)) || textOf(call, target.title) || textOf(call, spec.title), entity: target.id, list, filter: { [filter]: id }, owned: target.owner?.entity === def.id })
  }
  return out.sort((a, b) => Number(b.owned) - Number(a.owned)).map(({ owned: _, ...r }) => r)
}
