import type { Json, JsonObject } from '../model.ts'
import { isObject } from '../load/cursor.ts'

const NAME_LISTS = new Set(['on', 'can', 'fields', 'groupBy', 'via', 'keys', 'group', 'order', 'require', 'role', 'roles', 'list', 'sort', 'assignable', 'rules', 'in'])
const TEXTS = new Set(['title', 'help', 'message', 'label', 'confirm', 'bulk', 'notes', 'reason', 'subject'])
const KEYWORDS: Record<string, string> = { 'x-ref': 'entity', 'x-compute': 'expr', 'x-number': 'pattern', tabs: 'by' }
const MEMBERS: Record<string, string> = { columns: 'path', filters: 'path', show: 'path', data: 'path', measures: 'expr', cards: 'expr', documents: 'template', policies: 'is', params: 'value', rules: 'expr' }

/** members whose shorthand is the list of names of one of their parts */
const LISTED: Record<string, string> = { access: 'can', edit: 'fields', sections: 'fields', 'x-unique': 'fields' }

const parentOf = (pointer: string): string => pointer.slice(pointer.lastIndexOf('/') + 1)

const namesToObject = (names: Json[]): JsonObject =>
  Object.fromEntries(names.flatMap((n): [string, Json][] => (typeof n === 'string' ? [[n, true]] : isObject(n) && typeof n.path === 'string' ? [[n.path, n]] : [])))

/** The written-out form of a shorthand, so that a patch can change a part of it; undefined when it is none. */
export const expandShorthand = (key: string, pointer: string, value: Json): JsonObject | undefined => {
  const listed = LISTED[parentOf(pointer)]
  if (listed && (Array.isArray(value) || typeof value === 'string')) return { [listed]: namesToObject(typeof value === 'string' ? value.split(/\s+/) : value) }
  if (Array.isArray(value)) return namesToObject(value)
  if (typeof value !== 'string') return parentOf(pointer) === 'params' ? { value } : undefined
  const keyword = KEYWORDS[key]
  if (keyword) return { [keyword]: value }
  if (TEXTS.has(key)) return { zh: value }
  const parent = parentOf(pointer)
  if (NAME_LISTS.has(key) || parent === 'copy') return namesToObject(value.split(/\s+/).filter((s) => s !== ''))
  const member = MEMBERS[parent]
  return member ? { [member]: value } : { zh: value }
}
