import type { Finding, Json, JsonObject, SourceRef } from '../model.ts'
import { isObject } from '../load/cursor.ts'
import { escapePointer, finding, locate } from '../load/doc.ts'
import type { Doc } from '../load/doc.ts'
import { expandShorthand } from './expand-shorthand.ts'
import { isPositioned, moveAfter } from './position.ts'

/** Lists of names that a patch reaches into by {name: true | false}. */
const NAMES = new Set(['can', 'on', 'via', 'fields', 'groupBy', 'roles', 'assignable'])

/**
 * RFC 7396 with `after`: objects merge, null removes, anything else replaces; a new or patched member that says
 * `"after": "<key>"` moves behind that key. Shorthands of the base are written out where a patch reaches into them.
 */
export const mergePatch = (base: Doc, patch: Doc): { doc: Doc; findings: Finding[] } => {
  const at = new Map<string, SourceRef>(base.at)
  const findings: Finding[] = []
  const forget = (pointer: string): void => {
    for (const key of at.keys()) if (key === pointer || key.startsWith(`${pointer}/`)) at.delete(key)
  }
  const adopt = (value: Json, pointer: string): Json => {
    at.set(pointer, locate(patch, pointer))
    if (Array.isArray(value)) return value.map((v, i) => adopt(v, `${pointer}/${i}`))
    if (!isObject(value)) return value
    // a null inside a member that the patch adds is a value (menu: null), there is nothing to remove
    return reorder(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, adopt(v, `${pointer}/${escapePointer(k)}`)])), value, pointer)
  }
  const members = (target: JsonObject, changes: JsonObject, pointer: string): JsonObject => {
    const result: JsonObject = { ...target }
    for (const [key, change] of Object.entries(changes)) {
      const place = `${pointer}/${escapePointer(key)}`
      const before = Object.hasOwn(result, key) ? result[key] : undefined
      if (change === null) {
        if (before === undefined) findings.push(finding(locate(patch, place), 'patch-removes-nothing', `"${key}" is not in the family's definition, null removes nothing`, 'correct the name or drop this line', 'warning'))
        forget(place)
        delete result[key]
      } else if (isObject(change) && before !== undefined) {
        const whole = isObject(before) ? before : expandShorthand(key, pointer, before)
        // names are taken back by false; where the base has no such name nothing is
        if (whole && NAMES.has(key)) for (const [name, on] of Object.entries(change)) if (on === false && !Object.hasOwn(whole, name)) findings.push(finding(locate(patch, `${place}/${escapePointer(name)}`), 'patch-removes-nothing', `"${name}" is not in the family's "${key}", false takes nothing away`, `use one of: ${Object.keys(whole).join(', ')}`, 'warning'))
        if (whole) result[key] = members(whole, change, place)
        else { forget(place); result[key] = adopt(change, place) }
      } else {
        if (before !== undefined) forget(place)
        result[key] = adopt(change, place)
      }
    }
    return reorder(result, changes, pointer)
  }
  const reorder = (result: JsonObject, changes: JsonObject, pointer: string): JsonObject => {
    let ordered = result
    for (const [key, change] of Object.entries(changes)) {
      if (!isPositioned(key, change) || !isObject(ordered[key])) continue
      const target = String(change.after)
      const { after: _, ...rest } = ordered[key] as JsonObject
      ordered = { ...ordered, [key]: rest }
      const moved = moveAfter(ordered, key, target)
      if (moved) ordered = moved
      else findings.push(finding(locate(patch, `${pointer}/${escapePointer(key)}/after`), 'after-unknown', `"after": "${target}" names no sibling of "${key}"`, `use one of: ${Object.keys(result).filter((k) => k !== key).join(', ')}`))
    }
    return ordered
  }
  const value = isObject(patch.value) ? members(isObject(base.value) ? base.value : {}, patch.value, '') : base.value
  return { doc: { file: base.file, value, at }, findings }
}
