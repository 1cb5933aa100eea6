import dayjs, { type Dayjs } from 'dayjs'
import timezone from 'dayjs/plugin/timezone.js'
import utc from 'dayjs/plugin/utc.js'

dayjs.extend(utc)
dayjs.extend(timezone)

export const SHOWN = 'YYYY-MM-DD HH:mm'

/** An instant as the wall clock of the zone; null for no instant. */
export const readTime = (value: unknown, zone: string): Dayjs | null => {
  if (typeof value !== 'string' || value === '') return null
  const time = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? dayjs(value).tz(zone) : dayjs.tz(value, zone)
  return time.isValid() ? time : null
}

/** The picked wall clock as an instant with the zone's offset. Pickers build their values in the browser's zone, so only the digits count. */
export const writeTime = (time: Dayjs | null | undefined, zone: string): string | undefined => (time ? dayjs.tz(time.format('YYYY-MM-DDTHH:mm:ss'), zone).format('YYYY-MM-DDTHH:mm:ssZ') : undefined)

export const readDate = (value: unknown): Dayjs | null => {
  const date = typeof value === 'string' && value ? dayjs(value) : null
  return date?.isValid() ? date : null
}
export const writeDate = (date: Dayjs | null | undefined): string | undefined => date?.format('YYYY-MM-DD')
