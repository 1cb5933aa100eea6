import type { FormTarget, FormView } from '#server/services.ts'
import { own } from '#server/platform/json.ts'
import { may } from '#server/runtime/access/index.ts'
import type { Dict, EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { feelNames, inputSchema, offersFor, typedInput } from '#server/runtime/process/index.ts'
import { allows, draftOf, factsFor, feelToProperty, fieldSet, itemFields, loadRows, recordNames, recordScope, rowOf, visibleIds, type Draft, type FactLoader, type FieldSet } from '#server/runtime/records/index.ts'
import type { Call, Result } from '../context.ts'
import { ruleAt } from './cells.ts'
import { buildObject, type Access, type FormContext } from './form-build.ts'
import { labelsOf } from './form-labels.ts'
import { livePaths } from './form-live.ts'
import { optionsOf } from './form-options.ts'
import { proposalsOf } from './form-proposals.ts'
import { moveForm } from './form-move.ts'
import { auditPlain } from './personal-reads.ts'
import { forbidden, isId, notFound, textOf, type ViewParts } from './parts.ts'
import { pickOf } from './pick-import.ts'

/** What a button asks: its own inputs, and fields of the record that it may set. */
export interface Dialog { title: string; inputs: Dict<PropertyDef>; raw: JsonObject; sets: FieldSet[]; draft: Draft | null; loader: FactLoader; /** of the task: the item of its loop */ names?: Record<string, FeelValue> }

export async function openDialog(parts: ViewParts, call: Call, def: EntityDef, target: FormTarget): Promise<Result<{ dialog: Dialog }>> {
  const { engine } = parts.core
  const loader = factsFor(engine, call)
  const ids = (target.ids ?? (target.id ? [target.id] : [])).filter(isId)
  const visible = await visibleIds(call, loader, def, ids.slice(0, 1))
  if (ids.length && !visible.has(ids[0]!)) return notFound()
  const raw = ids.length === 1 ? (await loadRows(engine, loader, def, ids)).get(ids[0]!) : undefined
  const draft = raw ? draftOf(engine, def, raw, {}) : null
  const button = target.button!
  const action = own(def.form.actions, button)
  if (action) {
    if (!may(call.programme, def, call.actor.role, `action:${button}`)) return forbidden()
    return { ok: true, dialog: { title: textOf(call, action.title), inputs: action.inputs ?? {}, raw: action.input ?? {}, sets: action.do === 'edit' ? fieldSet([action.fields]) : [], draft, loader } }
  }
  const pick = pickOf(def, button)
  if (pick) {
    if (!may(call.programme, def, call.actor.role, button)) return forbidden()
    const raw = Object.fromEntries(Object.values(pick.params).map((p) => [p.name, { type: 'string', title: p.title.zh }]))
    return { ok: true, dialog: { title: textOf(call, pick.title), inputs: pick.params, raw, sets: [], draft: null, loader } }
  }
  const offer = ids.length ? (await offersFor(parts.core.processes, call, loader, def, ids.slice(0, 1))).get(ids[0]!)?.find((o) => o.id === button) : undefined
  if (!offer) return notFound()
  const schema = inputSchema(call, offer)
  const cut = offer.form?.lastIndexOf('/') ?? -1
  const owner = offer.form ? call.programme.entities[offer.form.slice(0, cut)] : undefined
  const inputs = owner?.inputProperties[offer.form!.slice(cut + 1)] ?? {}
  const sets = fieldSet([draft ? offer.element.edit : undefined])
  return { ok: true, dialog: { title: offer.title, inputs, raw: schema ?? {}, sets: sets.some((s) => s.all) ? [] : sets, draft, loader, names: feelNames(offer.names) } }
}

const ownOf = (def: EntityDef, sets: FieldSet[]): Dict<PropertyDef> =>
  Object.fromEntries(Object.entries(def.properties).filter(([k, p]) => allows(sets, k) || itemFields(sets, k).length > 0 || Object.keys(p.properties ?? {}).some((c) => allows(sets, `${k}.${c}`))))

/** Values of inputs: what was typed, else constant and live defaults. */
function defaults(call: Call, d: Dialog, def: EntityDef, typed: JsonObject, names: Record<string, FeelValue>): JsonObject {
  const out: JsonObject = {}
  for (const p of Object.values(d.inputs)) {
    if (typed[p.name] !== undefined) { out[p.name] = typed[p.name]!; continue }
    if (p.default !== undefined) { out[p.name] = structuredClone(p.default); continue }
    const value = p.liveDefault ? feelToProperty(p, d.loader.context.registry.expression(call.programme.id, p.liveDefault, recordScope(def)).evaluate(d.loader.scope(names))) : undefined
    if (value !== undefined) out[p.name] = value as JsonObject[string]
  }
  return out
}

export async function dialogForm(parts: ViewParts, call: Call, def: EntityDef, target: FormTarget, typed: JsonObject = {}): Promise<Result<{ form: FormView }>> {
  const move = await moveForm(parts, call, def, target)
  if (move) return { ok: true, form: move }
  const opened = await openDialog(parts, call, def, target)
  if (!opened.ok) return opened
  const d = opened.dialog
  const { loader, draft } = d
  const own = ownOf(def, d.sets)
  const options = await optionsOf(call, loader, { ...d.inputs, ...own })
  const made = await loader.settle(() => {
    const base = draft ? recordNames(draft, { outcome: target.button! }) : { record: null, item: null, old: null }
    const input = typedInput(d.inputs, typed)
    const names: Record<string, FeelValue> = { ...base, ...d.names, input, params: input }
    const values = defaults(call, d, def, typed, names)
    const common = { call, loader, def, scope: recordScope(def), names, options }
    const inputs = buildObject({ ...common, data: values, access: () => 'edit', mask: () => undefined } as FormContext, d.inputs, d.raw, '', values)
    const stored = { ...(draft?.data ?? {}), ...Object.fromEntries(Object.entries(typed).filter(([k]) => own[k])) } as JsonObject
    const access = (path: string): Access => {
      const rule = draft ? ruleAt(call, loader, def, rowOf(draft), path) : { hidden: false, readOnly: false }
      if (rule.hidden) return 'none'
      const item = /^(.+)\[\]\.(.+)$/.exec(path)
      return !rule.readOnly && (item ? allows(d.sets, item[1]!) || itemFields(d.sets, item[1]!).includes(item[2]!) : allows(d.sets, path)) ? 'edit' : 'read'
    }
    const fields = buildObject({ ...common, data: stored, access, mask: (path) => (draft ? ruleAt(call, loader, def, rowOf(draft), path).mask : undefined), ...(draft ? { stored: { entity: def.id, id: draft.id } } : {}) } as FormContext, own, def.schema, '', stored)
    return { inputs, fields, proposals: proposalsOf(call, loader, d.inputs, recordScope(def), names) }
  })
  const data = { ...(made.fields.value as JsonObject), ...(made.inputs.value as JsonObject) }
  await auditPlain(parts, call, loader, 'form')
  const required = [...((made.fields.schema['required'] as string[] | undefined) ?? []), ...((made.inputs.schema['required'] as string[] | undefined) ?? [])]
  const all = { ...own, ...d.inputs }
  return {
    ok: true,
    form: {
      entity: def.id, ...(draft ? { id: draft.id, rev: draft.storedRev } : {}), title: d.title,
      schema: { type: 'object', properties: { ...(made.fields.schema['properties'] as JsonObject), ...(made.inputs.schema['properties'] as JsonObject) }, ...(required.length ? { required } : {}) },
      uiSchema: { ...made.fields.ui, ...made.inputs.ui }, data, labels: await labelsOf(parts, call, loader, all, data),
      live: livePaths(loader, { ...def, form: { ...def.form, layout: { sections: {}, widgets: {} } } }, d.inputs, recordScope(def), 'input'), proposals: made.proposals, buttons: [],
    },
  }
}
