/** Civil calendar arithmetic on integers: days since 1970-01-01, milliseconds UTC, no Date objects. */
export const DAY = 86_400_000
export interface Civil { year: number; month: number; day: number }

/** Days since 1970-01-01 of a proleptic Gregorian date. */
export const daysOf = (year: number, month: number, day: number): number => Math.floor(Date.UTC(year, month - 1, day) / DAY)

export const civilOf = (days: number): Civil => {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 }
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0')
export const isoDate = ({ year, month, day }: Civil): string => `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
export const isoOfDays = (days: number): string => isoDate(civilOf(days))
export const daysInMonth = (year: number, month: number): number => daysOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - daysOf(year, month, 1)

/** null when it is no calendar date ("2026-02-30") */
export const parseDate = (text: string): Civil | null => {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!m) return null
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])]
  return year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) ? { year, month, day } : null
}
export const daysOfIso = (iso: string): number | null => {
  const c = parseDate(iso)
  return c === null ? null : daysOf(c.year, c.month, c.day)
}

/** Adds months and keeps the day, or the last day of a shorter month: 31 January + P1M = 28 February. */
export const addMonths = ({ year, month, day }: Civil, months: number): Civil => {
  const index = year * 12 + (month - 1) + months
  const y = Math.floor(index / 12)
  const m = index - y * 12 + 1
  return { year: y, month: m, day: Math.min(day, daysInMonth(y, m)) }
}

/** 1 = Monday … 7 = Sunday */
export const weekdayOf = (days: number): number => ((((days + 3) % 7) + 7) % 7) + 1
