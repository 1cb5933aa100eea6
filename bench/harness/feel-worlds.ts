import { DatabaseSync } from '@photostructure/sqlite'
import mysql from 'mysql2/promise'
import type { SqlScalar } from '#server/runtime/expressions/index.ts'
import { columnType, inserts, model, TABLES, type World } from '#tests/support/expressions/world.ts'
import type { RunQuery } from '#tests/support/expressions/agreement.ts'
import type { DatabaseKind } from './types.ts'

/** A database that holds one small world at a time, for expressions over it. */
export interface WorldStore { dialect: 'sqlite' | 'mysql'; fill(world: World): Promise<void>; run: RunQuery; close(): Promise<void> }

const tables = [...Object.keys(TABLES).map((name) => model.entity(name)!.table), 'w_thing_tags', 'w_thing_words']
const creates = (text: string, integer: string): [table: string, columns: string][] => [
  ...Object.entries(TABLES).map(([name, keys]): [string, string] => {
    const { table, properties } = model.entity(name)!
    return [table, `id ${integer} PRIMARY KEY, ${keys.map((key) => `${properties[key]!.column!} ${columnType(name, key) === 'TEXT' ? text : integer}`).join(', ')}`]
  }),
  ['w_thing_tags', `owner_id ${integer}, target_id ${integer}`], ['w_thing_words', `owner_id ${integer}, value ${text}`],
]
const insertText = (table: string, columns: string[]): string => `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

export const worldStore = (kind: DatabaseKind, url: string): Promise<WorldStore> => (kind === 'sqlite' ? Promise.resolve(inSqlite()) : inMysql(url))

function inSqlite(): WorldStore {
  const db = new DatabaseSync(':memory:')
  for (const [table, columns] of creates('TEXT', 'INTEGER')) db.exec(`CREATE TABLE ${table} (${columns})`)
  return {
    dialect: 'sqlite',
    async fill(world) {
      for (const table of tables) db.exec(`DELETE FROM ${table}`)
      for (const [table, columns, values] of inserts(world)) db.prepare(insertText(table, columns)).run(...values)
    },
    run: async (sql: string, params: SqlScalar[]) => db.prepare(sql).all(...params) as Record<string, unknown>[],
    close: async () => { db.close() },
  }
}

async function inMysql(url: string): Promise<WorldStore> {
  const db = await mysql.createConnection({ uri: url, charset: 'utf8mb4_unicode_ci', supportBigNumbers: true, maxPreparedStatements: 200 })
  const [[version]] = await db.query('SELECT VERSION() AS v') as unknown as [[{ v: string }]]
  // texts compare byte by byte and a trailing space counts, as in SQLite
  const collation = version.v.includes('MariaDB') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'
  for (const [table, columns] of creates('VARCHAR(100)', 'BIGINT')) await db.query(`CREATE TABLE ${table} (${columns}) CHARACTER SET utf8mb4 COLLATE ${collation}`)
  return {
    dialect: 'mysql',
    async fill(world) {
      for (const table of tables) await db.query(`DELETE FROM ${table}`)
      for (const [table, columns, values] of inserts(world)) await db.execute(insertText(table, columns), values)
    },
    run: async (sql: string, params: SqlScalar[]) => (await db.execute(sql, params))[0] as Record<string, unknown>[],
    close: () => db.end(),
  }
}
