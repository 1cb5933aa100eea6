import { indexesFor, type EntityDef } from '#server/runtime/definitions/index.ts'
import { indexName } from '../schema/tables.ts'

const made = new WeakMap<EntityDef, string[][]>()

/** The columns of each index that the entity's definition asks for. */
export function indexesOf(def: EntityDef): string[][] {
  let all = made.get(def)
  if (!all) made.set(def, (all = indexesFor(def).map((i) => i.columns)))
  return all
}

/** The index that begins with a column; undefined = none does. */
export function indexLedBy(def: EntityDef, column: string): string | undefined {
  const found = indexesOf(def).find((columns) => columns[0] === column)
  return found && indexName(def.table, found)
}
