import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import type { FactLoader } from '../facts/loader.ts'
import { decodePath, fromSql, type RawRow, type RecordData } from '../schema/codec.ts'
import { good, refuse, type Draft } from './draft.ts'
import { checkLimits } from './limits.store.ts'
import { bareDraft } from './load.ts'
import type { NarrowPlan } from './narrow-plan.ts'
import type { UniqueKeys } from './prepare.ts'
import { checkReferences } from './references.ts'
import { checkUnique } from './unique.store.ts'
import { pathOfError, titleAt, wordsOf } from './validate.ts'
import { leaveOld } from './values.ts'

/** A draft that holds what the plan names and nothing else of its record. */
export function narrowDraft(engine: Engine, plan: NarrowPlan, def: Draft['def'], raw: RawRow, patch: RecordData): Draft {
  let parsed: RecordData | undefined
  const json = (): RecordData => (parsed ??= JSON.parse((raw['data'] as string | null) ?? '{}') as RecordData)
  const [old, data]: [RecordData, RecordData] = [{}, {}]
  for (const { p, column } of plan.held) {
    const value = column === null ? decodePath(def, raw, p, engine.sealing, json) : fromSql(p, raw[column])
    old[p.name] = data[p.name] = value
  }
  for (const p of plan.changed) if (Object.hasOwn(patch, p.name)) data[p.name] = patch[p.name] ?? undefined
  const d = bareDraft(def, raw)
  d.partial = true
  d.held = plan.only
  d.patch = patch
  d.old = old
  d.data = data
  return d
}

/** A number that is drawn when a record is made and is missing would be drawn now: such records are saved whole. */
export const lacksNumber = (plan: NarrowPlan, rows: ReadonlyMap<string, RawRow>): boolean => plan.numbers.length > 0 && [...rows.values()].some((raw) => plan.numbers.some((column) => raw[column] == null))

/** The checks of a save as far as they can touch what these drafts change: types, references, keys, limits. */
export async function prepareNarrow(engine: Engine, call: Call, loader: FactLoader, plan: NarrowPlan, drafts: Draft[]): Promise<UniqueKeys> {
  if (!plan.asksOld) for (const d of drafts) leaveOld(d)
  for (const d of good(drafts)) loader.patch(d.def, d.id, d.data)
  await checkReferences(loader, drafts, true)
  for (const d of good(drafts)) checkTypes(plan, d, call)
  const keys = await checkUnique(engine, call, loader, drafts, plan.uniques)
  await checkLimits(engine, call, loader, drafts)
  return keys.filter(({ d }) => d.problems.length === 0)
}

function checkTypes(plan: NarrowPlan, d: Draft, { actor: { lang } }: Call): void {
  const given: RecordData = {}
  for (const p of plan.changed) {
    const value = d.data[p.name]
    if (value !== undefined && value !== '') given[p.name] = value
    else if (p.required && p.governor !== 'effect' && Object.hasOwn(d.patch, p.name)) refuse(d, 'REQUIRED', `${titleAt(d.def.properties, p.path, lang)}：必填`, p.path)
  }
  if (plan.validate(given)) return
  for (const e of plan.validate.errors ?? []) {
    const path = pathOfError(e)
    if (!d.problems.some((x) => x.path === path)) refuse(d, `SCHEMA_${e.keyword}`, `${titleAt(d.def.properties, path, lang)}：${wordsOf(e)}`, path)
  }
}
