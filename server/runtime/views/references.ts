import type { Choice, FormTarget } from '#server/services.ts'
import { accessOf, may } from '#server/runtime/access/index.ts'
import type { EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { typedInput } from '#server/runtime/process/index.ts'
import { factsFor, filterShape, isSortable, itemScope, pathEnd, propertyAt, recordNames, rowScope, Select, selectVisible, type FactLoader } from '#server/runtime/records/index.ts'
import type { Actor, Call, Result } from '../context.ts'
import { openDialog } from './form-dialog.ts'
import { refLabel } from './form-labels.ts'
import { openDraft } from './form-record.ts'
import { entityOf, isId, listsOf, notFound, type ViewParts } from './parts.ts'

export interface ReferencesAsk extends FormTarget { path: string; search?: string; ids?: string[]; data?: JsonObject; import?: string }
type Options = (Choice & { hint?: string })[]
const MOST = 30

/** What a field is about, and what its condition sees besides `item`. */
interface Asked { p: PropertyDef; loader: FactLoader; names: Record<string, FeelValue>; from: EntityDef; /** a filter: no condition, but the person's rights */ filterOf?: EntityDef; filterPath?: string }

/** Records that may be chosen in a field, by the start or a part of their words: at most 30. */
export async function findReferences(parts: ViewParts, actor: Actor, ask: ReferencesAsk): Promise<Result<{ options: Options }>> {
  const call = parts.core.call(actor)
  const def = entityOf(parts, call, ask.entity)
  const asked = def ? await whatFor(parts, call, def, ask) : null
  if (!asked?.p.ref) return notFound()
  const { loader, p } = asked
  const target = loader.definition(p.ref!.entity)
  const select = await candidates(call, asked, target)
  if (!select) return { ok: true, options: [] }
  if (ask.ids) {
    const ids = ask.ids.filter(isId).slice(0, 500)
    const where = loader.context.db.idsIn('t.id', ids)
    select.whereSql(where.sql, where.params)
  }
  const label = p.ref!.label || target.label
  const hint = hintOf(target, label)
  const search = ask.search?.trim().slice(0, 100)
  const sortable = isSortable(loader, target, label)
  if (search) select.whereAny([label, ...(hint ? [hint.path] : [])].filter((path) => isSortable(loader, target, path)).map((path) => holdsText(select, target, path, search)))
  if (sortable) select.order(`item.${label}`, itemScope(target), false)
  const rows = await select.orderSql('t.id').columnSql('id', 't.id').limit(ask.ids ? 500 : MOST).all<{ id: number }>()
  const ids = rows.map((r) => String(r.id))
  const options = await loader.settleAll(ids, (id): Options[number] => {
    const value = hint ? loader.property({ $: 'row', entity: target.id, id }, hint.name) : null
    return { value: id, label: refLabel(call, loader, p, id), ...(typeof value === 'string' && value ? { hint: value } : {}) }
  })
  return { ok: true, options }
}

/** The chosen row is `item` here, since `record` is the one being edited. */
const holdsText = (select: Select, target: EntityDef, path: string, text: string) => () => {
  const f = select.fragment(`item.${path}`, itemScope(target))
  return { sql: `INSTR(${f.sql}, ?) > 0`, params: [...f.params, { value: text }] }
}

/** A second text beside the label: its number, or a code. */
const hintOf = (def: EntityDef, label: string): PropertyDef | undefined =>
  [...Object.values(def.properties).filter((p) => p.number), ...Object.values(def.properties).filter((p) => p.name === 'code' || Object.values(def.unique).some((u) => u.fields.length === 1 && u.fields[0] === p.path))]
    .find((p) => p.kind === 'string' && p.path !== label && !p.sensitive && p.column)

async function candidates(call: Call, asked: Asked, target: EntityDef): Promise<Select | null> {
  const { loader, p } = asked
  const known = accessOf(call.programme, target, call.actor.role) !== null && may(call.programme, target, call.actor.role, 'read')
  if (asked.filterOf) {
    if (known) return selectVisible(call, loader, target)
    const inner = selectVisible(call, loader, asked.filterOf)
    if (!inner) return null
    const linked = asked.filterOf.properties[asked.filterPath!]?.linkTable
    if (!linked && pathEnd(loader, asked.filterOf, asked.filterPath!)?.many) return null
    const used = await (linked ? inner.columnSql('v', 't.id') : inner.column('v', asked.filterPath!, rowScope(asked.filterOf))).build()
    const rows = linked ? `SELECT l.target_id FROM ${linked} l WHERE l.owner_id IN (SELECT v FROM (${used.sql}) x)` : `SELECT v FROM (${used.sql}) x`
    return new Select(target, loader, loader.scope({}), ['item', 'record', '']).whereSql(`t.id IN (${rows})`, used.params)
  }
  const where = p.ref!.where
  if (!where && known) return selectVisible(call, loader, target)
  // without a right to read, the definition's condition is what opens the choice, and only its words are shown
  const select = new Select(target, loader, loader.scope(asked.names), ['item'])
  if (target.home === 'programme') select.whereSql('t.program = ?', [call.programme.id])
  return where ? select.where(where, itemScope(target, asked.from)) : select
}

async function whatFor(parts: ViewParts, call: Call, def: EntityDef, ask: ReferencesAsk): Promise<Asked | null> {
  const inList = /^list:([^:]+):(.+)$/.exec(ask.path)
  if (inList) return filterField(parts, call, def, inList[1]!, inList[2]!)
  const path = ask.path.replace(/\.(\d+)(?=\.)/g, '[]').replace(/\.\d+$/, '')
  const data = ask.data ?? {}
  if (ask.import) {
    const spec = def.form.imports[ask.import]
    if (!spec || !may(call.programme, def, call.actor.role, `import:${ask.import}`)) return null
    const p = spec.params[path]
    return p ? { p: one(p), loader: factsFor(parts.core.engine, call), names: { params: typedInput(spec.params, data), input: typedInput(spec.params, data), record: null, old: null, row: null }, from: def } : null
  }
  if (ask.button) {
    const opened = await openDialog(parts, call, def, ask)
    if (!opened.ok) return null
    const { dialog } = opened
    const input = typedInput(dialog.inputs, data)
    const own = dialog.inputs[path] ?? propertyAt(def, path)
    const record = dialog.draft ? recordNames(dialog.draft) : { record: null, old: null }
    const { item: _, ...names } = record as Record<string, FeelValue>
    return own ? { p: one(own), loader: dialog.loader, names: { ...names, input, params: input }, from: def } : null
  }
  const p = propertyAt(def, path)
  const opened = p ? await openDraft(parts, call, def, ask.id, data) : null
  if (!p || !opened) return null
  const { item: _, ...names } = recordNames(opened.draft)
  return { p: one(p), loader: opened.loader, names, from: def }
}
const one = (p: PropertyDef): PropertyDef => (p.kind === 'array' && p.items ? p.items : p)

function filterField(parts: ViewParts, call: Call, def: EntityDef, list: string, id: string): Asked | null {
  const filter = listsOf(call, def).find(([key]) => key === list)?.[1].filters[id]
  if (!filter) return null
  const loader = factsFor(parts.core.engine, call)
  const shape = filterShape(loader, def, filter)
  return shape?.kind === 'ref' ? { p: shape.prop!, loader, names: {}, from: def, filterOf: def, filterPath: filter.path } : null
}
