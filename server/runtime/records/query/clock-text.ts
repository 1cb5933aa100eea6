import { civilOf, fixedOffset, localOf } from '#server/runtime/expressions/index.ts'
import { formatTime } from '../save/numbers.store.ts'

/** until then zones that are fixed now had summer times */
const SETTLED = Date.UTC(1992, 0, 1)
const PARTS = /yyyy|yy|MM|dd|HH|mm|ss/g
const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

/** As `formatTime`, by arithmetic where the zone allows it: tables show instants by the hundred thousand. */
export function clockText(ms: number, pattern: string, zone: string): string {
  if (ms < SETTLED || fixedOffset(zone) === null) return formatTime(ms, pattern, zone)
  const { days, msOfDay } = localOf(zone, ms)
  const { year, month, day } = civilOf(days)
  const seconds = Math.floor(msOfDay / 1000)
  return pattern.replace(PARTS, (part) => {
    switch (part) {
      case 'yyyy': return String(year)
      case 'yy': return String(year).slice(2)
      case 'MM': return two(month)
      case 'dd': return two(day)
      case 'HH': return two(Math.floor(seconds / 3600))
      case 'mm': return two(Math.floor(seconds / 60) % 60)
      default: return two(seconds % 60)
    }
  })
}
