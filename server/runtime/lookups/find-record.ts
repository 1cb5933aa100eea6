import type { EntityDef, LookupDef } from '#server/runtime/definitions/index.ts'
import type { FeelValue } from '#server/runtime/expressions/types.ts'
import { failing, propertyAt, propertyToFeel, rowScope, Select, type FactLoader } from '#server/runtime/records/index.ts'
import { normalise } from '#server/platform/crypto.ts'
import type { Call } from '../context.ts'

const LONGEST = 200

/** Every key in the one spelling it is stored in; null = a key is missing or can be no value of its property. */
export function keyValues(def: EntityDef, lookup: LookupDef, keys: Record<string, string>): Record<string, FeelValue> | null {
  const out: Record<string, FeelValue> = {}
  for (const [id, key] of Object.entries(lookup.keys)) {
    const typed = Object.hasOwn(keys, id) ? String(keys[id]) : ''
    const property = propertyAt(def, key.path)
    const text = normalise(property?.sensitive ?? 'text', typed)
    if (text === '' || text.length > LONGEST) return null
    const value = property ? propertyToFeel(property, ['integer', 'number'].includes(property.kind) ? Number(text) : text) : text
    if (value === null) return null
    out[id] = value
  }
  return out
}

/** The one record that all keys, the condition and the rules name; two that fit are as good as none. */
export async function findRecord(call: Call, loader: FactLoader, def: EntityDef, lookup: LookupDef, values: Record<string, FeelValue>): Promise<string | null> {
  const select = new Select(def, loader, loader.scope({ params: values, input: values }))
  if (def.home === 'programme') select.whereSql('t.program = ?', [call.programme.id])
  for (const [id, key] of Object.entries(lookup.keys)) select.where(`${key.path} = params.${id}`, rowScope(def))
  if (lookup.where) select.where(lookup.where, rowScope(def))
  const rows = await select.columnSql('id', 't.id').limit(2).all<{ id: number | string }>()
  if (rows.length !== 1) return null
  const id = String(rows[0]!.id)
  const rules = Object.fromEntries(lookup.rules.flatMap((name) => (def.rules[name] ? [[name, def.rules[name]]] : [])))
  const moments = Object.values(rules).flatMap((r) => r.on)
  const row = { $: 'row', entity: def.id, id } as const
  const blocked = await loader.settle(() => failing(loader, def, rules, moments, { record: row, item: row, old: null, input: values, params: values, outcome: null, task: null, output: null, made: null, comment: null }, call.actor.lang).blocks)
  return blocked.length ? null : id
}
