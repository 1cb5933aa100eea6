import type { Ir, IrOf } from '../ir/ir.ts'
import { propertyOf } from '../ir/members.ts'
import type { FeelType } from '../types.ts'
import { dependsOnRow, kindOfType } from './constant.ts'
import type { Frag } from './fragment.ts'
import { all, FALSE, raw, sql, TRUE, valueOf } from './fragment.ts'
import type { Bound, Frame, RowVar } from './frame.ts'
import { columnOf, quoted, refuse, resolve, withSlot } from './frame.ts'
import { findsNothing } from './nothing.ts'
import { computeFrame, idValue, placeOf } from './rows.ts'
import { truth } from './truth.ts'

/** A list as a FROM clause; `item` is what stands for one element. `inline` = the rows of the query itself (reports). */
export interface Source {
  from: string
  alias: string
  joins: string[]
  where: Frag[]
  item: Bound
  frame: Frame
  distinct: boolean
  inline: boolean
  /** known to have no elements */
  none?: boolean
}

export const isRowList = (from: Ir, outer: Frame): boolean => {
  const { ir, frame } = resolve(from, outer)
  return ir.k !== 'list' && dependsOnRow(ir, frame)
}

/** The subquery that yields the elements of a list. */
export const sourceOf = (from: Ir, outer: Frame): Source => {
  const { ir, frame } = resolve(from, outer)
  switch (ir.k) {
    case 'rows': return tableSource(ir, frame, ir.entity)
    case 'name': return ir.name === 'group' && frame.options.measure ? inlineSource(ir, frame) : notList(ir, frame)
    case 'prop': return propSource(ir, frame)
    case 'filter': {
      const source = sourceOf(ir.list, frame)
      if (source.none || findsNothing(ir, frame)) return { ...source, none: true }
      return { ...source, where: [...source.where, truth(ir.cond, withSlot(frame, ir.slot, source.item))] }
    }
    case 'map': {
      const source = sourceOf(ir.list, frame)
      return { ...source, item: { ir: ir.body, frame: withSlot(frame, ir.slot, source.item) } }
    }
    case 'for': {
      const [only] = ir.vars
      if (ir.vars.length !== 1 || !only || only.upto) return refuse(frame, ir, 'only a loop over one list of records can be.')
      const source = sourceOf(only.list, frame)
      return { ...source, item: { ir: ir.body, frame: withSlot(frame, only.slot, source.item) } }
    }
    case 'call': return ir.fn === 'distinct values' ? { ...sourceOf(ir.args[0]!, frame), distinct: true } : notList(ir, frame)
    default: return notList(ir, frame)
  }
}
const notList = (ir: Ir, frame: Frame): never => refuse(frame, ir, 'only rows(…), an inverse or a link table, filtered and mapped, is a list in SQL.')

/** Rows of the subquery: references followed from them are joined inside it. */
const innerRow = (frame: Frame, entity: string, alias: string, joins: string[]): RowVar => {
  const known = new Map<string, string>()
  const join = (from: string, column: string, target: string): string => {
    const key = `${from}.${column}`
    const found = known.get(key)
    if (found !== undefined) return found
    const made = frame.target.alias()
    const table = quoted(frame, frame.options.model.entity(target)!.table)
    joins.push(`LEFT JOIN ${table} ${quoted(frame, made)} ON ${columnOf(frame, made, 'id')} = ${columnOf(frame, from, column)}`)
    known.set(key, made)
    return made
  }
  return { entity, alias, nullable: false, join }
}

const tableSource = (ir: Ir, frame: Frame, name: string): Source => {
  const entity = frame.options.model.entity(name) ?? refuse(frame, ir, `there is no entity ${name}.`)
  const alias = frame.target.alias()
  const joins: string[] = []
  const visible = frame.target.visible?.(entity.name, alias)
  return { from: `${quoted(frame, entity.table)} ${quoted(frame, alias)}`, alias, joins, where: visible ? [visible] : [], item: { row: innerRow(frame, entity.name, alias, joins) }, frame, distinct: false, inline: false }
}

const inlineSource = (ir: Ir, frame: Frame): Source => {
  const row = frame.rows.get('item') ?? refuse(frame, ir, 'a measure needs the query row `item`.')
  return { from: '', alias: row.alias, joins: [], where: [], item: { row }, frame, distinct: false, inline: true }
}

const propSource = (ir: IrOf<'prop'>, frame: Frame): Source => {
  const { def } = ir
  if (def.compute !== undefined) {
    const inside = computeFrame(ir, frame)
    const source = sourceOf(inside.ir, inside.frame)
    return inside.there ? { ...source, where: [inside.there, ...source.where] } : source
  }
  const owner = (): Frag => idValue(placeOf(ir.base, frame) ?? refuse(frame, ir.base, 'it is no row of the query and no reference.'), frame)
  if (def.inverse) {
    const entity = frame.options.model.entity(def.inverse.entity)
    const column = entity && propertyOf(entity, def.inverse.path.split('.'))?.column
    if (!entity || column === undefined) return refuse(frame, ir, `${def.inverse.entity}.${def.inverse.path} is no column.`, 'Give it "x-column": true.')
    const source = tableSource(ir, frame, entity.name)
    return { ...source, where: [sql`${raw(columnOf(frame, source.alias, column))} = ${owner()}`, ...source.where] }
  }
  if (def.linkTable === undefined) return refuse(frame, ir, 'it is a list kept inside the record.', 'Give its items an "x-ref", so that it is a link table, or make them an entity.')
  const alias = frame.target.alias()
  const joins: string[] = []
  const of: FeelType = ir.type.kind === 'list' ? ir.type.of : { kind: 'any' }
  const row = innerRow(frame, ir.entity, alias, joins)
  const item: Bound = of.kind === 'entity' ? { ref: { from: row, column: 'target_id', entity: of.entity } }
    : { value: valueOf(raw(columnOf(frame, alias, 'value')), kindOfType(of) ?? 'text', { column: true, scale: of.kind === 'number' && 'scale' in of ? of.scale ?? 0 : 0 }) }
  return {
    from: `${quoted(frame, def.linkTable)} ${quoted(frame, alias)}`, alias, joins, item, frame, distinct: false, inline: false,
    where: [sql`${raw(columnOf(frame, alias, 'owner_id'))} = ${owner()}`],
  }
}

/** `SELECT what FROM …`; call it after everything that reads the element is written, since that adds joins. */
export const select = (what: Frag, source: Source, extra: Frag[] = [], tail = ''): Frag => {
  const where = all([...source.where, ...extra])
  const joins = source.joins.length > 0 ? ` ${source.joins.join(' ')}` : ''
  const clause = where === TRUE ? raw('') : sql` WHERE ${where}`
  return sql`SELECT ${what} FROM ${source.from}${joins}${clause}${tail}`
}
export const exists = (source: Source, extra: Frag[] = []): Frag => (source.none ? FALSE : sql`EXISTS (${select(raw('1'), source, extra)})`)
