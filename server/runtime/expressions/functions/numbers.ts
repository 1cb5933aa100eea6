import { BOOLEAN, NUMBER } from '../ir/types.ts'
import type { FeelType, FeelValue } from '../types.ts'
import type { Decimal } from 'decimal.js-light'
import { asDouble, ceiling, decimal, floor, modulo, roundHalfUp } from '../values/decimal.ts'
import { isNumber } from '../values/value.ts'
import { define } from './define.ts'
import type { Builtin } from './define.ts'

const whole = (args: FeelType[]): FeelType => (args.length === 1 ? { kind: 'number', scale: 0 } : NUMBER)
const rounding = (name: string, run: (n: Decimal, scale: number) => Decimal): Builtin =>
  define(`${name}(n: number, scale?: number)`, whole, ([n, scale]) => {
    const digits = scale === undefined ? 0 : asDouble(scale as Decimal)
    return Number.isInteger(digits) && digits >= 0 && digits <= 30 ? run(n as Decimal, digits) : null
  })

/** "1 234.5", "1,234.50" and full-width digits come from spreadsheets; only plain decimals are numbers here. */
const readNumber = (text: FeelValue): FeelValue => {
  if (isNumber(text)) return text
  return typeof text === 'string' && /^\s*-?(\d+(\.\d*)?|\.\d+)\s*$/.test(text) ? decimal(text.trim().replace(/\.$/, '')) : null
}

export const NUMBERS: Builtin[] = [
  define('number(from: string|number)', NUMBER, ([from]) => readNumber(from!)),
  rounding('floor', floor),
  rounding('ceiling', ceiling),
  rounding('round', roundHalfUp),
  define('abs(n: number)', ([n]) => n!, ([n]) => (n as Decimal).abs()),
  define('modulo(dividend: number, divisor: number)', NUMBER, ([a, b]) => modulo(a as Decimal, b as Decimal)),
  define('even(n: number)', BOOLEAN, ([n]) => modulo(n as Decimal, decimal(2))!.isZero()),
  define('odd(n: number)', BOOLEAN, ([n]) => modulo(n as Decimal, decimal(2))!.eq(1)),
]
