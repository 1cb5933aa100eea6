// Few distinct statement texts: the server prepares each size once per connection.
const ROW_SIZES = [500, 100, 20, 5, 1]
const ID_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
const MAX_PLACEHOLDERS = 60_000
export const ID_CHUNK = 5_000

/** Cuts rows into groups whose sizes come from a short list. */
export function* rowGroups<T>(rows: readonly T[], columns: number): Generator<readonly T[]> {
  const fits = Math.max(1, Math.floor(MAX_PLACEHOLDERS / Math.max(1, columns)))
  for (let from = 0; from < rows.length;) {
    const size = ROW_SIZES.find((n) => n <= fits && n <= rows.length - from) ?? 1
    yield rows.slice(from, from + size)
    from += size
  }
}

/** `col IN (?,…)` padded to a known size by repeating the last id; several INs beyond 5 000. */
export const inList = (column: string, ids: readonly (string | number)[]): { sql: string; params: (string | number)[] } => {
  if (ids.length === 0) return { sql: '1=0', params: [] }
  const parts: string[] = []
  const params: (string | number)[] = []
  for (let from = 0; from < ids.length; from += ID_CHUNK) {
    const chunk = ids.slice(from, from + ID_CHUNK)
    const size = ID_SIZES.find((n) => n >= chunk.length) ?? ID_CHUNK
    const last = chunk[chunk.length - 1]!
    for (let i = 0; i < size; i++) params.push(chunk[i] ?? last)
    parts.push(`${column} IN (${Array.from({ length: size }, () => '?').join(',')})`)
  }
  if (params.length > MAX_PLACEHOLDERS) throw new RangeError(`idsIn: ${ids.length} ids in one condition; cut the set into chunks of at most ${ID_CHUNK}`)
  return { sql: parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`, params }
}
