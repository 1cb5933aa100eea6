import type { Json, JsonObject } from '#app/gateway/contracts.server.ts'

const isPlain = (value: Json | undefined): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value)
const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Brings the server's answer into a form that may have changed since it was asked.
 * `sent` is what the server saw: where the person has changed a value since, theirs stays; elsewhere the server's holds.
 */
export const mergeRefresh = (sent: JsonObject, answer: JsonObject, mine: JsonObject): JsonObject => {
  const merged: JsonObject = {}
  for (const key of new Set([...Object.keys(mine), ...Object.keys(answer)])) {
    const before = sent[key]
    const now = mine[key]
    const theirs = answer[key]
    const value = isPlain(now) && isPlain(theirs) ? mergeRefresh(isPlain(before) ? before : {}, theirs, now) : same(before, now) ? theirs : now
    if (value !== undefined) merged[key] = value
  }
  return merged
}
