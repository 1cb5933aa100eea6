import { isDeepStrictEqual } from 'node:util'

type Values = Record<string, unknown>
const isObject = (v: unknown): v is Values => v !== null && typeof v === 'object' && !Array.isArray(v)

/**
 * What a merge patch really changes: a program may send back what it has read, so values that are as they were shown
 * (masked, computed and system values among them) are left out.
 */
export function changed(patch: Values, shown: Values): Values {
  const out: Values = {}
  for (const [key, value] of Object.entries(patch)) {
    const before = Object.hasOwn(shown, key) ? shown[key] : undefined
    if (isDeepStrictEqual(value, before) || (value === null && before === undefined)) continue
    if (!isObject(value) || !isObject(before)) { out[key] = value; continue }
    const inner = changed(value, before)
    if (Object.keys(inner).length > 0) out[key] = inner
  }
  return out
}

const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at !== null && typeof at === 'object' && Object.hasOwn(at, key) ? (at as Values)[key] : undefined), value)

/** Masked values that stand in a changed list: stored, they would replace the true ones. */
export const maskedAgain = (patch: Values, shown: Values, masked: string[]): string[] =>
  masked.filter((path) => valueAt(patch, path) !== undefined && valueAt(patch, path) === valueAt(shown, path))
