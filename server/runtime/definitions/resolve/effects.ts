import type { Dict, MakeDef, SetDef } from '../model.ts'
import { compact } from '../load/cursor.ts'
import type { Cursor } from '../load/cursor.ts'

export const readMake = (c: Cursor, id: string): MakeDef => {
  const existing = c.at('onExisting').string()
  const unless = c.at('unless').map((u, k) => ({ if: u.feel() ?? u.at('if').feel() ?? '', reason: u.at('reason').text() ?? { zh: k } }))
  return compact<MakeDef>({
    id: c.at('id').string() ?? id, into: c.at('into').string() ?? '', from: c.at('from').feel(), key: c.at('key').names(), groupBy: c.at('groupBy').names(), link: c.at('link').string(),
    onExisting: existing === 'update' || existing === 'reject' ? existing : 'skip', values: c.at('values').feels() ?? {},
    unless: Object.keys(unless).length > 0 ? unless : undefined, min: c.at('min').number(), message: c.at('message').text(),
  })
}

/** Either one make or several by id, in the order in which they run. */
export const readMakes = (c: Cursor): Dict<MakeDef> | undefined => {
  if (!c.isObject) return undefined
  return c.at('into').string() === undefined ? c.map(readMake) : { make: readMake(c, 'make') }
}

const readSet = (c: Cursor, id: string): SetDef => compact<SetDef>({
  id: c.at('id').string() ?? id, entity: c.at('entity').string(), where: c.at('where').feel(), rows: c.at('rows').feel(), key: c.at('key').string(),
  draw: c.at('draw').string(), order: c.at('order').string()?.split(',').map((s) => s.trim()) ?? c.at('order').names(), values: c.at('values').feels() ?? {},
})

const isSet = (c: Cursor): boolean => ['entity', 'values', 'rows', 'draw', 'where'].some((k) => c.at(k).exists)

/** `{field: FEEL}` of the own record, one written-out set, or several by id. */
export const readSets = (c: Cursor): SetDef[] | undefined => {
  if (Array.isArray(c.value)) return c.items().map((s, i) => readSet(s, `set${i + 1}`))
  if (!c.isObject) return undefined
  if (isSet(c)) return [readSet(c, 'set')]
  if (c.entries().some(([, s]) => s.isObject && isSet(s))) return c.entries().map(([id, s]) => readSet(s, id))
  return [{ id: 'set', values: c.feels() ?? {} }]
}
