import type { TemplateDef } from '../../definitions/model.ts'

/** Names a place of the template may use; null = unknown inside, so not checked. */
export type Fields = Map<string, Fields | null> | null

export function fieldsOf(data: TemplateDef['data']): Fields {
  if (Object.keys(data).length === 0) return null
  return new Map(Object.entries(data).map(([name, source]) => [name, 'rows' in source ? new Map(Object.keys(source.columns).map((column) => [column, null])) : null]))
}

/** Names of `@…`: those of Handlebars' loops and those of the rendering. */
export const DATA_NAMES = new Set(['root', 'index', 'key', 'first', 'last', 'now', 'site'])
const FORBIDDEN = new Set(['constructor', '__proto__', 'prototype', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__'])

export interface PathLike { data: boolean; depth: number; parts: unknown[]; original: string }

/** What is wrong with a path in the scopes given (innermost last), or null. */
export function faultOfPath(path: PathLike, scopes: Fields[], blockParams: Set<string>, root: Fields = scopes[0] ?? null): { message: string; fix: string } | null {
  const parts = path.parts.map(String)
  const bad = parts.find((part) => FORBIDDEN.has(part))
  if (bad) return { message: `"${path.original}" reaches for ${bad}`, fix: 'Use the names of the template\'s data only' }
  const [head] = parts
  if (head === undefined) return null
  if (path.data) {
    if (!DATA_NAMES.has(head)) return { message: `@${head} does not exist`, fix: `Use one of ${[...DATA_NAMES].map((name) => `@${name}`).join(' ')}` }
    if (head !== 'root') return null
    return missing(parts.slice(1), root, path.original)
  }
  if (path.depth === 0 && blockParams.has(head)) return null
  const scope = scopes[scopes.length - 1 - path.depth]
  if (scope === undefined) return { message: `"${path.original}" goes above the document`, fix: 'Remove one ../' }
  return missing(parts, scope, path.original)
}

function missing(parts: string[], fields: Fields, original: string): { message: string; fix: string } | null {
  const [head] = parts
  if (head === undefined || fields === null || fields.has(head)) return null
  return { message: `"${original}" is not in the template's data`, fix: `Declare "${head}" under data in template.json; there are ${[...fields.keys()].join(', ')}` }
}
