import type { Button, FormTarget, FormView } from '#server/services.ts'
import { isOneOf, may } from '#server/runtime/access/index.ts'
import type { EntityDef, JsonObject, PropertyDef } from '#server/runtime/definitions/index.ts'
import { buttonsFor } from '#server/runtime/desk/index.ts'
import { isRefusal, start, waits } from '#server/runtime/process/core/index.ts'
import { allows, checkReferences, draftOf, factsFor, feelToProperty, fieldSet, fillValues, isReadCompute, itemFields, loadRows, newDraft, overlayDraft, propertyAt, recordNames, recordScope, rowOf, setPath, unlocked, visibleIds, walk, type Draft, type FactLoader, type FieldSet, type RecordData } from '#server/runtime/records/index.ts'
import type { Call, Result } from '../context.ts'
import { createTitle, mayCreate, toButton } from './buttons.ts'
import { ruleAt } from './cells.ts'
import { buildObject, type Access, type FormContext } from './form-build.ts'
import { labelsOf } from './form-labels.ts'
import { livePaths } from './form-live.ts'
import { optionsOf } from './form-options.ts'
import { proposalsOf } from './form-proposals.ts'
import { recordTitle } from './record.ts'
import { auditPlain } from './personal-reads.ts'
import { isInverse, sectionsOf } from './record-sections.ts'
import { forbidden, isId, notFound, refused, labelOf, textOf, word, type ViewParts } from './parts.ts'

/** What nobody types: states of a process, effects, computes without a condition, drawn numbers, and objects of nothing else. */
export function isTyped(def: EntityDef, path: string): boolean {
  const p = propertyAt(def, top(path))
  if (!p || p.path === 'status' || !typed(p)) return false
  const inner = path.includes('.') && !path.includes('[]') ? propertyAt(def, path) : undefined
  return inner === undefined || typed(inner)
}
function typed(p: PropertyDef): boolean {
  if (p.number) return false
  if (p.compute) return p.compute.at !== 'read' && p.compute.if !== undefined
  return p.governor === undefined && (p.kind !== 'object' || !p.properties || Object.values(p.properties).some(typed))
}

/** What comes about only after a record is there: its number, counts of what refers to it, what processes write. A new record shows none of it. */
function comesLater(def: EntityDef, path: string): boolean {
  if (isTyped(def, path)) return false
  const p = propertyAt(def, path.includes('[]') ? top(path) : path)
  return !p?.compute || p.compute.at === 'read'
}

const top = (path: string): string => path.split('.')[0]!.replace('[]', '')
/** Top-level names that the layout shows. */
const laidOut = (def: EntityDef): Set<string> => new Set(sectionsOf(def).flatMap(([, s]) => s.fields.filter((f) => !isInverse(def, f)).map(top)))

/** Sections whose condition holds, and the names that stand only in the others: those are not asked for now. */
function openSections(call: Call, loader: FactLoader, def: EntityDef, draft: Draft): { sections: ReturnType<typeof sectionsOf>; away: Set<string> } {
  const holds = (text: string): boolean => loader.context.registry.expression(call.programme.id, text, recordScope(def)).evaluate(loader.scope(recordNames(draft))) === true
  const all = sectionsOf(def)
  const sections = all.filter(([, s]) => !s.if || holds(s.if))
  const open = new Set(sections.flatMap(([, s]) => s.fields.map(top)))
  return { sections, away: new Set(all.flatMap(([, s]) => s.fields.map(top)).filter((name) => !open.has(name))) }
}

/** What was typed, without what the person cannot write here. */
function cut(def: EntityDef, typed: JsonObject, sets: FieldSet[]): RecordData {
  return Object.fromEntries(Object.entries(typed).filter(([k]) => {
    const p = def.properties[k]
    return p && isTyped(def, k) && (allows(sets, k) || itemFields(sets, k).length > 0 || (p.kind === 'object' && Object.keys(p.properties ?? {}).some((c) => allows(sets, `${k}.${c}`))))
  })) as RecordData
}

export interface OpenRecord { draft: Draft; sets: FieldSet[]; loader: FactLoader }
/** The record as it would be with what was typed; nothing is written. References out of range are left out, so that nothing can be read through them. */
export async function openDraft(parts: ViewParts, call: Call, def: EntityDef, id: string | undefined, typed: JsonObject | undefined): Promise<OpenRecord | null> {
  const { engine } = parts.core
  const loader = factsFor(engine, call)
  let draft: Draft
  let sets: FieldSet[]
  if (id === undefined) {
    sets = fieldSet([['*']])
    draft = newDraft(engine, call, def, cut(def, typed ?? {}, sets))
  } else {
    if (!isId(id) || !(await visibleIds(call, loader, def, [id])).has(id)) return null
    const raw = (await loadRows(engine, loader, def, [id])).get(id)
    if (!raw) return null
    const stored = draftOf(engine, def, raw, {})
    sets = (await unlocked(engine, call, loader, def, [stored])).get(id) ?? []
    draft = draftOf(engine, def, raw, cut(def, typed ?? {}, sets))
  }
  overlayDraft(loader, draft)
  if (typed || id === undefined) {
    await checkReferences(loader, [draft], true)
    for (const p of draft.problems) if (p.path && !/\.\d+/.test(p.path)) setPath(draft.data, p.path, undefined)
    draft.problems = []
    await fillValues(engine, loader, [draft])
    draft.problems = []
    overlayDraft(loader, draft)
  }
  return { draft, sets, loader }
}

/** Values computed when read are shown beside those that are stored. */
function withComputes(def: EntityDef, loader: FactLoader, d: Draft): JsonObject {
  const data = structuredClone(d.data) as JsonObject
  for (const p of walk(def.properties)) if (isReadCompute(p) && !p.path.includes('.')) {
    const value = feelToProperty(p, loader.property(rowOf(d), p.name))
    if (value !== undefined) data[p.name] = value as JsonObject[string]
  }
  if (d.status) data['status'] = d.status
  return data
}

export async function recordForm(parts: ViewParts, call: Call, def: EntityDef, target: FormTarget, typed: JsonObject | undefined): Promise<Result<{ form: FormView }>> {
  const opened = await openDraft(parts, call, def, target.id, typed)
  if (!opened) return notFound()
  const { draft, sets, loader } = opened
  if (target.id === undefined && !(await loader.settle(() => mayCreate(call, loader, def)))) return forbidden()
  if (target.id !== undefined) {
    if (!may(call.programme, def, call.actor.role, 'edit') && !may(call.programme, def, call.actor.role, 'create')) return forbidden()
    if (!sets.some((s) => s.all || s.paths.size > 0)) return refused('FIELD_LOCKED', '当前状态下不能修改')
  }
  const options = await optionsOf(call, loader, def.properties)
  const shown = laidOut(def)
  const made = await loader.settle(() => {
    const { sections, away } = openSections(call, loader, def, draft)
    const access = (path: string): Access => {
      if (away.has(top(path))) return 'none'
      const rule = ruleAt(call, loader, def, rowOf(draft), path)
      if (rule.hidden) return 'none'
      const item = /^(.+)\[\]\.(.+)$/.exec(path)
      const open = isTyped(def, path) && !rule.readOnly && !rule.mask && (item ? allows(sets, item[1]!) || itemFields(sets, item[1]!).includes(item[2]!) : allows(sets, path) || hasOpenChild(def, path, sets))
      return open ? 'edit' : shown.has(top(path)) && !(target.id === undefined && comesLater(def, path)) ? 'read' : 'none'
    }
    const data = withComputes(def, loader, draft)
    const ctx: FormContext = { call, loader, def, scope: recordScope(def), names: recordNames(draft), data, access, mask: (path) => ruleAt(call, loader, def, rowOf(draft), path).mask, options, ...(target.id ? { stored: { entity: def.id, id: target.id } } : {}) }
    const built = buildObject(ctx, def.properties, def.schema, '', data)
    const names = Object.keys(built.schema['properties'] as JsonObject)
    const placed = new Set<string>()
    return { built, sections: sections.map(([id, s]) => ({ id, title: textOf(call, s.title), ...(s.help ? { help: textOf(call, s.help) } : {}), ...(s.columns ? { columns: s.columns } : {}), fields: [...new Set(s.fields.map(top))].filter((f) => names.includes(f) && !placed.has(f) && placed.add(f)) })), title: target.id ? recordTitle(call, loader, def, target.id) : '', proposals: proposalsOf(call, loader, def.properties, recordScope(def), recordNames(draft)) }
  })
  const data = made.built.value as JsonObject
  await auditPlain(parts, call, loader, 'form')
  return {
    ok: true,
    form: {
      entity: def.id, ...(target.id ? { id: target.id, rev: draft.storedRev } : {}), title: target.id ? `${word(call.actor.lang, '编辑', 'Edit ')}${made.title || textOf(call, def.title)}` : createTitle(call, def),
      schema: made.built.schema, uiSchema: { ...made.built.ui, 'ui:sections': made.sections.filter((s) => s.fields.length) as unknown as JsonObject[string] }, data,
      labels: await labelsOf(parts, call, loader, def.properties, data), live: livePaths(loader, def, def.properties, recordScope(def), 'record'), proposals: made.proposals,
      buttons: await buttonsOf(parts, call, loader, def, target.id),
    },
  }
}
const hasOpenChild = (def: EntityDef, path: string, sets: FieldSet[]): boolean =>
  Object.keys(propertyAt(def, path)?.properties ?? {}).some((c) => allows(sets, `${path}.${c}`))

const save = (call: Call, primary: boolean): Button => ({ id: 'save', kind: 'save', title: word(call.actor.lang, '保存', 'Save'), style: primary ? 'primary' : 'default' })
async function buttonsOf(parts: ViewParts, call: Call, loader: FactLoader, def: EntityDef, id: string | undefined): Promise<Button[]> {
  const more = id === undefined ? firstOutcomes(parts, call, def)
    : ((await buttonsFor(parts.core.processes, call, loader, def, [id])).get(id) ?? []).filter((b) => b.kind === 'outcome' && !b.form && !b.signature).map((b) => toButton(call, b, 'form'))
  return [save(call, more.length === 0), ...more.map(({ disabled: _, ...b }) => b)]
}

/** Outcomes of the task that a new record begins with. */
function firstOutcomes(parts: ViewParts, call: Call, def: EntityDef): Button[] {
  const process = parts.core.processes.catalogue.of(call.programme, def)
  if (!process) return []
  const begun = start(process.compiled, { kind: 'start' }, () => null)
  if (isRefusal(begun)) return []
  return waits(process.compiled, begun.state).flatMap((w): Button[] => {
    const el = process.compiled.elements[w.element]
    if (w.kind !== 'task' || !el?.role?.length || !isOneOf(call.programme, call.actor.role, el.role)) return []
    return el.outcomes.filter((o) => !o.form && !o.signature && !o.when && (!o.role?.length || isOneOf(call.programme, call.actor.role, o.role))).map((o) => ({
      id: o.id, kind: 'outcome', title: labelOf(call, o.label), style: o.style === 'primary' || o.style === 'danger' ? o.style : 'default', ...(o.comment !== 'none' ? { comment: o.comment } : {}), ...(o.confirm ? { confirm: o.confirm } : {}),
    }))
  })
}
