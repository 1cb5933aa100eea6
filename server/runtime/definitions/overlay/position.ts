import type { Finding, Json, JsonObject } from '../model.ts'
import { isObject } from '../load/cursor.ts'
import { escapePointer, finding, locate } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'

/** Objects whose members are free names with text values: there `after` is a name like any other. */
const FREE_NAMES = new Set(['values', 'set', 'key', 'scope', 'filters', 'columns', 'over', 'copy', 'terms', 'params', 'show', 'data', 'properties', 'fields', 'enumTitles', 'then'])

export const isPositioned = (key: string, value: Json | undefined): value is JsonObject & { after: string } =>
  isObject(value) && typeof value.after === 'string' && !FREE_NAMES.has(key)

/** The same members with `key` right behind `target`; undefined when there is no such target. */
export const moveAfter = (object: JsonObject, key: string, target: string): JsonObject | undefined => {
  if (target === key || !Object.hasOwn(object, target)) return undefined
  const moved = object[key] as Json
  return Object.fromEntries(Object.entries(object).filter(([k]) => k !== key).flatMap(([k, v]): [string, Json][] => (k === target ? [[k, v], [key, moved]] : [[k, v]])))
}

/** Applies and removes every `after` of a file that is not a patch. */
export const applyPositions = (doc: Doc): { doc: Doc; findings: Finding[] } => {
  const findings: Finding[] = []
  const visit = (value: Json, pointer: string): Json => {
    if (Array.isArray(value)) return value.map((v, i) => visit(v, `${pointer}/${i}`))
    if (!isObject(value)) return value
    let result: JsonObject = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, visit(v, `${pointer}/${escapePointer(k)}`)]))
    for (const [key, member] of Object.entries(result)) {
      if (!isPositioned(key, member)) continue
      const { after, ...rest } = member
      result = { ...result, [key]: rest }
      const moved = moveAfter(result, key, after as string)
      if (moved) result = moved
      else findings.push(finding(locate(doc, `${pointer}/${escapePointer(key)}/after`), 'after-unknown', `"after": "${String(after)}" names no sibling of "${key}"`, 'name a key of the same object'))
    }
    return result
  }
  return { doc: { ...doc, value: visit(doc.value, '') }, findings }
}
