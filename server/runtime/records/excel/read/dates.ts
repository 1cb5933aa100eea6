const DAY = 86_400_000
/** serial of 1970-01-01 in the 1900 system */
const EPOCH = 25_569
const SHIFT_1904 = 1_462
/** 9999-12-31 */
const LAST_SERIAL = 2_958_465

const pad = (n: number, width = 2): string => String(n).padStart(width, '0')

/** Text of a date serial: date, date and time, or time of day alone; undefined when no date has this serial. */
export const serialToText = (serial: number, date1904: boolean): string | undefined => {
  const days = date1904 ? serial + SHIFT_1904 : serial
  if (!(days >= 0 && days < LAST_SERIAL + 1)) return undefined
  // 1900-02-29 exists in Excel alone: serials before it are one day late
  const real = days >= 60 ? days : days + 1
  const at = new Date(Math.round((real - EPOCH) * 86_400) * 1000)
  const time = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`
  if (days < 1 && !date1904) return time
  const date = `${pad(at.getUTCFullYear(), 4)}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`
  return time === '00:00:00' ? date : `${date}T${time}`
}

/** Serial of a calendar day in the 1900 system, from 1900-03-01 on. */
export const dayToSerial = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / DAY + EPOCH
