const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** A resident ID number by GB 11643-1999: 17 digits and a check character, with a day of birth that exists and has passed. */
export function isIdNumber(text: string, now: number): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false
  const sum = WEIGHTS.reduce((s, w, i) => s + w * Number(text[i]), 0)
  if (CHECKS[sum % 11] !== text[17]) return false
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))]
  const born = new Date(Date.UTC(year, month - 1, day))
  return year >= 1900 && born.getUTCMonth() === month - 1 && born.getUTCDate() === day && born.getTime() <= now
}
