import type { Json, JsonObject } from '#app/gateway/contracts.server.ts'

type Node = Json | undefined
const child = (node: Node, key: string): Node => {
  if (Array.isArray(node)) return node[Number(key)]
  if (node !== null && typeof node === 'object' && Object.hasOwn(node, key)) return node[key]
  return undefined
}

/** The value at "majors.0.applied"; undefined when any part is missing. */
export const getAt = (data: Json | undefined, path: string): Node => path.split('.').filter(Boolean).reduce<Node>(child, data)

/** A copy with the value at the path; undefined removes it. Containers that are missing are made. */
export const setAt = (data: Json | undefined, path: string, value: Json | undefined): Json => {
  const [key, ...rest] = path.split('.')
  if (key === undefined || key === '') return value ?? null
  const next = rest.length ? setAt(child(data, key), rest.join('.'), value) : value
  if (Array.isArray(data)) {
    const copy = [...data]
    copy[Number(key)] = next ?? null
    return copy
  }
  const copy: JsonObject = { ...(data !== null && typeof data === 'object' ? data : {}) }
  if (next === undefined) delete copy[key]
  else copy[key] = next
  return copy
}

/** Is `path` the place `at`, or below it? */
export const isWithin = (path: string, at: string): boolean => path === at || path.startsWith(`${at}.`)
