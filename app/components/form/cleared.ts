import type { Json, JsonObject } from '#app/gateway/contracts.server.ts'

const isObject = (v: unknown): v is JsonObject => v !== null && typeof v === 'object' && !Array.isArray(v)

/** A form leaves emptied fields out; a save is a patch, where only null empties. What was there before and is gone now becomes null. */
export function withCleared(before: JsonObject, now: JsonObject): JsonObject {
  const out: JsonObject = { ...now }
  for (const [key, old] of Object.entries(before)) {
    const value: Json | undefined = now[key]
    if (value === undefined) { if (old !== null && old !== undefined) out[key] = null } else if (isObject(old) && isObject(value)) out[key] = withCleared(old, value)
  }
  return out
}
