import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import { accessOf, isOneOf } from '#server/runtime/access/index.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import { getPath, propertyAt, setPath } from '../schema/properties.ts'
import { allows, fieldSet, itemFields, type FieldSet } from './fields.ts'
import { good, refuse, type Draft, type Via } from './draft.ts'
import { say } from './messages.ts'
import { changedPath, recordNames } from './values.ts'

const EVERYTHING = fieldSet([['*']])
const NEVER = new Set(['process', 'effect', 'compute'])

/** The union of the edit entries that hold now and of the record's wait states. */
export async function unlocked(engine: Engine, call: Call, loader: FactLoader, def: EntityDef, drafts: Draft[]): Promise<Map<string, FieldSet[]>> {
  const { registry, programme } = loader.context
  const waits = await engine.hooks.editable(call, loader, def, drafts.map((d) => d.id))
  const entries = Object.values(def.form.edit).filter((e) => isOneOf(programme, call.actor.role, e.role))
  const lists = await loader.settleAll(drafts, (d) => {
    const held = entries.filter((e) => !e.if || registry.expression(programme.id, e.if, recordScope(def)).evaluate(loader.scope(recordNames(d))) === true)
    return fieldSet([...held.map((e) => e.fields), waits.get(d.id)?.fields])
  })
  return new Map(drafts.map((d, i) => [d.id, lists[i]!]))
}

const isTyped = (p: PropertyDef | undefined): boolean =>
  p !== undefined && !(p.governor && NEVER.has(p.governor) && !p.compute?.if) && p.path !== 'status' && !(p.compute && !p.compute.if) && !p.number

/** A patch may touch only what is unlocked for this person; on creation everything that people type. */
export async function checkLocks(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], via: Via): Promise<void> {
  if (via.kind === 'effect' || via.kind === 'seed') return
  const todo = good(drafts)
  if (todo.length === 0) return
  const def = todo[0]!.def
  const access = accessOf(call.programme, def, call.actor.role)
  const readOnly = Object.entries(access?.fields ?? {}).filter(([, f]) => f.readOnly === true || f.hidden === true).map(([p]) => p)
  const updates = todo.filter((d) => !d.create)
  const sets = via.kind === 'user' || via.kind === 'import' ? await unlocked(engine, call, loader, def, updates) : new Map<string, FieldSet[]>()
  const own = fieldSet([via.kind === 'action' || via.kind === 'outcome' ? via.fields : []])
  const ever = fieldSet([...Object.values(def.form.edit).map((e) => e.fields), ...engine.hooks.everEditable(call, def)])
  for (const d of todo) {
    const mine = d.create ? EVERYTHING : (sets.get(d.id) ?? own)
    for (const name of Object.keys(d.patch)) {
      const p = def.properties[name]
      if (!p) { refuse(d, 'FIELD_UNKNOWN', `没有字段“${name}”`, name); continue }
      if (!changedDeep(d, name)) continue
      if (!isTyped(p)) { restore(d, name); continue }
      for (const path of changedLeaves(d, p.kind === 'object' ? name : null, name)) {
        if (p.kind === 'object' && p.properties && path !== name && !isTyped(propertyAt(def, path))) { setPath(d.data, path, d.old ? getPath(d.old, path) : undefined); continue }
        if (readOnly.includes(path)) refuse(d, 'FIELD_READ_ONLY', `${say(p.title)}：您不能修改此项`, path)
        else if (mine !== EVERYTHING && !allows(mine, path) && !ownOfImport(via, ever, path) && !keepItemFields(d, path, itemFields(mine, path))) refuse(d, 'FIELD_LOCKED', `${say(p.title)}：当前状态下不能修改`, path)
      }
    }
  }
}

/** What an import sets and nothing else ever unlocks is the import's own (scores); all else keeps the locks of the page. */
const ownOfImport = (via: Via, ever: FieldSet[], path: string): boolean => via.kind === 'import' && allows(fieldSet([via.fields]), path) && !allows(ever, path)

const changedDeep = (d: Draft, name: string): boolean => changedPath(d, name)
function restore(d: Draft, name: string): void {
  if (d.old && d.old[name] !== undefined) d.data[name] = structuredClone(d.old[name])
  else delete d.data[name]
}
function changedLeaves(d: Draft, object: string | null, name: string): string[] {
  if (!object) return [name]
  const keys = new Set([...Object.keys((getPath(d.data, object) as object | undefined) ?? {}), ...Object.keys(((d.old && getPath(d.old, object)) as object | undefined) ?? {})])
  return [...keys].map((k) => `${object}.${k}`).filter((p) => changedPath(d, p))
}

/** Only some item fields are unlocked: everything else of the items must stand as it was. */
function keepItemFields(d: Draft, path: string, fields: string[]): boolean {
  const before = d.old ? getPath(d.old, path) : undefined
  const after = getPath(d.data, path)
  if (fields.length === 0 || !Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false
  const strip = (item: unknown) => JSON.stringify(Object.entries(item as object).filter(([k]) => !fields.includes(k)).sort())
  return before.every((b, i) => strip(b) === strip(after[i]))
}
