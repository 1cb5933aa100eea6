import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import { isReadCompute, isSensitive, walk } from '../schema/properties.ts'
import { columnsOf } from '../schema/tables.ts'
import { PLAIN_KINDS, startsOf } from './alike.ts'
import type { Draft } from './draft.ts'
import { validatorFor } from './validate.ts'

/** How a few columns of stored records are changed without opening the rest of them. */
export interface NarrowPlan {
  changed: PropertyDef[]
  /** properties whose values a draft must hold: those that change, those of keys and limits */
  held: { p: PropertyDef; /** that says it all */ column: string | null }[]
  /** their names, and what changes of them, as drafts carry it */
  only: NonNullable<Draft['held']>
  /** columns that must hold a number by now */
  numbers: string[]
  /** of the table, all that is read of a record */
  columns: string[]
  /** names of the unique constraints whose keys may change */
  uniques: ReadonlySet<string>
  /** whether anything asks what was before */
  asksOld: boolean
  validate: ValidateFunction
}

const KEYWORDS = new Set(['title', 'description', 'type', 'properties', '$schema', '$id', '$defs'])

/** One column, set to what is given and to nothing else by anybody. */
function isPlain(def: EntityDef, p: PropertyDef | undefined): p is PropertyDef {
  if (!p || !PLAIN_KINDS.has(p.kind) || p.path === 'status' || isSensitive(p) || columnsOf(p).length !== 1) return false
  return !(p.compute ?? p.number ?? p.file ?? p.media ?? p.liveDefault ?? p.ref?.copy ?? p.ref?.where ?? def.form.layout.widgets[p.path]?.widget?.startsWith('rich'))
}

/** Whether a value that is computed on save stays the same: it follows from own fields alone, and none of them changes. */
function stays(loader: FactLoader, def: EntityDef, text: string, names: ReadonlySet<string>): boolean {
  const { registry, programme } = loader.context
  const expression = registry.expression(programme.id, text, recordScope(def))
  return !expression.usesClock && expression.reads.every(({ root, path }) => (root === '' || root === 'record') && path.length === 1 && !names.has(path[0]!) && def.properties[path[0]!] !== undefined && !isReadCompute(def.properties[path[0]!]!))
}

/** Nothing of the record beside the changed fields can follow from them. */
function isAlone(loader: FactLoader, def: EntityDef, names: ReadonlySet<string>): boolean {
  const others = walk(def.properties).every((p) => !p.when && !p.liveDefault
    && (!p.compute || p.compute.at === 'read' || p.compute.at === 'create' || [p.compute.expr, p.compute.if].every((text) => text === undefined || stays(loader, def, text, names))))
  return others && Object.values(def.limits).every((l) => !l.over) && Object.keys(def.schema).every((k) => k.startsWith('x-') || KEYWORDS.has(k))
}

const roots = (paths: string[]): string[] => paths.map((path) => path.replace(/\[\].*$/, '').split('.')[0]!)

/** Of any record, what a draft of it says. */
export const SYSTEM_COLUMNS = ['id', 'program', 'org', 'status', 'rev', 'created_by', 'created_at']

function makePlan(loader: FactLoader, def: EntityDef, names: string[]): NarrowPlan | null {
  const [changed, own] = [names.map((name) => def.properties[name]), new Set(names)]
  if (!changed.every((p) => isPlain(def, p)) || !isAlone(loader, def, own)) return null
  const uniques = Object.entries(def.unique).filter(([, u]) => roots(u.fields).some((name) => own.has(name)) || (u.where !== undefined && !stays(loader, def, u.where, own)))
  const limits = Object.values(def.limits)
  const texts = [...uniques.map(([, u]) => u.where), ...limits.flatMap((l) => [l.of, l.if, l.sum, l.max, l.min])]
  const wanted = new Set([...names, ...uniques.flatMap(([, u]) => roots(u.fields)), ...roots(limits.map((l) => l.of)), ...startsOf(loader, def, texts)])
  const held = [...wanted].flatMap((name) => def.properties[name] ?? []).filter((p) => p.path !== 'status' && !isReadCompute(p))
  const numbers = walk(def.properties).filter((p) => p.number?.draw === 'create').flatMap((p) => columnsOf(p).map((c) => c.name))
  const asksOld = texts.some((text) => text?.includes('old')) || [...Object.values(def.unique), ...limits].some((x) => JSON.stringify(x.message).includes('old'))
  // a column of its own says everything of a field; all others stand in the document, some with columns for what is inside
  const columns = new Set([...SYSTEM_COLUMNS, ...walk(Object.fromEntries(held.map((p) => [p.name, p]))).flatMap((p) => columnsOf(p).map((c) => c.name)), ...numbers, ...(held.some((p) => columnsOf(p).length === 0) ? ['data'] : [])])
  return {
    changed: changed as PropertyDef[], only: { names: new Set(held.map((p) => p.name)), changed: changed as PropertyDef[] }, held: held.map((p) => ({ p, column: PLAIN_KINDS.has(p.kind) && !isSensitive(p) ? columnsOf(p)[0]?.name ?? null : null })), numbers, columns: [...columns], uniques: new Set(uniques.map(([name]) => name)), validate: validatorFor(def, names), asksOld,
  }
}

const plans = new WeakMap<EntityDef, Map<string, NarrowPlan | null>>()
/** The plan for a set that changes these fields; null when more than they may have to change or to be looked at. */
export function narrowPlan(loader: FactLoader, def: EntityDef, names: string[]): NarrowPlan | null {
  let known = plans.get(def)
  if (!known) plans.set(def, (known = new Map()))
  const key = [loader.context.programme.id, ...names].join()
  let plan = known.get(key)
  if (plan === undefined) known.set(key, (plan = makePlan(loader, def, names)))
  return plan
}
