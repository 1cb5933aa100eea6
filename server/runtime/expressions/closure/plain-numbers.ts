import { substring } from '../functions/strings.ts'
import type { Ir, IrOf } from '../ir/ir.ts'
import { decimal } from '../values/decimal.ts'
import { differenceOf, productOf, quotientOf, remainderOf, sumOf, powerOf, tenMillionths, WORD } from '../values/exact.ts'
import { isNumber } from '../values/value.ts'
import { closureOf } from './compile.ts'
import { step, type Run } from './context.ts'

/** Ten-millionths of a number; NaN where it is no number, or one that a double does not hold exactly. */
export type Parts = (run: Run) => number
const OF = { '+': sumOf, '-': differenceOf, '*': productOf, '/': quotientOf, '**': powerOf }
/** a longer run is rare, and might have to be gone through twice */
const LONGEST_RUN = 100

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
      const [left, right, of] = [partsOf(ir.left), partsOf(ir.right), OF[ir.op]]
      return left && right && ((run) => of(left(run), right(run)))
    }
    case 'if': {
      const [cond, yes, no] = [closureOf(ir.cond), partsOf(ir.then), partsOf(ir.else)]
      return yes && no && isCheap(ir.cond) ? (run) => (cond(run) === true ? yes(run) : no(run)) : null
    }
    case 'call': return called(ir)
    default: return null
  }
}

function called({ fn, args }: IrOf<'call'>): Parts | null {
  const [first, second] = args
  if (fn === 'number' && args.length === 1) return numberOf(first!)
  if (fn === 'sum' && args.length === 1 && first!.k === 'for') return sumOfRun(first as IrOf<'for'>)
  if (fn !== 'modulo') return null
  const [a, b] = [partsOf(first!), partsOf(second!)]
  return a && b && ((run) => remainderOf(a(run), b(run)))
}

/** Digits alone, and so few that they are a number without more ado. */
const DIGITS = /^\d{1,7}$/
function numberOf(ir: Ir): Parts | null {
  if (!isCheap(ir)) return null
  const text = pieceOf(ir) ?? closureOf(ir)
  return (run) => {
    const found = text(run)
    return typeof found === 'string' && DIGITS.test(found) ? Number(found) * WORD : Number.NaN
  }
}
/** A piece of a text by plain numbers. */
function pieceOf(ir: Ir): ((run: Run) => string | null) | null {
  if (ir.k !== 'call' || ir.fn !== 'substring') return null
  const [text, start, length] = [closureOf(ir.args[0]!), partsOf(ir.args[1]!), ir.args[2] ? partsOf(ir.args[2]) : () => MOST]
  return start && length && ((run) => {
    const whole = text(run)
    return typeof whole === 'string' ? substring(whole, start(run) / WORD, length(run) / WORD) : null
  })
}
const MOST = Number.MAX_SAFE_INTEGER

/** What a run of whole numbers adds up to, without the list of it. */
function sumOfRun({ vars, body }: IrOf<'for'>): Parts | null {
  const [only] = vars
  if (vars.length !== 1 || !only?.upto) return null
  const [from, to, each, slot] = [partsOf(only.list), partsOf(only.upto), partsOf(body), only.slot]
  return from && to && each && ((run) => {
    const [first, last] = [from(run) / WORD, to(run) / WORD]
    if (!Number.isInteger(first) || !Number.isInteger(last) || !(Math.abs(last - first) < LONGEST_RUN)) return Number.NaN
    const [way, before] = [first <= last ? 1 : -1, run.steps]
    let sum = 0
    for (let n = first; n !== last + way && !Number.isNaN(sum); n += way) {
      step(run)
      run.locals[slot] = decimal(n)
      sum = sumOf(sum, each(run))
    }
    // gone through again by who asks
    if (Number.isNaN(sum)) run.steps = before
    return sum
  })
}

/** What may be asked twice: values that are there, and what is compared of them. */
function isCheap(ir: Ir): boolean {
  switch (ir.k) {
    case 'const': return true
    case 'compare': case 'and': case 'or': case 'arith': return isCheap(ir.left) && isCheap(ir.right)
    case 'not': return isCheap(ir.value)
    case 'call': return ir.fn === 'substring' && ir.args.every(isCheap)
    default: return isRead(ir)
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
