import { fromFeel } from '#server/runtime/expressions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'

/** A FEEL value as words in a message. */
export function show(value: FeelValue): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(show).join('、')
  const plain = fromFeel(value, { kind: 'any' })
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain)
}
