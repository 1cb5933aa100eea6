import { may } from '#server/runtime/access/index.ts'
import type { ActionDef, EntityDef } from '#server/runtime/definitions/index.ts'
import { asksChoice, offersFor, type Offer, type ProcessRuntime } from '#server/runtime/process/index.ts'
import { draftOf, failing, fieldSet, fillMessage, loadRows, recordNames, recordScope, say, unlocked, type Draft, type FactLoader } from '#server/runtime/records/index.ts'
import type { Call } from '../context.ts'

/** What a person may do with one record, whatever it comes from: its process, its locks, its actions. */
export interface DeskButton {
  id: string
  kind: 'save' | 'delete' | 'outcome' | 'message' | 'move' | 'action'
  title: string
  style: 'primary' | 'default' | 'danger'
  comment: 'none' | 'optional' | 'required'
  signature: boolean
  form: boolean
  confirm?: string
  bulk?: string
  /** every reason why it cannot be pressed now */
  disabled: string[]
  offer?: Offer
  action?: ActionDef
}

const plain = (id: string, kind: DeskButton['kind'], title: string, more: Partial<DeskButton> = {}): DeskButton => ({ id, kind, title, style: 'default', comment: 'none', signature: false, form: false, disabled: [], ...more })

function actionsOf(call: Call, def: EntityDef, loader: FactLoader, d: Draft, list?: string): DeskButton[] {
  const { registry, programme } = loader.context
  return Object.entries(def.form.actions).flatMap(([id, a]): DeskButton[] => {
    if (a.scope === 'none' || !may(call.programme, def, call.actor.role, a.do === 'delete' ? 'delete' : `action:${id}`)) return []
    if (list && a.list?.length && !a.list.includes(list)) return []
    if (a.if && registry.expression(programme.id, a.if, recordScope(def)).evaluate(loader.scope(recordNames(d, { input: null }))) !== true) return []
    const rules = Object.fromEntries(Object.entries(def.rules).filter(([, r]) => !/\b(input|params)\b/.test(`${r.must} ${r.if ?? ''}`)))
    const disabled = failing(loader, def, rules, a.do === 'delete' ? ['delete', id] : [id], recordNames(d, { input: null, params: null }), call.actor.lang).blocks.map((p) => p.message)
    const confirm = a.confirm ? fillMessage(loader, def, a.confirm, recordNames(d), call.actor.lang, { n: '1' }) : undefined
    return [plain(id, 'action', say(a.title, call.actor.lang), { style: a.style ?? (a.do === 'delete' ? 'danger' : 'default'), form: Boolean(a.input || a.fields?.length), disabled, action: a, ...(a.bulk ? { bulk: say(a.bulk, call.actor.lang) } : {}), ...(confirm ? { confirm } : {}) })]
  })
}

const ofOffer = (o: Offer, input: boolean): DeskButton => plain(o.id, o.kind, o.title, {
  style: o.style, comment: o.comment, signature: o.signature, form: input || Boolean(o.form) || asksChoice(o), disabled: o.reasons, offer: o, ...(o.confirm ? { confirm: o.confirm } : {}), ...(o.bulk ? { bulk: o.bulk } : {}),
})

/** Buttons of a set of records, exactly what processes, locks and rights allow; ids that do not exist have none. */
export async function buttonsFor(runtime: ProcessRuntime, call: Call, loader: FactLoader, def: EntityDef, ids: string[], list?: string): Promise<Map<string, DeskButton[]>> {
  const { engine } = runtime
  const rows = await loadRows(engine, loader, def, ids)
  const drafts = ids.flatMap((id) => { const raw = rows.get(id); return raw ? [draftOf(engine, def, raw, {})] : [] })
  const offers = await offersFor(runtime, call, loader, def, drafts.map((d) => d.id))
  const sets = await unlocked(engine, call, loader, def, drafts)
  const waits = await engine.hooks.editable(call, loader, def, drafts.map((d) => d.id))
  const deletion = def.form.delete
  const out = new Map<string, DeskButton[]>()
  const made = await loader.settleAll(drafts, (d): DeskButton[] => {
    const buttons: DeskButton[] = []
    const open = sets.get(d.id) ?? fieldSet([])
    if (may(call.programme, def, call.actor.role, 'edit') && open.some((s) => s.all || s.paths.size > 0)) buttons.push(plain('save', 'save', call.actor.lang === 'en' ? 'Save' : '保存'))
    buttons.push(...(offers.get(d.id) ?? []).map((o) => ofOffer(o, Boolean(o.element.edit?.length) && o.kind === 'outcome' && o.style !== 'danger' && !open.some((s) => s.all))))
    if (deletion && may(call.programme, def, call.actor.role, 'delete')) {
      const wait = waits.get(d.id)
      const open2 = deletion.if ? loader.context.registry.expression(call.programme.id, deletion.if, recordScope(def)).evaluate(loader.scope(recordNames(d))) === true : !wait || wait.delete
      if (open2) buttons.push(plain('delete', 'delete', call.actor.lang === 'en' ? 'Delete' : '删除', { style: 'danger', disabled: failing(loader, def, def.rules, ['delete'], recordNames(d), call.actor.lang).blocks.map((p) => p.message) }))
    }
    return [...buttons, ...actionsOf(call, def, loader, d, list)]
  })
  drafts.forEach((d, i) => out.set(d.id, made[i]!))
  return out
}

/** Toolbar actions that need no record. */
export const freeActions = (call: Call, def: EntityDef, list?: string): [string, ActionDef][] => Object.entries(def.form.actions).filter(([id, a]) =>
  a.scope === 'none' && may(call.programme, def, call.actor.role, `action:${id}`) && (!list || !a.list?.length || a.list.includes(list)))
