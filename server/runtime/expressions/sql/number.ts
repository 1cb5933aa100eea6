import type { Decimal } from 'decimal.js-light'
import type { IrOf, Ir } from '../ir/ir.ts'
import { decimal, multiply } from '../values/decimal.ts'
import { bound, dependsOnRow } from './constant.ts'
import type { SqlValue } from './fragment.ts'
import { raw, sql, valueOf } from './fragment.ts'
import type { Frame } from './frame.ts'
import { refuse, resolve } from './frame.ts'
import { scalar } from './scalar.ts'

/** Products beyond this many decimals could leave 64 bits for ordinary scores and amounts. */
const MAX_SCALE = 12
const pow10 = (n: number): string => `1${'0'.repeat(n)}`

/** The same number with more decimals; exact. */
export const rescaled = (value: SqlValue, scale: number): SqlValue =>
  (value.kind !== 'number' || value.scale === scale ? value : valueOf(sql`(${value} * ${pow10(scale - value.scale)})`, 'number', { scale, ...(value.sure ? { sure: true } : {}) }))

export const arithmetic = (ir: IrOf<'arith'>, frame: Frame): SqlValue => {
  if (ir.op === '/') return quotient(ir, frame)
  if (ir.op === '**') return refuse(frame, ir, 'powers have no exact SQL form.')
  const [a, b] = [scalar(ir.left, frame, 'number'), scalar(ir.right, frame, 'number')]
  if (ir.op === '*') {
    const scale = a.scale + b.scale
    if (scale > MAX_SCALE) return refuse(frame, ir, `the product has ${scale} decimals, at most ${MAX_SCALE} are exact.`, 'Declare fewer decimals (multipleOf).')
    return valueOf(sql`(${a} * ${b})`, 'number', { scale })
  }
  const scale = Math.max(a.scale, b.scale)
  return valueOf(sql`(${rescaled(a, scale)} ${ir.op} ${rescaled(b, scale)})`, 'number', { scale })
}

/** Division by a literal whose reciprocal ends (2, 4, 5, 8, 10, 12.5, 20 …) is a product; every other division could be rounded differently. */
const quotient = (ir: IrOf<'arith'>, frame: Frame): SqlValue => {
  const divisor = resolve(ir.right, frame).ir
  const inverse = divisor.k === 'const' && divisor.type.kind === 'number' ? reciprocal(divisor.value as Decimal) : null
  if (!inverse) return refuse(frame, ir, 'only a division by a literal such as 2, 5, 10 or 20 is exact on every database.', 'Compare products instead (a >= 0.6 * b), or compute it outside SQL.')
  const value = scalar(ir.left, frame, 'number')
  const scale = value.scale + inverse.decimalPlaces()
  if (scale > MAX_SCALE) return refuse(frame, ir, `the quotient has ${scale} decimals, at most ${MAX_SCALE} are exact.`)
  return valueOf(sql`(${value} * ${multiply(inverse, decimal(10).pow(inverse.decimalPlaces())).toFixed()})`, 'number', { scale })
}
const reciprocal = (divisor: Decimal): Decimal | null => {
  if (divisor.isZero()) return null
  const found = decimal(1).dividedBy(divisor)
  return found.decimalPlaces() <= 8 && multiply(found, divisor).eq(1) ? found : null
}

/** floor and ceiling of a scaled integer; `/` of integers truncates towards zero on SQLite, DIV does in MySQL. */
export const rounded = (ir: IrOf<'call'>, frame: Frame): SqlValue => {
  if (ir.args.length !== 1) return refuse(frame, ir, 'rounding to decimals has no SQL form.')
  const value = scalar(ir.args[0]!, frame, 'number')
  if (value.scale === 0) return value
  const unit = pow10(value.scale)
  const whole = frame.target.dialect === 'mysql' ? sql`(${value} DIV ${unit})` : sql`(CAST(${value} AS INTEGER) / ${unit})`
  const rest = ir.fn === 'floor' ? sql`(${whole} * ${unit} > ${value})` : sql`(${whole} * ${unit} < ${value})`
  return valueOf(sql`(${whole} ${ir.fn === 'floor' ? '-' : '+'} ${rest})`, 'number')
}

/** minutes(n) as ms. */
export const minutesValue = (ir: Ir, frame: Frame): SqlValue => {
  const n = dependsOnRow(ir, frame) ? scalar(ir, frame, 'number') : bound(ir, frame, 'number', 0)
  if (n.scale > 3) return refuse(frame, ir, 'minutes with more than three decimals are no whole milliseconds.')
  return valueOf(sql`(${n} * ${raw(String(60_000 / 10 ** n.scale))})`, 'duration')
}
