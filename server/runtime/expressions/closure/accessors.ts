import type { FeelValue } from '../types.ts'
import { civilOf, daysOfIso, weekdayOf } from '../values/civil.ts'
import { decimal } from '../values/decimal.ts'
import { parseTime } from '../values/temporal.ts'
import { isDate, isDuration, isInstant, isTime } from '../values/value.ts'
import { localOf } from '../values/zone.ts'

const HOUR = 3_600_000

/** `.year`, `.hour` … of a date, time, instant (in the zone) or duration; null when the value has no such part. */
export const accessor = (value: FeelValue, name: string, zone: string): FeelValue => {
  if (isDuration(value)) return durationPart(value, name)
  if (isTime(value)) return clockPart(parseTime(value.iso) ?? 0, name)
  if (isDate(value)) return calendarPart(daysOfIso(value.iso), name)
  if (!isInstant(value)) return null
  const { days, msOfDay } = localOf(zone, value.ms)
  return calendarPart(days, name) ?? clockPart(msOfDay, name)
}

const calendarPart = (days: number | null, name: string): FeelValue => {
  if (days === null) return null
  if (name === 'weekday') return decimal(weekdayOf(days))
  return name === 'year' || name === 'month' || name === 'day' ? decimal(civilOf(days)[name]) : null
}

const clockPart = (ms: number, name: string): FeelValue => {
  if (name === 'hour') return decimal(Math.floor(ms / HOUR))
  if (name === 'minute') return decimal(Math.floor(ms / 60_000) % 60)
  return name === 'second' ? decimal(Math.floor(ms / 1000) % 60) : null
}

const durationPart = ({ months, ms }: { months: number; ms: number }, name: string): FeelValue => {
  switch (name) {
    case 'years': return decimal(Math.trunc(months / 12))
    case 'months': return decimal(months % 12)
    case 'days': return decimal(Math.trunc(ms / (24 * HOUR)))
    case 'hours': return decimal(Math.trunc(ms / HOUR) % 24)
    case 'minutes': return decimal(Math.trunc(ms / 60_000) % 60)
    case 'seconds': return decimal(Math.trunc(ms / 1000) % 60)
    default: return null
  }
}
