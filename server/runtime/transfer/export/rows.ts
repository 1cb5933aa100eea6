import type { EntityDef, ExportDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { applyQuery, factsFor, rowScope, selectVisible, type Engine, type FactLoader, type ListAsk, type RawRow } from '#server/runtime/records/index.ts'
import type { WriteColumn, WriteValue } from '#server/runtime/records/excel/index.ts'
import type { Call, Problem } from '../../context.ts'
import { exportColumns, rulesOnce, type ExportColumn } from './columns.ts'
import { exportPlan, type ExportPlan } from './export-plan.ts'

/** The ticked rows, or all that a list's query finds. */
export interface ExportAsk { ids?: string[]; list?: string; query?: ListAsk }
const BATCH = 1000
/** batches asked for at a time */
const AHEAD = 2
const MAX_IDS = 1_000_000

/** The select of what is asked, inside the person's rights; null = nothing may be seen. */
function selectAsked(call: Call, loader: FactLoader, def: EntityDef, spec: ExportDef, ask: ExportAsk, order: boolean) {
  const select = selectVisible(call, loader, def)
  if (!select) return null
  if (ask.ids) {
    const within = loader.context.db.idsIn('t.id', ask.ids.filter((id) => /^\d{1,19}$/.test(id)))
    select.whereSql(within.sql, within.params)
    return order ? select.orderSql('t.id ASC') : select
  }
  const list = def.form.lists[ask.list ?? spec.list]
  if (!list) throw new Error(`${def.id}: the export's list ${spec.list} is not defined`)
  applyQuery(call, select, list, ask.query ?? {}, { sort: order })
  return select
}

/** What keeps a query from being exported: filters that are missing, not allowed or not understood. */
export function queryProblems(engine: Engine, call: Call, def: EntityDef, spec: ExportDef, ask: ExportAsk): Problem[] {
  const select = ask.ids ? null : selectVisible(call, factsFor(engine, call), def)
  const list = def.form.lists[ask.list ?? spec.list]
  if (!select || !list) return []
  const { problems, need } = applyQuery(call, select, list, ask.query ?? {}, { sort: false })
  return need ? [{ code: 'FILTER_REQUIRED', message: '请先在列表中选择必选的筛选条件，再导出', path: need }, ...problems] : problems
}

export async function countRows(engine: Engine, call: Call, def: EntityDef, spec: ExportDef, ask: ExportAsk): Promise<number> {
  const select = selectAsked(call, factsFor(engine, call), def, spec, ask, false)
  return select ? select.countUpTo(MAX_IDS) : 0
}

/** Ids in the list's order; numbers take little, so that each batch afterwards asks for its own rows alone. */
export async function idsOf(engine: Engine, call: Call, def: EntityDef, spec: ExportDef, ask: ExportAsk): Promise<string[]> {
  const select = selectAsked(call, factsFor(engine, call), def, spec, ask, true)
  if (!select) return []
  const found = (await select.columnSql('id', 't.id').limit(MAX_IDS).all<{ id: number | string }>()).map((r) => String(r.id))
  if (!ask.ids) return found
  const visible = new Set(found)
  return [...new Set(ask.ids)].filter((id) => visible.has(id))
}

export interface ExportSheet { columns: WriteColumn[]; batches(onBatch?: (rows: number) => Promise<void>): AsyncGenerator<WriteValue[][]> }

/** Columns and rows of an export: rows come in batches, each with its rights asked again and its facts loaded as one set. */
export function exportSheet(engine: Engine, call: Call, def: EntityDef, spec: ExportDef, ids: string[]): ExportSheet {
  const asked = exportColumns(call, factsFor(engine, call), def, spec)
  const titles = asked.map((c) => c.write)
  const lead = spec.rowNumber ? 1 : 0
  const plan: ExportPlan = asked.some((c) => c.array)
    ? { rows: async (some) => (await itemRows(engine, call, def, spec, [...some])).map((row) => (lead ? [null, ...row] : row)) }
    : exportPlan(engine, call, def, spec, lead)
  const columns: WriteColumn[] = [...(spec.rowNumber ? [{ title: spec.rowNumber, kind: 'number' as const, width: 8 }] : []), ...titles]
  async function* batches(onBatch: (rows: number) => Promise<void> = async () => {}): AsyncGenerator<WriteValue[][]> {
    let number = 0
    // the database looks for the next rows while these are shown and written
    const ahead: Promise<WriteValue[][]>[] = []
    for (let i = 0; i < ids.length; i += BATCH) {
      while (ahead.length < AHEAD) ahead.push(rowsFrom(plan, ids, i + ahead.length * BATCH))
      const rows = await ahead.shift()!
      if (spec.rowNumber) for (const row of rows) row[0] = ++number
      yield rows
      await onBatch(Math.min(ids.length, i + BATCH))
    }
  }
  return { columns, batches }
}

/** A batch that is asked for ahead; whoever waits for it hears of its error. */
function rowsFrom(plan: ExportPlan, ids: string[], from: number): Promise<WriteValue[][]> {
  const rows = from < ids.length ? plan.rows(ids.slice(from, from + BATCH)) : Promise.resolve([])
  rows.catch(() => undefined)
  return rows
}

/** Rows of an export with columns that go through an array: one per item. */
async function itemRows(engine: Engine, call: Call, def: EntityDef, spec: ExportDef, ids: string[]): Promise<WriteValue[][]> {
  const loader = factsFor(engine, call)
  const select = selectVisible(call, loader, def)
  if (!select) return []
  const within = engine.db.idsIn('t.id', ids)
  const raw = await select.whereSql(within.sql, within.params).all<RawRow>()
  loader.seed(def, raw)
  const seen = new Set(raw.map((r) => String(r['id'])))
  const columns = exportColumns(call, loader, def, spec)
  const rules = rulesOnce(call, loader)
  const lists = await loader.settleAll(ids.filter((id) => seen.has(id)), (id) => rowsOf(loader, def, columns, { $: 'row', entity: def.id, id }, rules))
  return lists.flat()
}

function rowsOf(loader: FactLoader, def: EntityDef, columns: ExportColumn[], row: FeelValue, rules: ReturnType<typeof rulesOnce>): WriteValue[][] {
  const array = columns.find((c) => c.array)?.array
  if (!array) return [columns.map((c) => c.value(row, rules))]
  const { registry, programme } = loader.context
  const list = registry.expression(programme.id, array, rowScope(def)).evaluate(loader.scope({ record: row, item: row }))
  const items = Array.isArray(list) && list.length > 0 ? list : [null]
  return items.map((value, at) => columns.map((c) => (c.array === array ? c.value(row, rules, { value, at }) : c.value(row, rules))))
}
