import type { Decimal } from 'decimal.js-light'
import type { Ir, IrOf } from '../ir/ir.ts'
import type { SqlValue } from './fragment.ts'
import { sql, valueOf } from './fragment.ts'
import type { Frame } from './frame.ts'
import { refuse, resolve } from './frame.ts'
import { minutesValue, rounded } from './number.ts'
import { scalar } from './scalar.ts'
import { part, toDate, toTime } from './temporal.ts'

/** Functions whose SQL gives the same answer on every database; all others are refused by name. */
export const callValue = (ir: IrOf<'call'>, frame: Frame): SqlValue => {
  const [first] = ir.args
  const mysql = frame.target.dialect === 'mysql'
  switch (ir.fn) {
    case 'floor': case 'ceiling': return rounded(ir, frame)
    case 'abs': {
      const value = scalar(first!, frame, 'number')
      return valueOf(sql`ABS(${value})`, 'number', { scale: value.scale })
    }
    case 'minutes': return minutesValue(first!, frame)
    case 'string length': return valueOf(sql`${mysql ? 'CHAR_LENGTH' : 'LENGTH'}(${scalar(first!, frame, 'text')})`, 'number')
    case 'substring': return substring(ir, frame)
    case 'date': return ir.args.length === 1 ? toDate(first!, frame) : refuse(frame, ir, 'a date made of parts has no SQL form.')
    case 'time': return ir.args.length === 1 ? toTime(first!, frame) : refuse(frame, ir, 'a time made of parts has no SQL form.')
    case 'date and time':
      return first!.type.kind === 'date-time' && ir.args.length === 1 ? scalar(first!, frame) : refuse(frame, ir, 'it depends on the zone.', 'Compare date(x) with a date instead.')
    case '.year': case '.month': case '.day': case '.hour': case '.minute': return part(first!, ir.fn.slice(1), frame, ir)
    default: return refuse(frame, ir, `the function ${ir.fn.replace(/^\./, '.')} has no SQL form that is the same on every database.`)
  }
}

const substring = (ir: IrOf<'call'>, frame: Frame): SqlValue => {
  const whole = (arg: Ir): number | null => {
    const found = resolve(arg, frame).ir
    const n = found.k === 'const' && found.type.kind === 'number' ? (found.value as Decimal).toNumber() : NaN
    return Number.isInteger(n) && n >= 1 ? n : null
  }
  const numbers = ir.args.slice(1).map(whole)
  if (numbers.includes(null)) return refuse(frame, ir, 'start and length must be literals from 1.')
  const text = scalar(ir.args[0]!, frame, 'text')
  return valueOf(sql`SUBSTR(${text}, ${numbers.join(', ')})`, 'text')
}
