import { timingSafeEqual } from 'node:crypto'

/** Compares two secrets without telling by the time how much of them agrees. */
export const sameSecret = (given: string | null | undefined, expected: string): boolean => {
  const a = Buffer.from(given ?? '')
  const b = Buffer.from(expected)
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b)
}
