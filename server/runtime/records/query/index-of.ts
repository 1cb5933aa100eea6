import type { Dialect } from '#server/data/index.ts'
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

/**
 * A condition for which no index is to be taken, where another is known to be better. SQLite takes the index of one equal value before that
 * of many listed ones, however likely both are said to be; MySQL is told the index instead.
 */
export const unindexed = (dialect: Dialect, sql: string): string => (dialect.name === 'sqlite' ? `(${sql}) IS TRUE` : sql)
/** What stands behind the table's name where MySQL is to take an index. */
export const forced = (dialect: Dialect, index: string | undefined): string => (index !== undefined && dialect.name === 'mysql' ? ` FORCE INDEX (${index})` : '')
