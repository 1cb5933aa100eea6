import type { JsonObject } from '#app/gateway/contracts.server.ts'

/** Typed JSON texts as values, and the names of those that are none. */
export function changedValues(texts: Record<string, string>): { values: JsonObject; bad: string[] } {
  const values: JsonObject = {}
  const bad: string[] = []
  for (const [name, text] of Object.entries(texts)) {
    try { values[name] = JSON.parse(text) as JsonObject[string] } catch { bad.push(name) }
  }
  return { values, bad }
}
