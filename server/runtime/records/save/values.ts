import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { Expression, FeelValue, Scope } from '#server/runtime/expressions/types.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { recordScope } from '../facts/scopes.ts'
import type { RecordData } from '../schema/codec.ts'
import { feelToProperty, propertyToFeel } from '../schema/feel-values.ts'
import { getPath, setPath } from '../schema/properties.ts'
import { good, rowOf, type Draft } from './draft.ts'
import { planOf, type Computed } from './plan.ts'

/** Names of a record's own expressions. `old` is null for a new record. */
export function recordNames(d: Draft, extra: Record<string, FeelValue> = {}): Record<string, FeelValue> {
  const row = rowOf(d)
  return { record: row, item: row, old: oldOf(d), ...extra }
}
// what is stored does not change while a draft is looked at, but every rule asks for its names
const olds = new WeakMap<RecordData, FeelValue>()
function oldOf(d: Draft): FeelValue {
  if (d.old === null) return null
  let old = olds.get(d.old)
  if (old === undefined) olds.set(d.old, (old = { ...Object.fromEntries((d.partial ? Object.keys(d.old).flatMap((name) => d.def.properties[name] ?? []) : Object.values(d.def.properties)).map((p) => [p.name, propertyToFeel(p, d.old![p.name])])), status: d.oldStatus, id: d.id }))
  return old
}
/** One scope for all of a draft's own expressions. */
export function scopeOf(loader: FactLoader, d: Draft): Scope {
  if (d.asked?.facts !== loader) d.asked = { facts: loader, scope: loader.scope(recordNames(d)) }
  return d.asked.scope
}
/** The expressions of a record of the entity. */
export const expressionsOf = ({ context: { registry, programme } }: FactLoader, def: EntityDef): ((text: string) => Expression) => registry.at(programme.id, recordScope(def))

// all records of a set are made at the same instant
let [lastMs, lastIso] = [0, new Date(0).toISOString()]
const isoOf = (ms: number): string => {
  if (ms !== lastMs) [lastMs, lastIso] = [ms, new Date(ms).toISOString()]
  return lastIso
}
/** For drafts of which nothing asks what was before. */
export const leaveOld = (d: Draft): void => { if (d.old) olds.set(d.old, null) }
export const overlayDraft = (loader: FactLoader, d: Draft): void =>
  loader.overlay(d.def, d.id, d.data, { status: d.status, org: d.org, createdBy: d.createdBy, program: d.program, createdAt: isoOf(d.createdAt), rev: d.storedRev })

const isPlain = (v: unknown): boolean => v === null || typeof v !== 'object'
/** null and absent are the same */
const sameJson = (a: unknown, b: unknown): boolean => a === b || (a ?? null) === (b ?? null) || (!(isPlain(a) && isPlain(b)) && JSON.stringify(a ?? null) === JSON.stringify(b ?? null))
export const changedPath = (d: Draft, path: string): boolean => !sameJson(d.old ? getPath(d.old, path) : undefined, getPath(d.data, path))

function constantDefaults(d: Draft): void {
  for (const p of planOf(d.def).defaults) if (getPath(d.data, p.path) === undefined) setPath(d.data, p.path, structuredClone(p.default))
}

/** Instants are kept as full ISO texts in UTC, however they were written. */
function normaliseTimes(d: Draft): void {
  for (const p of planOf(d.def).instants) {
    const v = getPath(d.data, p.path)
    const ms = typeof v === 'string' ? Date.parse(v) : typeof v === 'number' ? v : Number.NaN
    if (Number.isFinite(ms)) setPath(d.data, p.path, new Date(ms).toISOString())
  }
}

/** `status` is a column of the record, not of its data: an effect may write it, a process has its own way. */
function takeStatus(d: Draft): void {
  const p = d.def.properties['status']
  if (p && p.governor !== 'process' && !p.compute && typeof d.data['status'] === 'string') d.status = d.data['status']
  delete d.data['status']
}

/** Rich text is cleaned when it is stored, whatever brought it. */
function sanitiseRich(engine: Engine, d: Draft): void {
  for (const p of planOf(d.def).rich) {
    const v = getPath(d.data, p.path)
    if (typeof v === 'string' && changedPath(d, p.path)) setPath(d.data, p.path, engine.sanitise(v))
  }
}

/** Fields frozen into this record when a reference is set, and again only when it is set anew. */
async function copyReferences(loader: FactLoader, d: Draft, touched: Set<string>): Promise<void> {
  for (const p of planOf(d.def).copies) {
    const reselected = p.ref!.recopy === 'onSelect' && touched.has(p.path.split('.')[0]!)
    if (!changedPath(d, p.path) && !reselected) continue
    const id = getPath(d.data, p.path)
    for (const [target, names] of Object.entries(p.ref!.copy!)) {
      if (id === undefined || id === null) { setPath(d.data, target, undefined); continue }
      const source = loader.definition(p.ref!.entity)
      const row = { $: 'row', entity: source.id, id: String(id) } as const
      const list = names.includes('*') ? Object.keys(source.properties).filter((n) => n !== 'status') : names
      const copy = await loader.settle(() => Object.fromEntries(list.map((n) => [n, loader.property(row, n)])))
      const out: Record<string, unknown> = {}
      for (const n of list) {
        const from = source.properties[n]
        const value = from ? feelToProperty(from, copy[n] ?? null) : undefined
        if (value !== undefined) out[n] = value
      }
      setPath(d.data, target, out)
    }
  }
}

/** Computes and live defaults until nothing changes any more: the order of dependence without sorting; a cycle is a lint error. */
async function computeAll(loader: FactLoader, drafts: Draft[]): Promise<void> {
  const moving = drafts.filter((d) => planOf(d.def).computed.length > 0)
  for (let pass = 0; pass < 6; pass++) {
    const moved = await loader.settleAll(moving, (d) => changesBy(loader, d, planOf(d.def).computed))
    let any = false
    moving.forEach((d, i) => {
      for (const [path, value] of moved[i]!) { setPath(d.data, path, value); any = true; if (d.create) d.liveSet?.add(path) }
      if (moved[i]!.length) overlayDraft(loader, d)
    })
    if (!any) return
  }
}
type Change = [path: string, value: unknown]
const NOTHING: readonly Change[] = []
function changesBy(loader: FactLoader, d: Draft, computed: Computed[]): readonly Change[] {
  let changes: Change[] | undefined
  const scope = scopeOf(loader, d)
  const compiled = expressionsOf(loader, d.def)
  for (const c of computed) {
    if (c.once && !d.create) continue
    const held = getPath(d.data, c.p.path)
    if (c.live && held !== undefined && !followsInputs(d, c.p.path)) continue
    if (c.if && compiled(c.if).evaluate(scope) !== true) continue
    const next = feelToProperty(c.p, compiled(c.text).evaluate(scope))
    if (!sameJson(held, next)) (changes ??= []).push([c.p.path, next])
  }
  return changes ?? NOTHING
}
const followsInputs = (d: Draft, path: string): boolean => d.create && d.liveSet?.has(path) === true

/** References and copies, then defaults and computes, for a whole set. */
export async function fillValues(engine: Engine, loader: FactLoader, drafts: Draft[]): Promise<void> {
  const todo = good(drafts)
  for (const d of todo) {
    d.liveSet = new Set()
    if (d.create) constantDefaults(d)
    normaliseTimes(d)
    sanitiseRich(engine, d)
    takeStatus(d)
    overlayDraft(loader, d)
  }
  const copying = todo.filter((d) => planOf(d.def).copies.length > 0)
  await prefetchCopies(loader, copying)
  for (const d of copying) { await copyReferences(loader, d, new Set(Object.keys(d.patch))); overlayDraft(loader, d) }
  await computeAll(loader, good(drafts))
  for (const d of good(drafts)) normaliseTimes(d)
}

/** One load for all referred rows of the set, so that the copies above find them in memory. */
async function prefetchCopies(loader: FactLoader, drafts: Draft[]): Promise<void> {
  await loader.settleAll(drafts, (d) => {
    for (const p of planOf(d.def).copies) {
      const id = getPath(d.data, p.path)
      if (id != null) loader.property({ $: 'row', entity: p.ref!.entity, id: String(id) }, 'createdAt')
    }
  })
}
