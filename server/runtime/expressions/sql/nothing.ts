import type { Ir, IrOf } from '../ir/ir.ts'
import type { FeelValue } from '../types.ts'
import { constantValue, dependsOnRow } from './constant.ts'
import type { Frame } from './frame.ts'
import { resolve } from './frame.ts'
import { placeOf } from './rows.ts'

/**
 * Whether a list of records is known to be empty for every row of the query: it is asked by a reference that all of them have in
 * common, and there is no such record. Its subquery, run for each row, can then be left out.
 */
export const findsNothing = (ir: IrOf<'filter'>, frame: Frame): boolean => {
  const { none } = frame.target
  const list = resolve(ir.list, frame)
  if (!none || frame.scope === null || list.ir.k !== 'rows') return false
  const equals: { path: string; value: FeelValue }[] = []
  let common = false
  for (const { path, value } of ir.equals) {
    const shared = sharedReference(value, frame)
    if (shared !== undefined) common = true
    const known = shared ?? plainValue(value, frame)
    if (known !== undefined) equals.push({ path, value: known })
  }
  return common && none(list.ir.entity, equals)
}

/** The record that a reference of every row of the query leads to; undefined when they may differ. */
const sharedReference = (from: Ir, outer: Frame): FeelValue | undefined => {
  const { ir, frame } = resolve(from, outer)
  if (ir.k !== 'prop' || ir.type.kind !== 'entity') return undefined
  const place = placeOf(ir, frame)
  return place && 'ref' in place ? frame.target.shared?.(place.ref.from.alias, place.ref.column) : undefined
}

const plainValue = (from: Ir, outer: Frame): FeelValue | undefined => {
  const { ir, frame } = resolve(from, outer)
  return dependsOnRow(ir, frame) ? undefined : constantValue(ir, frame)
}
