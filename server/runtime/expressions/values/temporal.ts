import type { Duration, Instant, PlainDate } from '../types.ts'
import { addMonths, civilOf, DAY, daysOf, daysOfIso, isoDate, isoOfDays, parseDate } from './civil.ts'
import { durationOf, instant, plainDate } from './value.ts'
import { instantOf, localOf } from './zone.ts'

const pad = (n: number, width = 2): string => String(n).padStart(width, '0')

/** 'HH:mm:ss' of ms of the day. */
export const timeText = (msOfDay: number): string =>
  `${pad(Math.floor(msOfDay / 3_600_000))}:${pad(Math.floor(msOfDay / 60_000) % 60)}:${pad(Math.floor(msOfDay / 1000) % 60)}`

/** ms of the day of 'HH:mm', 'HH:mm:ss' or with fraction and 'Z'; "24:00" is the end of the day. null when it is no time. */
export const parseTime = (text: string): number | null => {
  const m = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?Z?$/.exec(text)
  if (!m) return null
  const [h, min, s] = [Number(m[1]), Number(m[2]), Number(m[3] ?? 0)]
  const fraction = Number((m[4] ?? '').padEnd(3, '0').slice(0, 3))
  if (min > 59 || s > 59 || h > 24 || (h === 24 && (min > 0 || s > 0 || fraction > 0))) return null
  return ((h * 60 + min) * 60 + s) * 1000 + fraction
}

/** ms UTC of an RFC 3339 text; without an offset it is wall-clock time of the zone. null when it is none. */
export const parseInstant = (text: string, zone: string): number | null => {
  const m = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:\d{2})?$/.exec(text)
  if (!m) return null
  const days = daysOfIso(m[1]!)
  const time = parseTime(m[2]!)
  if (days === null || time === null) return null
  const offset = m[3]
  if (offset === undefined) return instantOf(zone, days, time)
  if (/^z$/i.test(offset)) return days * DAY + time
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4))
  return days * DAY + time - (offset.startsWith('-') ? -minutes : minutes) * 60_000
}

/** RFC 3339 with the zone's offset, seconds, and milliseconds only when there are any. */
export const instantText = (ms: number, zone: string): string => {
  const { days, msOfDay } = localOf(zone, ms)
  const offset = Math.round((days * DAY + msOfDay - ms) / 60_000)
  const fraction = msOfDay % 1000
  const sign = offset < 0 ? '-' : '+'
  const tail = offset === 0 ? 'Z' : `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
  return `${isoOfDays(days)}T${timeText(msOfDay)}${fraction === 0 ? '' : `.${pad(fraction, 3)}`}${tail}`
}

/** ISO 8601 duration; null when it is none. Weeks are seven days. */
export const parseDuration = (text: string): Duration | null => {
  const m = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/.exec(text)
  if (!m || !/\d/.test(text) || text.endsWith('T')) return null
  const n = (i: number): number => Number(m[i] ?? 0)
  const sign = m[1] ? -1 : 1
  const ms = (n(4) * 7 + n(5)) * DAY + n(6) * 3_600_000 + n(7) * 60_000 + Math.round(n(8) * 1000)
  return durationOf(sign * (n(2) * 12 + n(3)) + 0, sign * ms + 0)
}

export const durationText = ({ months, ms }: Duration): string => {
  const negative = months < 0 || (months === 0 && ms < 0)
  const [mo, rest] = [Math.abs(months), Math.abs(ms)]
  const put = (n: number, unit: string): string => (n === 0 ? '' : `${n}${unit}`)
  const date = put(Math.floor(mo / 12), 'Y') + put(mo % 12, 'M') + put(Math.floor(rest / DAY), 'D')
  const seconds = (rest % 60_000) / 1000
  const time = put(Math.floor(rest / 3_600_000) % 24, 'H') + put(Math.floor(rest / 60_000) % 60, 'M') + put(seconds, 'S')
  if (date === '' && time === '') return 'PT0S'
  return `${negative ? '-' : ''}P${date}${time === '' ? '' : `T${time}`}`
}

/** A date plus a duration; hours short of a day are dropped (towards the past). */
export const dateAdd = (date: PlainDate, by: Duration, sign = 1): PlainDate | null => {
  const civil = parseDate(date.iso)
  if (civil === null) return null
  const moved = by.months === 0 ? civil : addMonths(civil, sign * by.months)
  const days = daysOf(moved.year, moved.month, moved.day) + Math.floor((sign * by.ms) / DAY)
  return plainDate(isoOfDays(days))
}

/** An instant plus a duration: months on the wall clock of the zone, the rest on the time line. */
export const instantAdd = (at: Instant, by: Duration, sign: number, zone: string): Instant => {
  if (by.months === 0) return instant(at.ms + sign * by.ms)
  const { days, msOfDay } = localOf(zone, at.ms)
  const moved = addMonths(civilOf(days), sign * by.months)
  return instant(instantOf(zone, daysOf(moved.year, moved.month, moved.day), msOfDay) + sign * by.ms)
}

export const dateOfInstant = (ms: number, zone: string): PlainDate => plainDate(isoOfDays(localOf(zone, ms).days))
export { isoDate }
