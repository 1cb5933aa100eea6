import type { Ir } from '../ir/ir.ts'
import { differenceOf, productOf, quotientOf, sumOf, tenMillionths } from '../values/exact.ts'
import { isNumber } from '../values/value.ts'
import { closureOf } from './compile.ts'
import type { Run } from './context.ts'

/** Ten-millionths of a number; NaN where it is no number, or one that a double does not hold exactly. */
export type Parts = (run: Run) => number
const OF = { '+': sumOf, '-': differenceOf, '*': productOf, '/': quotientOf }

/**
 * Plain arithmetic on numbers that are read, without making a decimal of every step. Where it answers NaN the decimals are asked,
 * so nothing may be in it that is dear to ask twice: null for an expression that has such a part.
 */
export function partsOf(ir: Ir): Parts | null {
  if (ir.type.kind !== 'number') return null
  switch (ir.k) {
    case 'const': { const parts = isNumber(ir.value) ? tenMillionths(ir.value) : Number.NaN; return () => parts }
    case 'name': case 'local': case 'prop': case 'field': return isRead(ir) ? read(ir) : null
    case 'negate': { const value = partsOf(ir.value); return value && ((run) => 0 - value(run)) }
    case 'arith': {
      if (ir.op === '**') return null
      const [left, right, of] = [partsOf(ir.left), partsOf(ir.right), OF[ir.op]]
      return left && right && ((run) => of(left(run), right(run)))
    }
    default: return null
  }
}

/** A name and what hangs on it by dots. */
const isRead = (ir: Ir): boolean => ir.k === 'name' || ir.k === 'local' || ((ir.k === 'prop' || ir.k === 'field') && isRead(ir.base))

function read(ir: Ir): Parts {
  const value = closureOf(ir)
  return (run) => {
    const found = value(run)
    return isNumber(found) ? tenMillionths(found) : Number.NaN
  }
}
