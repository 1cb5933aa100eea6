export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** A JSON column as a value; null stays null. */
export const fromColumn = <T = Json>(text: unknown): T | null => (text === null || text === undefined ? null : JSON.parse(String(text)) as T)
/** A value for a JSON column. */
export const toColumn = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value))

/** One text per value: keys sorted at every level. For hashes and comparisons. */
export const canonical = (value: unknown): string => JSON.stringify(value, (_, v: unknown) =>
  v !== null && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : v)

/** What an object has of its own under a name that came from outside: `constructor` and the like are nothing. */
export const own = <T>(of: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(of, name) ? of[name] : undefined)

/** A copy of plain data to any depth; several times as fast as structuredClone, which also copies what JSON does not have. */
export function copyOf<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(copyOf) as T
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value)) out[key] = copyOf((value as Record<string, unknown>)[key])
  return out as T
}
