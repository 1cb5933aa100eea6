import type { EntityDef } from '#server/runtime/definitions/model.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import type { Call } from '../../context.ts'
import { rowConditions } from '#server/runtime/access/index.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { rowScope } from '../facts/scopes.ts'
import { propertyAt, setPath } from '../schema/properties.ts'
import { good, refuse, type Draft, type Via } from './draft.ts'
import { checkFiles } from './files.store.ts'
import { checkLimits } from './limits.store.ts'
import { checkLocks } from './locks.ts'
import { giveOwners } from './owner.ts'
import { drawNumbers } from './numbers.store.ts'
import { checkReferences } from './references.ts'
import { checkRules } from './rules.ts'
import { checkUnique } from './unique.store.ts'
import { validateDrafts } from './validate.ts'
import { fillValues, overlayDraft, scopeOf } from './values.ts'

export interface PrepareOptions {
  via: Via
  /** moments whose x-rules apply besides save and create: outcome, action or import ids */
  moments?: string[]
  input?: FeelValue
  /** 保存 of a draft checks types only */
  lenient?: boolean
}
export type UniqueKeys = Awaited<ReturnType<typeof checkUnique>>

/** New records must lie inside what the person's role covers. */
async function checkScope(call: Call, loader: FactLoader, drafts: Draft[]): Promise<void> {
  const { registry, programme } = loader.context
  const todo = good(drafts).filter((d) => d.create)
  const rights = new Map([...new Set(todo.map((d) => d.def))].map((def) => [def, rowConditions(programme, def, call.actor.role)?.map((c) => registry.expression(programme.id, c, rowScope(def))) ?? null]))
  const answers = await loader.settleAll(todo, (d) => rights.get(d.def)?.every((c) => c.evaluate(scopeOf(loader, d)) === true) === true)
  todo.forEach((d, i) => { if (!answers[i]) refuse(d, 'OUTSIDE_SCOPE', '您不能为此机构或范围新建记录') })
}

/**
 * The order on save: locks → references and copies → defaults and computes → JSON Schema and x-rules → unique and limits → numbers → unique of numbers.
 * Nothing is written. Afterwards each draft either has problems or is ready; the keys to write come back.
 */
export async function prepare(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], options: PrepareOptions): Promise<UniqueKeys> {
  await prepareValues(engine, call, loader, drafts, options)
  return claimKeys(engine, call, loader, drafts, options)
}

/** Up to the rules: what follows from the drafts and from what is stored, without taking anything that others may take too. */
export async function prepareValues(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], options: PrepareOptions): Promise<void> {
  for (const d of drafts) overlayDraft(loader, d)
  await checkLocks(engine, call, loader, drafts, options.via)
  await checkFiles(engine, call, drafts, options.via)
  await checkReferences(loader, drafts, options.via.kind !== 'seed')
  await fillValues(engine, loader, drafts)
  await giveOwners(loader, call, drafts)
  const byPerson = options.via.kind !== 'effect' && options.via.kind !== 'seed'
  if (byPerson) await checkScope(call, loader, drafts)
  const lenient = await lenientDrafts(engine, call, drafts, options)
  await validateTypes(loader, drafts.filter((d) => lenient.has(d)), call)
  const strict = drafts.filter((d) => !lenient.has(d))
  if (strict.length) {
    await validateDrafts(loader, strict, call.actor.lang)
    const moments = (d: Draft) => [...(byPerson || d.create ? ['save'] : []), ...(d.create ? ['create'] : []), ...(options.moments ?? [])]
    await checkRules(loader, strict, moments, call.actor.lang, { input: options.input ?? null, params: options.input ?? null })
  }
}

/** Keys, places and numbers: asked in the transaction that takes them. */
export async function claimKeys(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[], options: PrepareOptions): Promise<UniqueKeys> {
  const keys = await checkUnique(engine, call, loader, drafts)
  if (options.via.kind !== 'seed') await checkLimits(engine, call, loader, drafts)
  await drawNumbers(engine, call, loader, drafts, 'create')
  if (haveNewKeys(drafts)) return redrawn(engine, call, loader, drafts)
  return keys.filter(({ d }) => d.problems.length === 0)
}

/** A number that was drawn just now, or what a full quota changes, may stand in a key that has been asked for before. */
function haveNewKeys(drafts: Draft[]): boolean {
  const drawn = new Map<EntityDef, Set<string>>()
  for (const d of drafts) {
    let paths = drawn.get(d.def)
    if (!paths) drawn.set(d.def, (paths = new Set()))
    for (const path of d.numbered) paths.add(path)
  }
  return [...drawn].some(([def, paths]) => Object.values(def.limits).some((l) => l.over) || [...paths].some((path) => Object.values(def.unique).some((u) => u.fields.some((f) => f.replace(/\[\]$/, '') === path) || u.where?.includes(path.split('.').at(-1)!))))
}

const DRAWS = 200
/** A number that somebody has already, by chance or because it came with a seed or from an older system, is drawn again: a person could do nothing about it. */
async function redrawn(engine: Engine, call: Call, loader: FactLoader, drafts: Draft[]): Promise<UniqueKeys> {
  for (let n = 0; ; n++) {
    const open = new Set(good(drafts))
    const keys = await checkUnique(engine, call, loader, drafts)
    const unlucky = n < DRAWS ? [...open].filter((d) => d.problems.length > 0 && d.problems.every((p) => drawnOf(d, p.code).length > 0)) : []
    if (unlucky.length === 0) return keys
    for (const d of unlucky) {
      for (const path of d.problems.flatMap((p) => drawnOf(d, p.code))) { setPath(d.data, path, undefined); d.numbered = d.numbered.filter((x) => x !== path) }
      d.problems = []
      overlayDraft(loader, d)
    }
    await drawNumbers(engine, call, loader, unlucky, 'create')
  }
}
/** Fields of a broken uniqueness whose number was drawn in this save, so that drawing again gives another. */
const drawnOf = (d: Draft, code: string): string[] =>
  (d.def.unique[code.replace(/^UNIQUE_/, '')]?.fields ?? []).filter((f) => d.numbered.includes(f) && /\{(rand|seq):/.test(propertyAt(d.def, f)?.number?.pattern ?? ''))

/** Seeds show what once was; 保存 at a draft task checks types only, its outcomes check everything. */
async function lenientDrafts(engine: Engine, call: Call, drafts: Draft[], options: PrepareOptions): Promise<Set<Draft>> {
  if (options.lenient || options.via.kind === 'seed') return new Set(drafts)
  const out = new Set<Draft>()
  if (options.via.kind !== 'user') return out
  for (const def of new Set(good(drafts).map((d) => d.def))) {
    const mine = good(drafts).filter((d) => d.def === def)
    if (mine.some((d) => d.create) && (await engine.hooks.isDraft(call, def, null)).size > 0) for (const d of mine) if (d.create) out.add(d)
    const stored = mine.filter((d) => !d.create)
    const open = stored.length ? await engine.hooks.isDraft(call, def, stored.map((d) => d.id)) : new Set<string>()
    for (const d of stored) if (open.has(d.id)) out.add(d)
  }
  return out
}

async function validateTypes(loader: FactLoader, drafts: Draft[], call: Call): Promise<void> {
  await validateDrafts(loader, drafts, call.actor.lang)
  for (const d of drafts) d.problems = d.problems.filter((p) => p.code !== 'REQUIRED' && !/^SCHEMA_(required|minItems|minLength)$/.test(p.code))
}
