import type { Ir, IrOf } from '../ir/ir.ts'
import type { CompareOp } from '../syntax/ast.ts'
import type { Rounding } from './constant.ts'
import { bound, dependsOnRow, derived, kindOfType } from './constant.ts'
import { equal } from '../values/compare.ts'
import { textOf } from '../functions/strings.ts'
import type { Frag, SqlValue, ValueKind } from './fragment.ts'
import { all, anyOf, FALSE, sql, TRUE } from './fragment.ts'
import type { Frame } from './frame.ts'
import { columnOf, isNotTrue, refuse, resolve } from './frame.ts'
import { exists, isRowList, sourceOf } from './lists.ts'
import { rescaled } from './number.ts'
import { computeFrame, rowOf } from './rows.ts'
import { scalar } from './scalar.ts'
import { sameCollation } from './text.ts'
import { decide, truth } from './truth.ts'

const OPPOSITE: Record<CompareOp, CompareOp> = { '=': '!=', '!=': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' }
const MIRROR: Record<CompareOp, CompareOp> = { '=': '=', '!=': '!=', '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

/** `wanted` false asks for "is it false?": the opposite operator, since an order with null is neither true nor false. */
export const comparison = (from: IrOf<'compare'>, frame: Frame, wanted: boolean): Frag => {
  const op = wanted ? from.op : OPPOSITE[from.op]
  const [left, right] = [resolve(from.left, frame), resolve(from.right, frame)]
  return emptiness(from, frame, op) ?? compare(left.ir, left.frame, op, right.ir, right.frame)
}

export const compare = (a: Ir, fa: Frame, op: CompareOp, b: Ir, fb: Frame): Frag => {
  const flips = !dependsOnRow(a, fa) && dependsOnRow(b, fb)
  const [l, fl, o, r, fr] = flips ? [b, fb, MIRROR[op], a, fa] as const : [a, fa, op, b, fb] as const
  if (o === '=' || o === '!=') {
    if (isNull(r)) return nullTest(l, fl, o === '=')
    const pushed = intoBranches(l, fl, o, r, fr)
    if (pushed) return pushed
    const special = booleanEquality(l, fl, o === '=', r, fr) ?? blindEquality(l, fl, o === '=', r, fr)
    if (special) return special
  }
  const left = scalar(l, fl, kindOfType(r.type) ?? undefined)
  if (!dependsOnRow(r, fr)) return withConstant(left, o, r, fr, fl)
  return twoValues(left, o, scalar(r, fr, left.kind), fl, l)
}
/** A computed state compared with a literal is decided branch by branch: no text is made and compared for every row. */
const intoBranches = (l: Ir, fl: Frame, op: '=' | '!=', r: Ir, fr: Frame): Frag | null => {
  if (r.k !== 'const' || typeof r.value !== 'string') return null
  if (l.k === 'const') return equal(l.value, r.value) === (op === '=') ? TRUE : FALSE
  if (l.k === 'prop' && l.def.compute !== undefined && l.type.kind === 'string') {
    const inside = computeFrame(l, fl)
    const body = resolve(inside.ir, inside.frame)
    if (body.ir.k !== 'if') return null
    const decided = compare(body.ir, body.frame, op, r, fr)
    if (!inside.there) return decided
    return op === '=' ? all([inside.there, decided]) : anyOf([isNotTrue(inside.there), decided])
  }
  if (l.k !== 'if') return null
  const [yes, no] = [resolve(l.then, fl), resolve(l.else, fl)]
  return sql`CASE WHEN ${truth(l.cond, fl)} THEN ${compare(yes.ir, yes.frame, op, r, fr)} ELSE ${compare(no.ir, no.frame, op, r, fr)} END`
}

const isNull = (ir: Ir): boolean => ir.k === 'const' && ir.value === null

const nullTest = (ir: Ir, frame: Frame, isNullWanted: boolean): Frag => {
  if (blindOf(ir)) return sql`${blindColumn(ir as IrOf<'prop'>, frame)} IS ${isNullWanted ? 'NULL' : 'NOT NULL'}`
  const value = scalar(ir, frame)
  if (value.sure) return isNullWanted ? FALSE : TRUE
  return sql`${value} IS ${isNullWanted ? 'NULL' : 'NOT NULL'}`
}

/** A condition compared with true or false is that condition; two conditions are equal as values. */
const booleanEquality = (l: Ir, fl: Frame, same: boolean, r: Ir, fr: Frame): Frag | null => {
  const literal = resolve(r, fr).ir
  if (literal.k !== 'const' || typeof literal.value !== 'boolean') return null
  const asked = decide(l, fl, literal.value)
  return same ? asked : isNotTrue(asked)
}

const blindOf = (ir: Ir): boolean => ir.k === 'prop' && ir.def.blind !== undefined && ir.def.compute === undefined
const blindColumn = (ir: IrOf<'prop'>, frame: Frame): string => columnOf(frame, rowOf(ir.base, frame).alias, ir.def.blind!)
const blindEquality = (l: Ir, fl: Frame, same: boolean, r: Ir, fr: Frame): Frag | null => {
  if (!blindOf(l)) return null
  if (dependsOnRow(r, fr)) return refuse(fl, l, 'it is encrypted, and a blind index is comparable with a given value only.', 'Compare it with a parameter or an imported value.')
  const prop = l as IrOf<'prop'>
  const { blind } = fl.target
  const value = derived(r, fr, (found) => (found === null ? null : blind(prop.entity, prop.path.join('.'), textOf(found, fr.target.zone) ?? '')))
  return nullSafe(fl, sql`${blindColumn(prop, fl)}`, value, same)
}

/** Rounded so that the integer column is compared as it stands: score > 59.995 is column > 5999 for two decimals. */
const ROUNDING: Record<CompareOp, Rounding | 'equal'> = { '=': 'equal', '!=': 'equal', '<': 'up', '>=': 'up', '>': 'down', '<=': 'down' }
const withConstant = (left: SqlValue, op: CompareOp, r: Ir, fr: Frame, fl: Frame): Frag => {
  const kind: ValueKind = left.kind
  const right = bound(r, fr, kind, left.kind === 'number' ? left.scale : 0, ROUNDING[op])
  return emit(left, op, right, fl)
}

const twoValues = (left: SqlValue, op: CompareOp, right: SqlValue, frame: Frame, ir: Ir): Frag => {
  if (left.kind !== right.kind && left.kind !== 'null' && right.kind !== 'null') {
    const pair = new Set([left.kind, right.kind])
    if (pair.has('id') && pair.has('text')) return refuse(frame, ir, 'a reference (a number in the table) is compared with a text column.', 'Make the other property a reference too.')
    return refuse(frame, ir, `a ${left.kind} is compared with a ${right.kind}.`)
  }
  if (left.kind !== 'number') return emit(left, op, right, frame)
  const scale = Math.max(left.scale, right.scale)
  return emit(rescaled(left, scale), op, rescaled(right, scale), frame)
}

const emit = (left: SqlValue, op: CompareOp, right: SqlValue, frame: Frame): Frag => {
  const [a, b] = sameCollation(frame, left, right)
  if (op !== '=' && op !== '!=') return sql`${a} ${op} ${b}`
  if (left.sure && right.sure) return sql`${a} ${op === '=' ? '=' : '<>'} ${b}`
  if (op === '=' && (left.sure || right.sure)) return sql`${a} = ${b}`
  return nullSafe(frame, a, b, op === '=')
}
const nullSafe = (frame: Frame, a: Frag, b: Frag, same: boolean): Frag => {
  if (frame.target.dialect === 'mysql') return same ? sql`${a} <=> ${b}` : sql`NOT (${a} <=> ${b})`
  return sql`${a} ${same ? 'IS' : 'IS NOT'} ${b}`
}

/** count(list) against 0 or 1 asks only whether there is one. */
const emptiness = (ir: IrOf<'compare'>, frame: Frame, op: CompareOp): Frag | null => {
  const [left, right] = [resolve(ir.left, frame), resolve(ir.right, frame)]
  if (left.ir.k !== 'call' || left.ir.fn !== 'count' || right.ir.k !== 'const' || right.ir.type.kind !== 'number') return null
  const n = Number(right.ir.value)
  const some = (n === 0 && (op === '>' || op === '!=')) || (n === 1 && op === '>=')
  const none = (n === 0 && (op === '=' || op === '<=')) || (n === 1 && op === '<')
  const list = left.ir.args[0]!
  if ((!some && !none) || !isRowList(list, left.frame)) return null
  const source = sourceOf(list, left.frame)
  if (source.inline) return null
  return some ? exists(source) : sql`NOT ${exists(source)}`
}
