import type { Instant, PlainDate, WorkCalendar } from '../types.ts'
import { daysOfIso, isoOfDays, weekdayOf } from './civil.ts'
import { parseTime } from './temporal.ts'
import { instant, plainDate } from './value.ts'
import { instantOf, localOf } from './zone.ts'

const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']
const LIMIT = 3_660

/** Saturday and Sunday are free; a holiday is free on any day; a make-up day (调休) is worked on any day. */
const worked = (days: number, calendar: WorkCalendar | undefined): boolean => {
  const iso = isoOfDays(days)
  if (calendar?.isMakeUpDay(iso)) return true
  return !calendar?.isHoliday(iso) && weekdayOf(days) <= 5
}

const step = (from: number, n: number, calendar: WorkCalendar | undefined): number | null => {
  let days = from
  let left = Math.abs(n)
  for (let i = 0; left > 0; i++) {
    if (i > LIMIT) return null
    days += n > 0 ? 1 : -1
    if (worked(days, calendar)) left--
  }
  return days
}

/** The n-th working day after (or before) t at the same time of day; n = 0 is t. null beyond ten years. */
export const addWorkingDays = (t: Instant | PlainDate, n: number, zone: string, calendar: WorkCalendar | undefined): Instant | PlainDate | null => {
  if (!Number.isInteger(n) || Math.abs(n) > LIMIT) return null
  if (t.$ === 'date') {
    const from = daysOfIso(t.iso)
    const days = from === null ? null : step(from, n, calendar)
    return days === null ? null : plainDate(isoOfDays(days))
  }
  const { days: from, msOfDay } = localOf(zone, t.ms)
  const days = step(from, n, calendar)
  return days === null ? null : instant(instantOf(zone, days, msOfDay))
}

/**
 * 考前第3周周四: the week of t is week 0 and starts on Monday; move n weeks, take that weekday and time of day in the zone.
 * "24:00" is the end of that day, i.e. 00:00 of the next.
 */
export const weekOf = (t: Instant | PlainDate, n: number, weekday: string, time: string, zone: string): Instant | null => {
  const days = t.$ === 'date' ? daysOfIso(t.iso) : localOf(zone, t.ms).days
  const index = WEEKDAYS.indexOf(weekday.toUpperCase())
  const msOfDay = parseTime(time)
  if (days === null || index < 0 || msOfDay === null || !Number.isInteger(n)) return null
  const monday = days - (weekdayOf(days) - 1)
  return instant(instantOf(zone, monday + 7 * n + index, msOfDay))
}
