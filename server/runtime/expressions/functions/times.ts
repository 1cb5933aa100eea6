import type { Decimal } from 'decimal.js-light'
import { BOOLEAN, DATE, DURATION, INSTANT, TIME } from '../ir/types.ts'
import type { FeelValue, Instant, PlainDate } from '../types.ts'
import { addWorkingDays, weekOf } from '../values/calendar.ts'
import { daysOf, daysOfIso, isoOfDays, parseDate } from '../values/civil.ts'
import { dateOfInstant, parseDuration, parseInstant, parseTime, timeText } from '../values/temporal.ts'
import { asDouble } from '../values/decimal.ts'
import { durationOf, instant, isDate, isDuration, isInstant, isNumber, isTime, plainDate, plainTime } from '../values/value.ts'
import { instantOf, localOf } from '../values/zone.ts'
import { define } from './define.ts'
import type { Builtin } from './define.ts'

const int = (value: FeelValue | undefined): number => (isNumber(value ?? null) ? asDouble(value as Decimal) : NaN)

const toDate = (args: FeelValue[], zone: string): FeelValue => {
  const [from] = args
  if (args.length === 3) {
    const [year, month, day] = args.map(int)
    const iso = isoOfDays(daysOf(year!, month!, day!))
    return parseDate(iso)?.day === day && iso.startsWith(String(year).padStart(4, '0')) ? plainDate(iso) : null
  }
  if (isDate(from!)) return from
  if (isInstant(from!)) return dateOfInstant(from.ms, zone)
  if (typeof from !== 'string') return null
  return daysOfIso(from) === null ? null : plainDate(from)
}

const toTime = (args: FeelValue[], zone: string): FeelValue => {
  const [from] = args
  if (args.length === 3) return toTime([args.map((n) => String(int(n)).padStart(2, '0')).join(':')], zone)
  if (isTime(from!)) return from
  if (isInstant(from!)) return plainTime(timeText(localOf(zone, from.ms).msOfDay))
  const ms = typeof from === 'string' ? parseTime(from) : null
  return ms === null || ms === 86_400_000 ? null : plainTime(timeText(ms))
}

const toInstant = ([from, time]: FeelValue[], zone: string): FeelValue => {
  if (isInstant(from!)) return from
  if (isDate(from!)) {
    const ms = time === undefined ? 0 : isTime(time) ? parseTime(time.iso) : null
    const days = daysOfIso(from.iso)
    return ms === null || days === null ? null : instant(instantOf(zone, days, ms))
  }
  if (typeof from !== 'string') return null
  const ms = parseInstant(daysOfIso(from) === null ? from : `${from}T00:00:00`, zone)
  return ms === null ? null : instant(ms)
}

export const TIMES: Builtin[] = [
  define('date(from: string|temporal|number, month?: number, day?: number)', DATE, (args, env) => toDate(args, env.zone)),
  define('time(from: string|temporal|number, minute?: number, second?: number)', TIME, (args, env) => toTime(args, env.zone)),
  define('date and time(from: string|temporal, time?: time)', INSTANT, (args, env) => toInstant(args, env.zone)),
  define('duration(from: string|duration)', DURATION, ([from]) => (isDuration(from!) ? from : typeof from === 'string' ? parseDuration(from) : null)),
  define('minutes(n: number)', DURATION, ([n]) => durationOf(0, Math.round((n as Decimal).times(60_000).toNumber()))),
  define('week(t: date|date-time, n: number, weekday: string, time: string)', INSTANT, ([t, n, weekday, time], env) =>
    weekOf(t as Instant | PlainDate, int(n), weekday as string, time as string, env.zone)),
  define('add working days(t: date|date-time, n: number)', ([t]) => t!, ([t, n], env) => addWorkingDays(t as Instant | PlainDate, int(n), env.zone, env.calendar)),
  define('not(negand: boolean)', BOOLEAN, ([value]) => (typeof value === 'boolean' ? !value : null)),
  define('is defined(value: any)', BOOLEAN, ([value]) => (value ?? null) !== null, { strict: false }),
]
