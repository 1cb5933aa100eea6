import { DatabaseSync } from '@photostructure/sqlite'
import type { SqlScalar } from '#server/runtime/expressions/types.ts'
import type { RunQuery } from './agreement.ts'
import { columnType, inserts, model, TABLES } from './world.ts'
import type { World } from './world.ts'

/** A world as tables of a database in memory. */
export const openWorld = (world: World): { run: RunQuery; close: () => void } => {
  const db = new DatabaseSync(':memory:')
  for (const [name, keys] of Object.entries(TABLES)) {
    const { table, properties } = model.entity(name)!
    db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, ${keys.map((key) => `${properties[key]!.column!} ${columnType(name, key)}`).join(', ')})`)
  }
  db.exec('CREATE TABLE w_thing_tags (owner_id INTEGER, target_id INTEGER); CREATE TABLE w_thing_words (owner_id INTEGER, value TEXT)')
  for (const [table, columns, values] of inserts(world)) db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...values)
  return { run: async (sql: string, params: SqlScalar[]) => db.prepare(sql).all(...params) as Record<string, unknown>[], close: () => db.close() }
}
