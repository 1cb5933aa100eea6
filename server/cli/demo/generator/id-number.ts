const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK = '10X98765432'
const DAY = 86_400_000

/** 18th character of an identity number from its first 17 (GB 11643, ISO 7064 MOD 11-2). */
export const checkCharacter = (first17: string): string =>
  CHECK.charAt(WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(first17[i]), 0) % 11)

export const isIdNumber = (text: string): boolean => /^\d{17}[\dX]$/.test(text) && checkCharacter(text.slice(0, 17)) === text[17]

/** A number that is wrong in its last character alone. */
export const withWrongCheck = (id: string): string => id.slice(0, 17) + (id[17] === '1' ? '2' : '1')

const FIRST_DAY = Date.UTC(2002, 0, 1)
const DAYS = 2_190
const PAIRS = 499

/** Numbers `makeIdNumber` can tell apart in one region and for one gender. */
export const ID_NUMBERS_PER_REGION = DAYS * PAIRS

/** Identity number of person `index` in a region (6 digits); different indexes give different numbers. Odd serials are men. */
export const makeIdNumber = (region: string, index: number, male: boolean): string => {
  if (index >= ID_NUMBERS_PER_REGION) throw new RangeError(`index ${index} exceeds the ${ID_NUMBERS_PER_REGION} identity numbers of a region; use another region`)
  // 797 and DAYS have no common factor: neighbours are not born on neighbouring days
  const born = new Date(FIRST_DAY + ((index * 797) % DAYS) * DAY).toISOString().slice(0, 10).replaceAll('-', '')
  const serial = Math.floor(index / DAYS) * 2 + (male ? 1 : 2)
  const first17 = region + born + String(serial).padStart(3, '0')
  return first17 + checkCharacter(first17)
}
