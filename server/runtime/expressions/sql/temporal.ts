import type { Ir, IrOf } from '../ir/ir.ts'
import type { FeelValue, SqlScalar } from '../types.ts'
import { FeelRuntimeError } from '../errors.ts'
import { DAY } from '../values/civil.ts'
import { isDuration } from '../values/value.ts'
import { fixedOffset } from '../values/zone.ts'
import { bound, dependsOnRow, derived } from './constant.ts'
import type { Frag, SqlValue } from './fragment.ts'
import { raw, sql, valueOf } from './fragment.ts'
import type { Frame } from './frame.ts'
import { refuse, resolve } from './frame.ts'
import { scalar } from './scalar.ts'

/** + and - of dates, instants and durations. */
export const moved = (ir: IrOf<'arith'>, frame: Frame): SqlValue => {
  if (ir.op !== '+' && ir.op !== '-') return refuse(frame, ir, 'a stretched duration has no SQL form.', 'Compute the minutes and write minutes(…).')
  const [l, r] = [resolve(ir.left, frame), resolve(ir.right, frame)]
  const kinds = `${l.ir.type.kind} ${r.ir.type.kind}`
  if (kinds === 'date date') return dayDifference(scalar(l.ir, l.frame), scalar(r.ir, r.frame), frame)
  if (kinds === 'date duration') return dateMoved(ir, l, r, ir.op === '+' ? 1 : -1)
  if (kinds === 'duration date') return dateMoved(ir, r, l, 1)
  if (kinds.includes('time ') || /(^| )time$/.test(kinds)) if (!kinds.includes('date-time')) return refuse(frame, ir, 'a moved time of day has no SQL form.')
  const kind = kinds === 'date-time date-time' || kinds === 'duration duration' ? 'duration' : 'instant'
  const [a, b] = [inMs(l), inMs(r)]
  if (a.kind === 'null' || b.kind === 'null') return refuse(frame, ir, 'its type is not known.')
  return valueOf(sql`(${a} ${ir.op} ${b})`, kind)
}
const inMs = ({ ir, frame }: { ir: Ir; frame: Frame }): SqlValue =>
  (dependsOnRow(ir, frame) ? scalar(ir, frame) : bound(ir, frame, ir.type.kind === 'duration' ? 'duration' : 'instant'))

const dayDifference = (a: SqlValue, b: SqlValue, frame: Frame): SqlValue => (frame.target.dialect === 'mysql'
  ? valueOf(sql`(DATEDIFF(${a}, ${b}) * ${String(DAY)})`, 'duration')
  : valueOf(sql`((CAST(strftime('%s', ${a}) AS INTEGER) - CAST(strftime('%s', ${b}) AS INTEGER)) * 1000)`, 'duration'))

const dateMoved = (ir: Ir, date: { ir: Ir; frame: Frame }, by: { ir: Ir; frame: Frame }, sign: number): SqlValue => {
  const { frame } = date
  if (dependsOnRow(by.ir, by.frame)) return refuse(frame, ir, 'a date is moved by a duration of the row.', 'Use date-times, or a fixed duration.')
  const value = scalar(date.ir, frame)
  const days = (found: FeelValue): number | null => {
    if (!isDuration(found)) return null
    if (found.months !== 0) throw new FeelRuntimeError('A date column cannot be moved by months in SQL; move the other side, or use days.')
    return Math.floor((sign * found.ms) / DAY)
  }
  if (by.ir.k === 'const' && isDuration(by.ir.value) && by.ir.value.months !== 0) return refuse(frame, ir, 'databases disagree about the end of a month.', 'Move the other side of the comparison, or use days.')
  if (frame.target.dialect === 'mysql') {
    return valueOf(sql`DATE_FORMAT(DATE_ADD(${value}, INTERVAL ${derived(by.ir, by.frame, days)} DAY), '%Y-%m-%d')`, 'date')
  }
  const modifier = derived(by.ir, by.frame, (found): SqlScalar => {
    const n = days(found)
    return n === null ? null : `${n < 0 ? '' : '+'}${n} days`
  })
  return valueOf(sql`date(${value}, ${modifier})`, 'date')
}

/** Wall-clock seconds of an instant in the zone, as an integer rounded down. */
const wallSeconds = (ir: Ir, frame: Frame): Frag => {
  const offset = fixedOffset(frame.target.zone)
  if (offset === null) return refuse(frame, ir, `the zone ${frame.target.zone} changes its offset.`, 'Compare with instants instead.')
  const local = sql`(${scalar(ir, frame)} + ${raw(String(offset))})`
  if (frame.target.dialect === 'mysql') return sql`FLOOR(${local} / 1000)`
  return sql`((${local} - ((${local} % 1000) + 1000) % 1000) / 1000)`
}

const FORMATS: Record<string, [sqlite: string, mysql: string]> = {
  year: ['%Y', '%Y'], month: ['%m', '%m'], day: ['%d', '%d'], hour: ['%H', '%H'], minute: ['%M', '%i'], date: ['%Y-%m-%d', '%Y-%m-%d'], time: ['%H:%M:%S', '%H:%i:%s'],
}
const format = (ir: Ir, frame: Frame, what: string): Frag => {
  const [sqlite, mysql] = FORMATS[what]!
  return frame.target.dialect === 'mysql'
    ? sql`DATE_FORMAT(TIMESTAMPADD(SECOND, ${wallSeconds(ir, frame)}, '1970-01-01 00:00:00'), '${mysql}')`
    : sql`strftime('${sqlite}', ${wallSeconds(ir, frame)}, 'unixepoch')`
}
const integer = (text: Frag, frame: Frame): SqlValue => valueOf(sql`CAST(${text} AS ${frame.target.dialect === 'mysql' ? 'SIGNED' : 'INTEGER'})`, 'number')

export const part = (base: Ir, name: string, frame: Frame, ir: Ir): SqlValue => {
  if (base.type.kind === 'date-time') return integer(format(base, frame, name), frame)
  const places: Record<string, [number, number]> = base.type.kind === 'date' ? { year: [1, 4], month: [6, 2], day: [9, 2] } : { hour: [1, 2], minute: [4, 2] }
  const at = Object.hasOwn(places, name) ? places[name] : undefined
  if (!at || (base.type.kind !== 'date' && base.type.kind !== 'time')) return refuse(frame, ir, `.${name} of a ${base.type.kind} has no SQL form.`)
  return integer(sql`SUBSTR(${scalar(base, frame)}, ${at.join(', ')})`, frame)
}

export const toDate = (ir: Ir, frame: Frame): SqlValue => {
  if (ir.type.kind === 'date') return scalar(ir, frame)
  return ir.type.kind === 'date-time' ? valueOf(format(ir, frame, 'date'), 'date') : refuse(frame, ir, 'a date read from a text has no SQL form.')
}
export const toTime = (ir: Ir, frame: Frame): SqlValue => {
  if (ir.type.kind === 'time') return scalar(ir, frame)
  return ir.type.kind === 'date-time' ? valueOf(format(ir, frame, 'time'), 'time') : refuse(frame, ir, 'a time read from a text has no SQL form.')
}
