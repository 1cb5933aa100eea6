import { DAY, daysOf } from './civil.ts'

/** Zones taken as fixed, so that SQL can compute with them: China has kept +08:00 since 1992, before any record here. */
const FIXED: Record<string, number> = {
  'Asia/Shanghai': 8, 'Asia/Chongqing': 8, 'Asia/Harbin': 8, PRC: 8, 'Etc/GMT-8': 8, '+08:00': 8, UTC: 0, 'Etc/UTC': 0, GMT: 0,
}
const formats = new Map<string, Intl.DateTimeFormat>()

/** Offset in ms when the zone never changes, else null. */
export const fixedOffset = (zone: string): number | null => {
  const hours = Object.hasOwn(FIXED, zone) ? FIXED[zone] : undefined
  return hours === undefined ? null : hours * 3_600_000
}

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short',
  })
  formats.set(zone, made)
  return made
}

/** Local time minus UTC, in ms, at that instant. */
export const offsetAt = (zone: string, ms: number): number => {
  const fixed = fixedOffset(zone)
  if (fixed !== null) return fixed
  const part: Record<string, string> = {}
  for (const { type, value } of formatOf(zone).formatToParts(ms)) part[type] = value
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year)
  const local = daysOf(year, Number(part.month), Number(part.day)) * DAY
    + Number(part.hour) * 3_600_000 + Number(part.minute) * 60_000 + Number(part.second) * 1000
  return local - Math.floor(ms / 1000) * 1000
}

export interface Local { days: number; msOfDay: number }
/** The wall clock of the zone: days since 1970-01-01 and ms of the day. */
export const localOf = (zone: string, ms: number): Local => {
  const local = ms + offsetAt(zone, ms)
  const days = Math.floor(local / DAY)
  return { days, msOfDay: local - days * DAY }
}

/** ms UTC of a wall-clock time; in a gap the later one, in an overlap the earlier one (as java.time does). */
export const instantOf = (zone: string, days: number, msOfDay: number): number => {
  const local = days * DAY + msOfDay
  const fixed = fixedOffset(zone)
  if (fixed !== null) return local - fixed
  const before = offsetAt(zone, local - DAY)
  const after = offsetAt(zone, local + DAY)
  const early = local - before
  return offsetAt(zone, early) === before ? early : offsetAt(zone, local - after) === after ? local - after : early
}
