import type { Button } from '#server/services.ts'
import { isOneOf, may } from '#server/runtime/access/index.ts'
import type { EntityDef } from '#server/runtime/definitions/index.ts'
import { freeActions, type DeskButton } from '#server/runtime/desk/index.ts'
import { bareScope, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'
import { labelOf, textOf, word, type ViewParts } from './parts.ts'
import { isPickOf, PICK, picksOf } from './pick-import.ts'

/** A desk button as the browser knows it. `where`: on a form 保存 saves, elsewhere it opens the form. */
export function toButton(call: Call, b: DeskButton, where: 'page' | 'form' = 'page'): Button {
  const edit = b.kind === 'save' && where === 'page'
  return {
    id: edit ? 'edit' : b.id, title: edit ? word(call.actor.lang, '编辑', 'Edit') : labelOf(call, b.title), style: b.style, kind: edit ? 'edit' : b.action?.do === 'delete' ? 'action' : b.kind === 'move' ? 'outcome' : b.kind,
    ...(b.disabled.length ? { disabled: b.disabled } : {}), ...(b.confirm ? { confirm: labelOf(call, b.confirm) } : {}), ...(b.comment !== 'none' ? { comment: b.comment } : {}),
    ...(b.form ? { form: true } : {}), ...(b.signature ? { signature: 'drawn' as const } : {}), ...(b.offer?.kind === 'outcome' ? { task: `${b.offer.instance.id}.${b.offer.token}` } : {}),
  }
}

/** A form that words its own deletion has no second one beside it. */
export const oneDeletion = (buttons: DeskButton[], def?: EntityDef): DeskButton[] => (buttons.some((b) => b.action?.do === 'delete') || (def && wordsDeletion(def)) ? buttons.filter((b) => b.kind !== 'delete') : buttons)
const wordsDeletion = (def: EntityDef): boolean => Object.values(def.form.actions).some((a) => a.do === 'delete')

const plain = (id: string, kind: Button['kind'], title: string, more: Partial<Button> = {}): Button => ({ id, kind, title, style: 'default', ...more })

/** Whether this person may start a new record by hand now; call inside settle. */
export function mayCreate(call: Call, loader: FactLoader, def: EntityDef): boolean {
  const { create } = def.form
  if (create.via !== undefined || !may(call.programme, def, call.actor.role, 'create')) return false
  if (!create.if) return true
  const scope = { ...bareScope, id: `create:${def.id}`, names: { ...bareScope.names, record: { kind: 'entity' as const, entity: def.id } }, self: def.id }
  return loader.context.registry.expression(call.programme.id, create.if, scope).evaluate(loader.scope({ record: { $: 'row', entity: def.id, id: '' } })) === true
}
export const createTitle = (call: Call, def: EntityDef): string => textOf(call, def.form.create.title) || `${word(call.actor.lang, '新增', 'New ')}${textOf(call, def.title)}`

const mayPrint = (call: Call, def: EntityDef, id: string): boolean => may(call.programme, def, call.actor.role, `document:${id}`) || may(call.programme, def, call.actor.role, 'export')

const offeredOn = (x: { list?: string[] }, list: string): boolean => !x.list?.length || x.list.includes(list)

/** Above the table: what can be done without choosing a row. */
export async function toolbarOf(call: Call, loader: FactLoader, def: EntityDef, list: string): Promise<Button[]> {
  const { role, lang } = call.actor
  const out: Button[] = []
  if (await loader.settle(() => mayCreate(call, loader, def))) out.push(plain('create', 'create', createTitle(call, def), { style: 'primary' }))
  for (const [id, a] of freeActions(call, def, list)) {
    if (a.do === 'create' || a.do === 'export') continue
    out.push(plain(id, 'action', textOf(call, a.title), { style: a.style ?? 'default', ...(a.input || a.fields?.length ? { form: true } : {}), ...(a.confirm ? { confirm: textOf(call, a.confirm) } : {}) }))
  }
  for (const [id, i] of Object.entries(def.form.imports)) if (!isPickOf(def, i) && offeredOn(i, list) && may(call.programme, def, role, `import:${id}`)) out.push(plain(id, 'import', textOf(call, i.title)))
  for (const [id, e] of Object.entries(def.form.exports))
    if ((e.list === list || !def.form.lists[e.list]) && (may(call.programme, def, role, 'export') || may(call.programme, def, role, `export:${id}`))) out.push(plain(id, 'export', textOf(call, e.title) || word(lang, '导出', 'Export')))
  for (const [id, d] of Object.entries(def.form.documents)) if (d.scope !== 'record' && offeredOn(d, list) && mayPrint(call, def, id)) out.push(plain(id, 'document', textOf(call, d.title)))
  return out
}

/** On a selection: outcomes and actions that have a text for many records, documents, deletion. */
export function bulkOf(parts: ViewParts, call: Call, def: EntityDef, list: string): Button[] {
  const { role } = call.actor
  const out = new Map<string, Button>()
  const process = parts.core.processes.catalogue.of(call.programme, def)
  for (const el of Object.values(process?.compiled.elements ?? {})) {
    if (!el.role?.length || !isOneOf(call.programme, role, el.role)) continue
    for (const o of el.outcomes) {
      if (!o.bulk || (o.role?.length && !isOneOf(call.programme, role, o.role))) continue
      out.set(o.id, plain(o.id, 'outcome', labelOf(call, o.bulk), { style: o.style === 'primary' || o.style === 'danger' ? o.style : 'default', ...(o.comment !== 'none' ? { comment: o.comment } : {}), ...(o.form ? { form: true } : {}), ...(o.signature ? { signature: 'drawn' as const } : {}), ...(o.confirm ? { confirm: labelOf(call, o.confirm) } : {}) }))
    }
    if (el.label && el.bulk && el.message) out.set(el.message, plain(el.message, 'message', labelOf(call, el.bulk), { ...(el.comment && el.comment !== 'none' ? { comment: el.comment } : {}), ...(el.confirm ? { confirm: labelOf(call, el.confirm) } : {}) }))
  }
  for (const [id, a] of Object.entries(def.form.actions)) {
    if (a.scope === 'none' || (!a.bulk && a.scope !== 'selection') || (a.list?.length && !a.list.includes(list)) || !may(call.programme, def, role, a.do === 'delete' ? 'delete' : `action:${id}`)) continue
    out.set(id, plain(id, 'action', textOf(call, a.bulk ?? a.title), { style: a.style ?? (a.do === 'delete' ? 'danger' : 'default'), ...(a.input || a.fields?.length ? { form: true } : {}), ...(a.confirm ? { confirm: textOf(call, a.confirm).replaceAll(/\{(?!n\})[^}]*\}/g, '') } : {}) }))
  }
  for (const [id, i] of picksOf(call, def, list)) out.set(`${PICK}${id}`, plain(`${PICK}${id}`, 'action', textOf(call, i.title), { form: Object.keys(i.params).length > 0 }))
  for (const [id, d] of Object.entries(def.form.documents)) if (offeredOn(d, list) && mayPrint(call, def, id)) out.set(`document:${id}`, plain(id, 'document', textOf(call, d.title)))
  if (!wordsDeletion(def) && def.form.delete && may(call.programme, def, role, 'delete')) out.set('delete', plain('delete', 'delete', word(call.actor.lang, '批量删除', 'Delete'), { style: 'danger' }))
  return [...out.values()]
}
export const documentButtons = (call: Call, def: EntityDef): Button[] =>
  Object.entries(def.form.documents).flatMap(([id, d]) => (d.scope !== 'query' && (mayPrint(call, def, id) || may(call.programme, def, call.actor.role, 'read')) ? [plain(id, 'document', textOf(call, d.title))] : []))
