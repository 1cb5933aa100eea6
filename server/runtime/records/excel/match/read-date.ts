const DATE = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)$/
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/

const pad = (n: number): string => String(n).padStart(2, '0')

/** `2026-03-01`, `2026/3/1`, `2026年3月1日` → `2026-03-01`; undefined for days that do not exist. */
export const dateOfText = (text: string): string | undefined => {
  const parts = DATE.exec(text)
  if (!parts) return undefined
  const [year, month, day] = [parts[1], parts[2] ?? parts[4] ?? parts[6], parts[3] ?? parts[5] ?? parts[7]].map(Number) as [number, number, number]
  const at = new Date(Date.UTC(year, month - 1, day))
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || year < 1900) return undefined
  return `${year}-${pad(month)}-${pad(day)}`
}

/** `9:30`, `09:30:00` → `09:30:00`. */
export const timeOfText = (text: string): string | undefined => {
  const parts = TIME.exec(text)
  if (!parts) return undefined
  const [hour, minute, second] = [parts[1], parts[2], parts[3] ?? '0'].map(Number) as [number, number, number]
  return hour < 24 && minute < 60 && second < 60 ? `${pad(hour)}:${pad(minute)}:${pad(second)}` : undefined
}

/** Date and time with a space or T between them; a day alone is its midnight. → `2026-03-01T09:30:00` */
export const dateTimeOfText = (text: string): string | undefined => {
  const [day = '', clock, ...more] = text.split(/\s+|T/)
  const date = dateOfText(day)
  const time = clock === undefined ? '00:00:00' : timeOfText(clock)
  return date && time && more.length === 0 ? `${date}T${time}` : undefined
}
