/** Calendar parts in the family's zone; `time` is false for a plain date. */
export interface DateParts { year: number; month: number; day: number; hour: number; minute: number; second: number; time: boolean }

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/
const HANZI = '〇一二三四五六七八九'
const formatters = new Map<string, Intl.DateTimeFormat>()

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
  formatters.set(zone, made)
  return made
}

const fromMilliseconds = (ms: number, zone: string): DateParts => {
  const parts: Record<string, number> = {}
  for (const part of formatterOf(zone).formatToParts(ms)) parts[part.type] = Number(part.value)
  return { year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hour: parts.hour ?? 0, minute: parts.minute ?? 0, second: parts.second ?? 0, time: true }
}

/**
 * Reads a date or instant: milliseconds UTC, ISO text with or without offset (without = already in the zone),
 * or FEEL's `{$: instant, ms}` / `{$: date, iso}`. null for nothing; throws for a text that is no date.
 */
export function datePartsOf(value: unknown, zone: string): DateParts | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number' && Number.isFinite(value)) return fromMilliseconds(value, zone)
  if (value instanceof Date) return fromMilliseconds(value.getTime(), zone)
  if (typeof value === 'object') {
    const feel = value as { ms?: unknown; iso?: unknown }
    if (typeof feel.ms === 'number') return fromMilliseconds(feel.ms, zone)
    if (typeof feel.iso === 'string') return datePartsOf(feel.iso, zone)
  }
  const text = String(value)
  const local = LOCAL.exec(text)
  if (local) {
    const [year, month, day, hour, minute, second] = local.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number]
    return { year, month, day, hour, minute, second, time: local[4] !== undefined }
  }
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new Error(`"${text}" is no date (expected ISO 8601 or milliseconds)`)
  return fromMilliseconds(ms, zone)
}

const two = (n: number): string => String(n).padStart(2, '0')
const digits = (n: number): string => [...String(n)].map((digit) => HANZI[Number(digit)]).join('')
const spoken = (n: number): string => {
  const [tens, ones] = [Math.floor(n / 10), n % 10]
  return (tens === 0 ? '' : tens === 1 ? '十' : `${HANZI[tens]}十`) + (ones === 0 ? '' : HANZI[ones])
}

/** Formats with yyyy MM dd M d HH mm ss, or `hanzi` for 二〇二六年六月八日. */
export function formatDate(parts: DateParts, format: string): string {
  if (format === 'hanzi') return `${digits(parts.year)}年${spoken(parts.month)}月${spoken(parts.day)}日`
  const values: Record<string, string> = {
    yyyy: String(parts.year).padStart(4, '0'), MM: two(parts.month), dd: two(parts.day), M: String(parts.month), d: String(parts.day),
    HH: two(parts.hour), mm: two(parts.minute), ss: two(parts.second),
  }
  return format.replace(/yyyy|MM|dd|HH|mm|ss|M|d/g, (token) => values[token] ?? token)
}

/** `2021-09-18 20:49~21:49` within a day, both dates in full otherwise (VSLC-009). */
export function formatRange(start: unknown, end: unknown, zone: string): string {
  const [from, to] = [datePartsOf(start, zone), datePartsOf(end, zone)]
  const whole = (parts: DateParts): string => formatDate(parts, parts.time ? 'yyyy-MM-dd HH:mm' : 'yyyy-MM-dd')
  if (!from || !to) return from ? `${whole(from)}~` : to ? `~${whole(to)}` : ''
  const sameDay = from.year === to.year && from.month === to.month && from.day === to.day
  if (sameDay && !from.time && !to.time) return whole(from)
  return `${whole(from)}~${sameDay && to.time ? formatDate(to, 'HH:mm') : whole(to)}`
}
