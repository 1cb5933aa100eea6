import type { SqlValue } from '#server/data/index.ts'
import type { EntityDef, PropertyDef } from '#server/runtime/definitions/model.ts'
import type { Call } from '../../context.ts'
import type { Engine } from '../engine.ts'
import { encode, storedProperties, toSql } from '../schema/codec.ts'
import { columnOf, getPath, isReadCompute, isSensitive } from '../schema/properties.ts'
import { columnsOf } from '../schema/tables.ts'
import type { Draft } from './draft.ts'
import { refillAfter } from './scope-columns.store.ts'
import { updateMany } from './update-many.store.ts'
import { changedPath } from './values.ts'

interface Changed { props: PropertyDef[]; status: boolean; document: boolean; drafts: Draft[] }

const apart = new WeakMap<EntityDef, ReadonlySet<string>>()
/** Names at the top of a record that never stand in its JSON document. */
function apartOf(def: EntityDef): ReadonlySet<string> {
  let names = apart.get(def)
  if (!names) apart.set(def, (names = new Set(['status', ...Object.values(def.properties).filter((p) => isReadCompute(p) || columnsOf(p).length > 0).map((p) => p.name)])))
  return names
}
function documentChanged(d: Draft): boolean {
  // of a part, what changes are columns
  if (d.held) return false
  const columns = apartOf(d.def)
  const moved = (name: string): boolean => !columns.has(name) && changedPath(d, name)
  return Object.keys(d.data).some(moved) || Object.keys(d.old ?? {}).some(moved)
}

/** Drafts that change the same columns together, so that each such set is one prepared statement. */
function alike(def: EntityDef, drafts: Draft[]): Iterable<Changed> {
  const { stored } = storedProperties(def)
  const sets = new Map<string, Changed>()
  for (const d of drafts) {
    const [status, document] = [d.status !== d.oldStatus, documentChanged(d)]
    let key = `${status ? 1 : 0}${document ? 1 : 0}`
    const may = d.held?.changed ?? stored
    for (const p of may) if (changedPath(d, p.path)) key += `,${p.path}`
    const set = sets.get(key)
    if (set) set.drafts.push(d)
    else sets.set(key, { props: may.filter((p) => changedPath(d, p.path)), status, document, drafts: [d] })
  }
  return sets.values()
}

/** Writes what stored records have changed: those columns alone, and the JSON document only when something inside it moved. */
export async function update(engine: Engine, call: Call, def: EntityDef, drafts: Draft[]): Promise<void> {
  for (const { props, status, document, drafts: set } of alike(def, drafts)) {
    const whole = document || props.some(isSensitive)
    const columns = whole ? props.flatMap((p) => columnsOf(p).map((c) => c.name)) : props.map(columnOf)
    const names = ['updated_at', 'rev', ...(status ? ['status'] : []), ...columns, ...(document ? ['data'] : [])]
    await updateMany(engine.db, def.table, names, set.map((d) => {
      const encoded = whole ? encode(def, d.id, d.data, engine.sealing) : null
      const values = encoded ? columns.map((c) => encoded[c] ?? null) : props.map((p) => toSql(p, getPath(d.data, p.path)))
      return { id: d.id, values: [call.now, d.storedRev + 1, ...(status ? [d.status] : []), ...values, ...(document ? [encoded!['data']!] : [])] as SqlValue[] }
    }))
  }
  for (const d of drafts) d.storedRev += 1
  await refillAfter(engine, def, drafts)
}
