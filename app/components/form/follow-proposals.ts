import type { FormView, Json, JsonObject } from '#app/gateway/contracts.server.ts'
import { getAt, setAt } from './json-path.ts'

export type Proposals = NonNullable<FormView['proposals']>

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)
const put = (data: JsonObject, path: string, value: Json | undefined): JsonObject => setAt(data, path, value) as JsonObject
const empty = (value: Json | undefined): boolean => value === undefined || value === null || value === ''

/**
 * Brings defaults that depend on other fields up to date after a refresh: a value that was the old default becomes the new one,
 * one that a person took away stays away, any other stays as typed.
 */
export const followProposals = (sent: JsonObject, data: JsonObject, before: Proposals, after: Proposals): JsonObject => {
  let next = data
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, proposed, typed] = [before[path]?.value, after[path]?.value, getAt(sent, path)]
    if (!same(typed, getAt(data, path)) && !empty(typed)) continue
    if (!empty(typed) && same(typed, old)) next = put(next, path, proposed)
    else if (empty(typed) && !empty(old) && !empty(getAt(data, path))) next = put(next, path, undefined)
  }
  return next
}

/** The defaults that a person's own values differ from, once what they rest on has changed since the form was opened; by path. */
export const offersOf = (data: JsonObject, first: Proposals, now: Proposals): Record<string, string> =>
  Object.fromEntries(Object.entries(now).flatMap(([path, { value, text }]) => (same(value, first[path]?.value) || same(value, getAt(data, path)) ? [] : [[path, text]])))
