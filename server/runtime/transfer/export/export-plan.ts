import type { ColumnDef, EntityDef, ExportDef } from '#server/runtime/definitions/index.ts'
import { factsFor, pathEnd, rangeText, rowScope, selectVisible, type Engine, type FactLoader, type RawRow } from '#server/runtime/records/index.ts'
import type { WriteValue } from '#server/runtime/records/excel/index.ts'
import type { Call } from '../../context.ts'
import { exportColumns, guardsOf, maskFor, rulesOnce, type ExportColumn } from './columns.ts'
import { showOf, type Look } from './show.ts'
import { isOwn, TablePlan } from './table-plan.ts'

type Cell = (values: readonly WriteValue[]) => WriteValue
interface Asked { call: Call; loader: FactLoader; def: EntityDef }
/** A number, text or yes-and-no that is computed when it is read, and that the query can compute. */
interface Computed { path: string; name: string; look: Look }

const lookOf = ({ call, loader, def }: Asked, column: ColumnDef): Look => {
  const mask = maskFor(call, def, column, column.path ? pathEnd(loader, def, column.path)?.prop?.sensitive : undefined, undefined)
  return { lang: call.actor.lang, ...(column.format ? { format: column.format } : {}), ...(mask ? { mask } : {}) }
}
const isGuarded = ({ call, loader, def }: Asked, column: ColumnDef): boolean => guardsOf(call, loader, def, column.path).length > 0

/** A column of stored values; undefined when it has to be evaluated for each row. */
function storedCell(asked: Asked, plan: TablePlan, column: ColumnDef): Cell | undefined {
  const { def } = asked
  if (column.expr || column.group || !column.path || !isOwn(def, column.path) || isGuarded(asked, column)) return undefined
  const place = plan.add(column.path, lookOf(asked, column))
  return place === undefined ? undefined : (values) => values[place]
}

/** Members shown together: two instants as one slot, others one after the other. */
function groupCell(asked: Asked, plan: TablePlan, group: readonly ColumnDef[]): Cell | undefined {
  const { loader, def } = asked
  const members: Cell[] = []
  for (const column of group) {
    const cell = storedCell(asked, plan, column)
    if (!cell) return undefined
    members.push(cell)
  }
  const isInstant = (c: ColumnDef): boolean => pathEnd(loader, def, c.path!)?.prop?.kind === 'date-time'
  const places = group.length === 2 && group.every(isInstant) ? group.map((c) => plan.add(c.path!, lookOf(asked, c), (value) => value as number)) : []
  if (places.includes(undefined)) return undefined
  return (values) => {
    const texts = members.map((m) => m(values)).filter((t) => t !== null && t !== undefined && t !== '')
    const [from, to] = places.map((place) => values[place!])
    return texts.length === 2 && typeof from === 'number' && typeof to === 'number' ? rangeText(from, to, loader.context.zone) : texts.join(' ')
  }
}

const SQL_KINDS: Record<string, string> = { integer: 'number', boolean: 'boolean', string: 'string' }
function computedOf(asked: Asked, column: ColumnDef, name: string): Computed | undefined {
  const { call, loader, def } = asked
  const prop = column.path ? def.properties[column.path] : undefined
  if (!prop || !isOwn(def, prop.path) || column.expr || column.group || prop.compute?.at !== 'read' || prop.compute.if || isGuarded(asked, column)) return undefined
  const { type, notSqlable } = loader.context.registry.expression(call.programme.id, prop.path, rowScope(def))
  const fits = SQL_KINDS[prop.kind] === type.kind && (type.kind !== 'number' || ('scale' in type && type.scale === 0))
  return fits && notSqlable === null ? { path: prop.path, name, look: lookOf(asked, column) } : undefined
}
const fromQuery: Record<string, (value: unknown) => unknown> = {
  integer: (value) => (value == null ? null : Number(value)),
  boolean: (value) => (value == null ? null : Number(value) === 1),
  string: (value) => value,
}

/** How the rows of an export are read and shown. */
export interface ExportPlan { rows(ids: readonly string[]): Promise<WriteValue[][]> }

/** Decides once where each column of an export without items of arrays comes from; rights are asked again with each batch of rows. `lead`: places left free before them. */
export function exportPlan(engine: Engine, call: Call, def: EntityDef, spec: ExportDef, lead: number): ExportPlan {
  const loader = factsFor(engine, call)
  const asked: Asked = { call, loader, def }
  const plan = new TablePlan(def, loader)
  const columns = Object.values(spec.columns)
  const cells = columns.map((c) => (c.group ? groupCell(asked, plan, c.group) : storedCell(asked, plan, c)))
  const computed = columns.map((c, i) => (cells[i] ? undefined : computedOf(asked, c, `x${i}_`)))
  // a row that is needed whole for one column serves the others too
  const inQuery = columns.every((_, i) => cells[i] ?? computed[i])
  const bound = new WeakMap<FactLoader, { columns: ExportColumn[]; rules: ReturnType<typeof rulesOnce> }>()
  const evaluated = (i: number): Cell => {
    const place = plan.evaluated((facts, id) => {
      let known = bound.get(facts)
      if (!known) bound.set(facts, (known = { columns: exportColumns(call, facts, def, spec), rules: rulesOnce(call, facts) }))
      return known.columns[i]!.value({ $: 'row', entity: def.id, id }, known.rules)
    })
    return (values) => values[place]
  }
  const selected = ({ path, name, look }: Computed): Cell => {
    const prop = def.properties[path]!
    const { show } = showOf(loader, prop, def, look)
    const place = plan.selected(name, (value) => show(fromQuery[prop.kind]!(value)))
    return (values) => values[place]
  }
  const all = cells.map((cell, i) => cell ?? (inQuery ? selected(computed[i]!) : evaluated(i)))
  let before: Promise<unknown> = Promise.resolve()

  return {
    async rows(ids) {
      const facts = factsFor(engine, call)
      const select = selectVisible(call, facts, def)
      if (!select) return []
      const within = engine.db.idsIn('t.id', [...ids])
      select.byId().whereSql(within.sql, within.params)
      if (!plan.whole) for (const name of plan.columns) select.columnSql(name, `t.${name}`)
      if (inQuery) for (const one of computed) if (one) select.column(one.name, one.path, rowScope(def))
      const found = await select.all<RawRow>()
      // one batch at a time: what is known of referred records is shared
      const shown = before.then(() => plan.values(found, facts))
      before = shown.catch(() => undefined)
      const values = await shown
      const byId = new Map(found.map((row, i) => [String(row['id']), i]))
      const out: WriteValue[][] = []
      for (const id of ids) {
        const at = byId.get(id)
        if (at === undefined) continue
        const row = new Array<WriteValue>(lead + all.length)
        for (let i = 0; i < all.length; i++) row[lead + i] = all[i]!(values[at]!)
        out.push(row)
      }
      return out
    },
  }
}
