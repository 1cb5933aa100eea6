import { computeOf } from '../ir/computes.ts'
import type { Ir, IrOf } from '../ir/ir.ts'
import { rowName } from './constant.ts'
import type { Frag, SqlValue } from './fragment.ts'
import { raw, valueOf } from './fragment.ts'
import type { Frame, RefVar, RowVar } from './frame.ts'
import { columnOf, refuse, resolve } from './frame.ts'

export type Place = { row: RowVar } | { ref: RefVar }

/** The row or reference an expression of a record type stands for; null when it is none that SQL can follow. */
export const placeOf = (from: Ir, outer: Frame): Place | null => {
  const { ir, frame } = resolve(from, outer)
  switch (ir.k) {
    case 'name': {
      const name = rowName(ir, frame)
      return name === undefined ? null : { row: frame.rows.get(name)! }
    }
    case 'local': {
      const bound = frame.slots.get(ir.slot)
      return bound && ('row' in bound || 'ref' in bound) ? bound : null
    }
    case 'id': return placeOf(ir.base, frame)
    case 'prop': {
      if (ir.def.compute !== undefined) {
        const inside = computeFrame(ir, frame)
        return placeOf(inside.ir, inside.frame)
      }
      if (ir.def.column === undefined || ir.type.kind !== 'entity') return null
      const kept = keptAt(ir, frame)
      if (kept) return { ref: { ...kept, entity: ir.type.entity } }
      return { ref: { from: rowOf(ir.base, frame), column: ir.def.column, entity: ir.type.entity } }
    }
    default: return null
  }
}

/** The row at the beginning of a path whose end it keeps in a column of its own: the longest such path, so that no row on the way is joined. */
const keptAt = (ir: IrOf<'prop'>, frame: Frame): { from: RowVar; column: string } | null => {
  let found: { base: Ir; frame: Frame; column: string } | null = null
  let at: IrOf<'prop'> = ir
  let path = ir.path.join('.')
  for (let place = frame; ;) {
    const base = resolve(at.base, place)
    if (base.ir.k !== 'prop' || base.ir.def.compute !== undefined) break
    path = `${base.ir.path.join('.')}.${path}`
    const column = frame.options.model.entity(base.ir.entity)?.kept?.[path]
    if (column !== undefined) found = { base: base.ir.base, frame: base.frame, column }
    at = base.ir
    place = base.frame
  }
  return found && { from: rowOf(found.base, found.frame), column: found.column }
}

/** The row whose columns can be read: a reference is joined here, not before. */
export const rowOf = (ir: Ir, frame: Frame): RowVar => {
  const place = placeOf(ir, frame) ?? refuse(frame, ir, 'it is no row of the query and no reference.')
  return 'row' in place ? place.row : follow(place.ref)
}
const follow = (ref: RefVar): RowVar =>
  ({ entity: ref.entity, alias: ref.from.join(ref.from.alias, ref.column, ref.entity), nullable: true, join: ref.from.join })

export const idValue = (place: Place, frame: Frame): SqlValue => ('row' in place
  ? valueOf(raw(columnOf(frame, place.row.alias, 'id')), 'id', { sure: !place.row.nullable, column: true })
  : valueOf(raw(columnOf(frame, place.ref.from.alias, place.ref.column)), 'id', { column: true }))

/**
 * The text of a read-time compute, seen from the row it belongs to. `there`: of a row that a reference leads to or not, for
 * what no record computes is null, whatever its text says of nothing.
 */
export const computeFrame = (ir: IrOf<'prop'>, frame: Frame): { ir: Ir; frame: Frame; there: Frag | null } => {
  const entity = frame.options.model.entity(ir.entity)!
  const compute = frame.computes.includes(ir.def) ? null : computeOf(frame.options, entity, ir.def)
  if (!compute) return refuse(frame, ir, `it is computed from itself (${ir.entity}.${ir.path.join('.')}).`, 'Break the circle.')
  if (compute.error) return refuse(frame, ir, `its own expression is wrong: ${compute.error.message}`, 'Mend that expression first.')
  const row = rowOf(ir.base, frame)
  const there = row.nullable ? raw(`${columnOf(frame, row.alias, 'id')} IS NOT NULL`) : null
  return { there, ir: compute.ir, frame: { ...frame, rows: new Map([['', row], ['record', row]]), slots: new Map(), computes: [...frame.computes, ir.def], site: frame.site ?? ir, options: { ...frame.options, measure: false } } }
}
