import type { Ir, IrOf, Loop } from '../ir/ir.ts'
import { comparison } from './compare.ts'
import { bound, constantList, dependsOnRow } from './constant.ts'
import type { Frag } from './fragment.ts'
import { all, anyOf, FALSE, sql, TRUE } from './fragment.ts'
import type { Frame } from './frame.ts'
import { isNotTrue, refuse, resolve, withSlot } from './frame.ts'
import { exists, isRowList, sourceOf } from './lists.ts'
import { membership } from './member.ts'
import { computeFrame } from './rows.ts'
import { scalar } from './scalar.ts'
import { compareTexts } from './text.ts'

/** SQL that is true exactly when the expression is true (not when it is false or null). */
export const truth = (ir: Ir, frame: Frame): Frag => decide(ir, frame, true)
/** SQL that is true exactly when the expression is false. */
export const falsity = (ir: Ir, frame: Frame): Frag => decide(ir, frame, false)

/**
 * FEEL has three truth values and so has SQL, but not the same (`null != "a"` is true in FEEL). Asking two plain questions instead,
 * "is it true?" and "is it false?", needs no third value and leaves `column = ?` where an index can use it.
 */
export const decide = (from: Ir, outer: Frame, wanted: boolean): Frag => {
  const { ir, frame } = resolve(from, outer)
  if (ir.k === 'const') return (ir.value === wanted ? TRUE : FALSE)
  if (!dependsOnRow(ir, frame)) return sql`${bound(ir, frame, 'boolean')} = ${wanted ? '1' : '0'}`
  switch (ir.k) {
    case 'and': case 'or': {
      const parts = [decide(ir.left, frame, wanted), decide(ir.right, frame, wanted)]
      return (ir.k === 'and') === wanted ? all(parts) : anyOf(parts)
    }
    case 'not': return decide(ir.value, frame, !wanted)
    case 'compare': return comparison(ir, frame, wanted)
    case 'member': return membership(ir, frame, wanted)
    case 'if': return sql`CASE WHEN ${truth(ir.cond, frame)} THEN ${decide(ir.then, frame, wanted)} ELSE ${decide(ir.else, frame, wanted)} END`
    case 'quantified': return quantified(ir, frame, wanted)
    case 'call': return callTruth(ir, frame, wanted)
    case 'prop': {
      if (ir.def.compute === undefined) break
      const inside = computeFrame(ir, frame)
      const decided = decide(inside.ir, inside.frame, wanted)
      return inside.there ? all([inside.there, decided]) : decided
    }
  }
  if (ir.type.kind !== 'boolean') return refuse(frame, ir, 'it is no condition.')
  return sql`${scalar(ir, frame)} = ${wanted ? '1' : '0'}`
}

const quantified = (ir: IrOf<'quantified'>, frame: Frame, wanted: boolean): Frag => {
  const found = search(ir.vars, frame, (inner) => (ir.every ? isNotTrue(truth(ir.body, inner)) : truth(ir.body, inner)))
  return ir.every === wanted ? sql`NOT (${found})` : found
}

/** Whether some combination of the loop variables meets the condition; never NULL. */
const search = (vars: Loop[], frame: Frame, condition: (inner: Frame) => Frag): Frag => {
  const [first, ...rest] = vars
  if (!first) return sql`(${condition(frame)}) IS TRUE`
  if (first.upto) return refuse(frame, first.list, 'a run of numbers is no list in SQL.')
  if (isRowList(first.list, frame)) {
    const source = sourceOf(first.list, frame)
    if (source.inline) return refuse(frame, first.list, 'the rows of the group have no some or every.')
    const inner = search(rest, withSlot(frame, first.slot, source.item), condition)
    return exists(source, [inner])
  }
  const list = resolve(first.list, frame)
  const items: Ir[] = list.ir.k === 'list' ? list.ir.items
    : constantList(list.ir, list.frame).map((value): Ir => ({ k: 'const', value, type: list.ir.type.kind === 'list' ? list.ir.type.of : { kind: 'any' }, from: list.ir.from, to: list.ir.to, src: list.ir.src }))
  return anyOf(items.map((item) => search(rest, withSlot(frame, first.slot, { ir: item, frame: list.frame }), condition)))
}

const callTruth = (ir: IrOf<'call'>, frame: Frame, wanted: boolean): Frag => {
  const [a, b] = ir.args
  switch (ir.fn) {
    case 'is defined': {
      const none: Ir = { ...ir, k: 'const', value: null, type: { kind: 'null' } }
      return comparison({ ...ir, k: 'compare', op: '!=', left: a!, right: none }, frame, wanted)
    }
    case 'list contains': return membership({ ...ir, k: 'member', list: a!, value: b! }, frame, wanted)
    case 'starts with': case 'contains': return compareTexts(ir.fn, a!, b!, frame, wanted)
    case 'any': case 'all': {
      if (ir.args.length !== 1 || !isRowList(a!, frame)) break
      // Kleene over rows: any is true when one is true, false when all are false
      const decisive = ir.fn === 'any'
      const slot = -1 - frame.slots.size
      const source = sourceOf(a!, frame)
      const item: Ir = { ...ir, k: 'local', slot, name: 'item', type: { kind: 'boolean' } }
      const inner = withSlot(frame, slot, source.item)
      return wanted === decisive ? exists(source, [decide(item, inner, decisive)]) : sql`NOT ${exists(source, [isNotTrue(decide(item, inner, !decisive))])}`
    }
  }
  return refuse(frame, ir, `the function ${ir.fn} has no SQL form.`, 'Inside SQL there are: starts with, contains, list contains, count, sum, min, max, floor, ceiling, abs, date, minutes.')
}
