import type { ImportDef, MakeDef } from '#server/runtime/definitions/index.ts'
import type { FeelType, FeelValue } from '#server/runtime/expressions/types.ts'
import { claimKeys, factsFor, feelTypeOf, good, importScope, loadRows, prepareValues, sealAhead, sealedOnce, write, type Draft, type FactLoader, type NamesInScope, type PrepareOptions, type UniqueKeys, type Via } from '#server/runtime/records/index.ts'
import { recordDrafts } from './drafts.ts'
import { makeDrafts } from './make.ts'
import { checkRowRules, lookUp, matchRecords } from './match.ts'
import { paramValues } from './params.ts'
import { open, type ImportRow, type ImportTask, type Unit } from './task.ts'

/** A kind of record that rows make; the rows' own records come first, so that others may refer to them. */
interface Step { make: MakeDef | null; options: PrepareOptions }
interface Begun extends Step { made: Made[] }
interface Made { unit: Unit; draft: Draft }
/** Rows as far as they can be worked out by reading alone: the first kind of record that they make, up to its keys. */
export interface BegunUnits { task: ImportTask; units: Unit[]; loader: FactLoader; scope: NamesInScope; first: Begun; rest: Step[]; /** locks the stored records that are changed, where the database can */ lock: () => Promise<true> }

const paramTypes = (spec: ImportDef): Record<string, FeelType> => Object.fromEntries(Object.entries(spec.params).map(([k, p]) => [k, feelTypeOf(p)]))

function stepsOf({ id, spec }: ImportTask, params: FeelValue): [Step, ...Step[]] {
  const via: Via = { kind: 'import', id, ...(spec.set ? { fields: Object.keys(spec.set) } : {}) }
  const step = (make: MakeDef | null): Step => ({ make, options: { via: make && spec.set ? { ...via, fields: Object.keys(make.values) } : via, moments: [`import:${id}`], input: params } })
  const makes = Object.values(spec.make ?? {}).map(step)
  const [first, ...rest] = spec.set || !spec.make ? [step(null), ...makes] : makes
  return first ? [first, ...rest] : [step(null)]
}

export async function beginUnits(given: ImportTask, rows: ImportRow[]): Promise<BegunUnits> {
  const task: ImportTask = { ...given, engine: { ...given.engine, sealing: sealedOnce(given.engine.sealing) } }
  const { engine, call, spec, def } = task
  const loader = factsFor(engine, call)
  const lookups = Object.fromEntries(Object.entries(spec.lookup).map(([name, l]) => [name, loader.definition(l.in)]))
  const scope = importScope(`${def.id}.${task.id}`, lookups, def, paramTypes(spec))
  const params: FeelValue = paramValues(spec, task.params)
  const units = rows.map((row): Unit => ({ row, scope: loader.scope({ row: row.values, params, input: params, record: null, made: null, item: null }), matched: null, drafts: [], leans: [], skipped: false, errors: [] }))
  await lookUp(task, loader, scope, units)
  await matchRecords(task, loader, scope, units)
  await checkRowRules(task, loader, scope, units)
  const [first, ...rest] = stepsOf(task, params)
  const made = await makeStep(task, loader, scope, units, first)
  const drafts = made.map((m) => m.draft)
  await prepareValues(engine, call, loader, drafts, first.options)
  for (const d of good(drafts)) sealAhead(d.def, d.id, d.data, engine.sealing)
  const stored = drafts.flatMap((d) => (d.create ? [] : [d]))
  const lock = async (): Promise<true> => { if (stored.length && engine.db.dialect.name === 'mysql') await loadRows(engine, loader, stored[0]!.def, stored.map((d) => d.id)); return true }
  return { task, units, loader, scope, first: { ...first, made }, rest, lock }
}

async function makeStep(task: ImportTask, loader: FactLoader, scope: NamesInScope, units: Unit[], { make }: Step): Promise<Made[]> {
  if (make) return makeDrafts(task, loader, scope, units, make)
  const ready = open(units)
  const drafts = await recordDrafts(task, loader, scope, ready)
  return ready.map((unit, i) => {
    const draft = drafts[i]!
    unit.drafts.push(draft)
    unit.scope.names['record'] = { $: 'row', entity: draft.def.id, id: draft.id }
    return { unit, draft }
  })
}

/** Takes keys, places and numbers for all that the rows make. In the caller's transaction; nothing of the records is written yet. */
export async function claimUnits(begun: BegunUnits): Promise<{ units: Unit[]; write: () => Promise<void> }> {
  const { task, units, loader, scope, first, rest } = begun
  const { engine, call } = task
  const keys: UniqueKeys = []
  const claim = async (made: Made[], options: PrepareOptions): Promise<void> => {
    for (const key of await claimKeys(engine, call, loader, made.map((m) => m.draft), options)) keys.push(key)
    for (const m of made) collect(m.unit, m.draft)
  }
  await claim(first.made, first.options)
  for (const step of rest) {
    const made = await makeStep(task, loader, scope, units, step)
    await prepareValues(engine, call, loader, made.map((m) => m.draft), step.options)
    await claim(made, step.options)
  }
  return { units, write: async () => { await write(engine, call, loader, units.flatMap((u) => (u.errors.length ? [] : u.drafts)), keys, first.options.via) } }
}
const collect = (unit: Unit, d: Draft): void => { for (const p of d.problems) if (!unit.errors.includes(p.message)) unit.errors.push(p.message) }
