import type { Ir, IrOf } from '../ir/ir.ts'
import type { Frag, SqlValue } from './fragment.ts'
import { all, joined, raw, sql, valueOf } from './fragment.ts'
import type { Frame } from './frame.ts'
import { refuse, resolve, withSlot } from './frame.ts'
import type { Source } from './lists.ts'
import { select, sourceOf } from './lists.ts'
import { rescaled } from './number.ts'
import { scalar } from './scalar.ts'

/** count, sum, min, max of a list, or min and max of several values. */
export const aggregate = (ir: IrOf<'call'>, frame: Frame): SqlValue => {
  const [only] = ir.args
  if (ir.args.length > 1 || (only && only.type.kind !== 'list' && only.type.kind !== 'any')) {
    if (ir.fn === 'sum') return addition(ir, frame)
    return ir.fn === 'count' ? refuse(frame, ir, 'it counts no list.') : extreme(ir, frame)
  }
  const literal = resolve(only!, frame)
  if (literal.ir.k === 'list' && ir.fn !== 'count') return aggregate({ ...ir, args: spreadType(literal.ir.items) }, literal.frame)
  const source = sourceOf(only!, frame)
  const slot = -1 - frame.slots.size
  const item: Ir = { ...ir, k: 'local', slot, name: 'item', type: only!.type.kind === 'list' ? only!.type.of : { kind: 'any' } }
  const element = (): SqlValue => scalar(item, withSlot(frame, slot, source.item))
  if (ir.fn === 'count') return valueOf(finish(source, source.distinct ? distinctCount(source, element()) : counted(source), '0'), 'number', { sure: true })
  const value = element()
  if (ir.fn === 'sum') {
    if (value.kind !== 'number') return refuse(frame, ir, 'only numbers can be added up.')
    const text = sql`COALESCE(SUM(${source.distinct ? 'DISTINCT ' : ''}${within(source, value)}), 0)`
    return valueOf(finish(source, text, '0'), 'number', { scale: value.scale, sure: true })
  }
  if (value.kind === 'text' && !value.column) return refuse(frame, ir, 'the order of computed texts depends on the database.', 'Take the least or greatest of a column.')
  if (value.kind === 'id' || value.kind === 'boolean' || value.kind === 'duration') return refuse(frame, ir, `a ${value.kind} has no least or greatest.`)
  return valueOf(finish(source, sql`${ir.fn === 'min' ? 'MIN' : 'MAX'}(${within(source, value)})`, 'NULL'), value.kind, { scale: value.scale })
}
const spreadType = (items: Ir[]): Ir[] => (items.length === 1 ? [items[0]!, { ...items[0]!, k: 'const', value: null, type: { kind: 'null' } } as Ir] : items)

/** In a report the condition stands inside the aggregate, since the rows are those of the query. */
const within = (source: Source, value: Frag): Frag => (source.inline && source.where.length > 0 ? sql`CASE WHEN ${all(source.where)} THEN ${value} END` : value)
const counted = (source: Source): Frag => (source.inline && source.where.length > 0 ? sql`COUNT(CASE WHEN ${all(source.where)} THEN 1 END)` : raw('COUNT(*)'))
/** FEEL counts null as one more value, COUNT(DISTINCT) leaves it out. */
const distinctCount = (source: Source, value: SqlValue): Frag => {
  const nulls = source.inline && source.where.length > 0 ? sql`CASE WHEN ${all(source.where)} THEN ${value} IS NULL END` : sql`${value} IS NULL`
  return sql`COUNT(DISTINCT ${within(source, value)}) + COALESCE(MAX(${nulls}), 0)`
}
const finish = (source: Source, what: Frag, ofNothing: '0' | 'NULL'): Frag => (source.inline ? what : source.none ? raw(ofNothing) : sql`(${select(what, source)})`)

const addition = (ir: IrOf<'call'>, frame: Frame): SqlValue => {
  const values = ir.args.map((arg) => scalar(arg, frame, 'number'))
  const scale = Math.max(...values.map((v) => v.scale))
  return valueOf(sql`(${joined(values.map((v) => sql`COALESCE(${rescaled(v, scale)}, 0)`), ' + ')})`, 'number', { scale, sure: true })
}

/** min(a, b, …) leaves nulls out; the databases' own functions do not agree on that. */
const extreme = (ir: IrOf<'call'>, frame: Frame): SqlValue => {
  const values = ir.args.map((arg) => scalar(arg, frame))
  const kinds = new Set(values.map((v) => v.kind).filter((kind) => kind !== 'null'))
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined || kind === 'text' || kind === 'boolean' || kind === 'id') return refuse(frame, ir, 'its values have no common order.')
  const scale = Math.max(...values.map((v) => v.scale))
  const better = ir.fn === 'min' ? '<' : '>'
  const best = values.map((v) => rescaled(v, scale)).reduce((a, b) => valueOf(sql`CASE WHEN ${b} IS NULL OR ${a} ${better} ${b} THEN ${a} WHEN ${a} IS NULL OR ${b} ${better}= ${a} THEN ${b} ELSE ${a} END`, kind, { scale }))
  return valueOf(best, kind, { scale })
}
