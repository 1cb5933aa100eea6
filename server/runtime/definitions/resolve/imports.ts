import type { Dict, ImportColumn, ImportDef, ImportLookup, PropertyDef, ScalarKind } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'
import { readMakes } from './effects.ts'
import { readRule } from './keywords.ts'
import { readKind, readProperty } from './property.ts'

const MOST_ROWS = 100_000

/** Parameters and dialog inputs: property definitions by name, or an object schema around them. */
export const readInputs = (c: Cursor): Dict<PropertyDef> => {
  const wrapped = c.at('properties').isObject && (c.at('type').string() === 'object' || !c.at('properties').at('title').exists)
  const required = new Set(wrapped ? (c.at('required').names() ?? []) : [])
  return (wrapped ? c.at('properties') : c).map((p, name) => (p.isObject ? readProperty(p, name, '', required.has(name)) : undefined))
}

const SCALARS: ScalarKind[] = ['string', 'integer', 'number', 'boolean', 'date', 'time', 'date-time', 'duration']

const readColumn = (c: Cursor, key: string): ImportColumn => {
  if (c.string() !== undefined) return { title: c.string() ?? key, required: false }
  const kind = readKind(c)
  const named = SCALARS.find((k) => k === c.at('kind').string())
  const typed = c.at('type').exists || c.at('format').exists
  return compact<ImportColumn>({
    title: c.at('title').string() ?? c.at('title').text()?.zh ?? key, required: c.at('x-required').boolean() ?? c.at('required').boolean() ?? false, values: c.at('values').feels(),
    kind: named ?? (typed && kind !== 'ref' && kind !== 'file' && kind !== 'object' && kind !== 'array' ? kind : undefined),
    sensitive: c.at('x-sensitive').string(), path: c.at('path').string(), help: c.at('help').text(), example: c.at('example').feel(),
  })
}

const readLookup = (c: Cursor, id: string): ImportLookup =>
  ({ in: c.at('in').string() ?? id, where: c.at('where').feel() ?? '', message: c.at('message').text() ?? { zh: id }, optional: c.at('optional').boolean() ?? false })

/** In a key a bare column name means row.<name>. */
const readKey = (c: Cursor, columns: Dict<ImportColumn>): Dict<string> | undefined => {
  const own = (expr: string): string => (Object.hasOwn(columns, expr) ? `row.${expr}` : expr)
  if (!c.exists) return undefined
  if (!c.isObject) return Object.fromEntries((c.names() ?? []).map((n) => [n, own(n)]))
  return c.map((v, path) => (v.value === true ? own(path) : v.feel() === undefined ? undefined : own(v.feel() ?? '')))
}

export const readImport = (c: Cursor, id: string): ImportDef => {
  const written = c.at('kind').string()
  const kind = written === 'archive' || written === 'pick' ? written : 'sheet'
  const columns = c.at('columns').map(readColumn)
  const make = readMakes(c.at('make'))
  const existing = c.at('onExisting').string()
  const missing = c.at('onMissing').string()
  const updates = existing === 'update' && make === undefined
  const set = c.at('set')
  return compact<ImportDef>({
    title: c.at('title').text() ?? { zh: id }, list: c.at('list').names(), kind, maxRows: c.at('maxRows').number() ?? MOST_ROWS, notes: c.at('notes').text(), params: readInputs(c.at('params')), columns,
    lookup: c.at('lookup').map(readLookup), rules: c.at('rules').map(readRule), make, set: set.feels(), key: readKey(c.at('key'), columns),
    onExisting: existing === 'update' || existing === 'skip' ? existing : 'reject',
    onMissing: missing === 'create' || missing === 'reject' ? missing : kind !== 'sheet' || updates ? 'reject' : 'create',
    match: c.at('match').string(), setFile: c.at('setFile').string() ?? (kind === 'archive' ? set.string() : undefined), from: c.at('from').feel(), where: c.at('where').feel(),
    then: c.at('then').isObject ? compact({ message: c.at('then').at('message').string(), action: c.at('then').at('action').string() }) : undefined,
  })
}
