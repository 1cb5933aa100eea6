import type { Ir, IrOf } from '../ir/ir.ts'
import type { FeelType } from '../types.ts'
import { aggregate } from './aggregates.ts'
import { bound, dependsOnRow, kindOfType } from './constant.ts'
import { callValue } from './functions.ts'
import type { SqlValue, ValueKind } from './fragment.ts'
import { raw, sql, valueOf } from './fragment.ts'
import type { Frame } from './frame.ts'
import { columnOf, refuse, resolve, withSlot } from './frame.ts'
import { select, sourceOf } from './lists.ts'
import { arithmetic, rescaled } from './number.ts'
import { computeFrame, idValue, placeOf, rowOf } from './rows.ts'
import { moved } from './temporal.ts'
import { falsity, truth } from './truth.ts'

const CONDITIONS = new Set<Ir['k']>(['and', 'or', 'not', 'compare', 'member', 'quantified'])
const AGGREGATES = new Set(['count', 'sum', 'min', 'max'])

/** One value. `hint` is the kind wanted by the other side, for constants whose own type says nothing. */
export const scalar = (from: Ir, outer: Frame, hint?: ValueKind): SqlValue => {
  const { ir, frame } = resolve(from, outer)
  if (!dependsOnRow(ir, frame)) {
    const kind = kindOfType(ir.type) ?? hint ?? refuse(frame, ir, 'its type is not known.', 'Declare the type of what it reads.')
    return ir.k === 'const' && ir.value === null ? valueOf(raw('NULL'), hint ?? 'null') : bound(ir, frame, kind === 'null' ? hint ?? 'null' : kind)
  }
  if (CONDITIONS.has(ir.k)) return conditionValue(ir, frame)
  switch (ir.k) {
    case 'local': {
      const slot = frame.slots.get(ir.slot)
      return slot && 'value' in slot ? slot.value : place(ir, frame)
    }
    case 'name': case 'id': return place(ir, frame)
    case 'prop': return propValue(ir, frame, hint)
    case 'arith': return ir.type.kind === 'number' ? arithmetic(ir, frame) : ir.type.kind === 'string' ? concatenation(ir, frame) : moved(ir, frame)
    case 'negate': {
      const value = scalar(ir.value, frame, 'number')
      return valueOf(sql`(- ${value})`, value.kind, { scale: value.scale })
    }
    case 'if': return ir.type.kind === 'boolean' ? conditionValue(ir, frame) : choice(ir, frame, hint)
    case 'index': return first(ir, frame)
    case 'call': {
      if (AGGREGATES.has(ir.fn)) return aggregate(ir, frame)
      return ir.type.kind === 'boolean' ? conditionValue(ir, frame) : callValue(ir, frame)
    }
    case 'member': case 'quantified': return conditionValue(ir, frame)
    default: return refuse(frame, ir, `a ${ir.k === 'list' || ir.k === 'filter' || ir.k === 'map' || ir.k === 'rows' || ir.k === 'for' ? 'list' : ir.k} is not one value.`, 'Count it, add it up, or ask some/every of it.')
  }
}

const place = (ir: Ir, frame: Frame): SqlValue => idValue(placeOf(ir, frame) ?? refuse(frame, ir, 'it is no row of the query and no reference.'), frame)

const conditionValue = (ir: Ir, frame: Frame): SqlValue =>
  valueOf(sql`CASE WHEN ${truth(ir, frame)} THEN 1 WHEN ${falsity(ir, frame)} THEN 0 END`, 'boolean')

const propValue = (ir: IrOf<'prop'>, frame: Frame, hint: ValueKind | undefined): SqlValue => {
  const base = resolve(ir.base, frame)
  if (base.ir.k === 'index') return first({ ...base.ir, type: ir.type }, base.frame, ir)
  if (ir.def.compute !== undefined) {
    const inside = computeFrame(ir, frame)
    const value = scalar(inside.ir, inside.frame, kindOfType(ir.type) ?? hint)
    const fitted = fitScale(value, ir.type, frame, ir)
    // a column of no row is null as it stands
    return inside.there && !fitted.column ? valueOf(sql`CASE WHEN ${inside.there} THEN ${fitted} END`, fitted.kind, { scale: fitted.scale }) : fitted
  }
  if (ir.type.kind === 'entity') return place(ir, frame)
  if (ir.def.blind !== undefined) return refuse(frame, ir, 'it is encrypted; only `=` with a given value is possible.', 'Compare the whole value.')
  if (ir.type.kind === 'list') return refuse(frame, ir, 'a list is not one value.', 'Count it, add it up, or ask some/every of it.')
  const kind = kindOfType(ir.type)
  if (kind === 'duration') return refuse(frame, ir, 'a duration is stored as text.', 'Store minutes as an integer and write minutes(…).')
  if (ir.def.column === undefined || kind === null) return refuse(frame, ir, 'it is no column.', 'Give the property "x-column": true.')
  const row = rowOf(ir.base, frame)
  return valueOf(raw(columnOf(frame, row.alias, ir.def.column)), kind, { column: true, scale: typeScale(ir.type) })
}
export const typeScale = (type: FeelType): number => (type.kind === 'number' && 'scale' in type ? type.scale ?? 0 : 0)

/** A compute of a declared scale is read in that scale by everyone, so its SQL must not have more decimals. */
const fitScale = (value: SqlValue, type: FeelType, frame: Frame, ir: Ir): SqlValue => {
  if (value.kind !== 'number' || type.kind !== 'number' || !('scale' in type) || type.scale === undefined) return value
  if (value.scale > type.scale) return refuse(frame, ir, `its expression has ${value.scale} decimals, the property keeps ${type.scale}.`, 'Declare as many decimals as it has (multipleOf).')
  return rescaled(value, type.scale)
}

const choice = (ir: IrOf<'if'>, frame: Frame, hint: ValueKind | undefined): SqlValue => {
  const kind = kindOfType(ir.type) ?? hint
  const [yes, no] = [scalar(ir.then, frame, kind), scalar(ir.else, frame, kind)]
  const known = yes.kind === 'null' ? no.kind : yes.kind
  if (yes.kind !== no.kind && yes.kind !== 'null' && no.kind !== 'null') return refuse(frame, ir, `one branch is a ${yes.kind}, the other a ${no.kind}.`, 'Give both branches one type.')
  const scale = Math.max(yes.scale, no.scale)
  return valueOf(sql`CASE WHEN ${truth(ir.cond, frame)} THEN ${rescaled(yes, scale)} ELSE ${rescaled(no, scale)} END`, known, { scale, ...(yes.sure && no.sure ? { sure: true } : {}) })
}

const concatenation = (ir: IrOf<'arith'>, frame: Frame): SqlValue => {
  const [a, b] = [scalar(ir.left, frame, 'text'), scalar(ir.right, frame, 'text')]
  return valueOf(frame.target.dialect === 'mysql' ? sql`CONCAT(${a}, ${b})` : sql`(${a} || ${b})`, 'text')
}

/** rows(entity) whose filter gives every field of a key a value. */
const isOnlyOne = (from: Ir, outer: Frame): boolean => {
  const { ir, frame } = resolve(from, outer)
  if (ir.k !== 'filter' || ir.list.k !== 'rows') return false
  const given = new Set(ir.equals.map((e) => e.path))
  return [['id'], ...(frame.options.model.entity(ir.list.entity)?.keys ?? [])].some((key) => key.every((path) => given.has(path)))
}

/** list[1], or a property of it: the row with the lowest id. */
const first = (ir: IrOf<'index'>, frame: Frame, member?: IrOf<'prop'>): SqlValue => {
  const at = ir.at
  if (at.k !== 'const' || String(at.value) !== '1') return refuse(frame, ir, 'only the first row of a list can be.')
  if (!frame.target.allowFirst && !isOnlyOne(ir.list, frame)) return refuse(frame, ir, 'the first row is only defined where the filter covers an x-unique key.', 'Use some, count or a key.')
  const source = sourceOf(ir.list, frame)
  if (source.inline || source.distinct) return refuse(frame, ir, 'the first of these is not defined.')
  const slot = -1 - frame.slots.size
  const inner = withSlot(frame, slot, source.item)
  const item: Ir = { ...ir, k: 'local', slot, name: 'item', type: ir.list.type.kind === 'list' ? ir.list.type.of : ir.type }
  const value = scalar(member ? { ...member, base: item } : item, inner)
  const order = ` ORDER BY ${columnOf(frame, source.alias, 'id')} LIMIT 1`
  return valueOf(sql`(${select(value, source, [], order)})`, value.kind, { scale: value.scale })
}
