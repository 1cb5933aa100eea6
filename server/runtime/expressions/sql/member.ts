import type { Ir, IrOf } from '../ir/ir.ts'
import { bound, constantList, dependsOnRow, kindOfType } from './constant.ts'
import { compare } from './compare.ts'
import type { Frag } from './fragment.ts'
import { all, anyOf, FALSE, joined, sql, TRUE } from './fragment.ts'
import type { Frame } from './frame.ts'
import { resolve, withSlot } from './frame.ts'
import { exists, isRowList, sourceOf } from './lists.ts'
import { scalar } from './scalar.ts'
import { sameCollation } from './text.ts'

/** `x in list`, `list contains(list, x)`: never null in FEEL, so "is it false?" is plain negation. */
export const membership = (ir: IrOf<'member'>, outer: Frame, wanted: boolean): Frag => {
  const list = resolve(ir.list, outer)
  const value = resolve(ir.value, outer)
  if (list.ir.type.kind !== 'list' && list.ir.type.kind !== 'any') return compare(value.ir, value.frame, wanted ? '=' : '!=', list.ir, list.frame)
  if (isRowList(list.ir, list.frame)) {
    const source = sourceOf(list.ir, list.frame)
    const slot = -1 - list.frame.slots.size
    const inner = withSlot(list.frame, slot, source.item)
    const item: Ir = { k: 'local', slot, name: 'item', type: list.ir.type.kind === 'list' ? list.ir.type.of : { kind: 'any' }, from: ir.from, to: ir.to, src: list.ir.src }
    const found = exists(source, [compare(item, inner, '=', value.ir, value.frame)])
    return wanted ? found : sql`NOT ${found}`
  }
  const items: Ir[] = list.ir.k === 'list' ? list.ir.items : constantList(list.ir, list.frame).map((each): Ir => ({ k: 'const', value: each, type: { kind: 'any' }, from: ir.from, to: ir.to, src: list.ir.src }))
  if (items.length === 0) return wanted ? FALSE : TRUE
  const plain = items.every((item) => item.k === 'const' && item.value !== null) && dependsOnRow(value.ir, value.frame) && !(value.ir.k === 'prop' && value.ir.def.blind !== undefined) && ir.value.type.kind !== 'boolean'
  if (plain) return inList(value.ir, value.frame, items, list.frame, wanted)
  const each = items.map((item) => compare(value.ir, value.frame, wanted ? '=' : '!=', item, list.frame))
  return wanted ? anyOf(each) : all(each)
}

const inList = (value: Ir, frame: Frame, items: Ir[], itemFrame: Frame, wanted: boolean): Frag => {
  const left = scalar(value, frame, kindOfType(items[0]!.type) ?? undefined)
  const bounds = items.map((item) => bound(item, itemFrame, left.kind, left.kind === 'number' ? left.scale : 0, 'equal'))
  const [a] = sameCollation(frame, left, bounds[0]!)
  const options = a === left ? bounds : bounds.map((one) => sql`CAST(${one} AS BINARY)`)
  if (wanted) return sql`${a} IN (${joined(options, ', ')})`
  return left.sure ? sql`${a} NOT IN (${joined(options, ', ')})` : sql`(${a} IS NULL OR ${a} NOT IN (${joined(options, ', ')}))`
}
