import fc from 'fast-check'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '#server/runtime/expressions/index.ts'
import type { SqlScalar } from '#server/runtime/expressions/index.ts'
import { byClosure, bySql } from '#tests/support/expressions/agreement.ts'
import { boolean, number, text } from '#tests/support/expressions/grammar.ts'
import { columnType, inserts, model, options, TABLES, worlds } from '#tests/support/expressions/world.ts'
import type { World } from '#tests/support/expressions/world.ts'

const url = process.env.CERTFLOW_TEST_MYSQL
const RUNS = Number(process.env.CERTFLOW_TEST_RUNS ?? 150)
const DATABASE = 'certflow_expressions_test'

describe.runIf(url)('the closure and MySQL or MariaDB agree', () => {
  let db: mysql.Connection
  const tables = [...Object.keys(TABLES).map((name) => model.entity(name)!.table), 'w_thing_tags', 'w_thing_words']

  beforeAll(async () => {
    db = await mysql.createConnection({ uri: url!, charset: 'utf8mb4_unicode_ci', supportBigNumbers: true })
    const [[version]] = await db.query('SELECT VERSION() AS v') as unknown as [[{ v: string }]]
    // texts compare byte by byte and a trailing space counts, as in SQLite
    const collation = version!.v.includes('MariaDB') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'
    if (new URL(url!).pathname.length <= 1) {
      await db.query(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`)
      await db.query(`USE ${DATABASE}`)
    }
    for (const table of tables) await db.query(`DROP TABLE IF EXISTS ${table}`)
    const create = (table: string, columns: string): Promise<unknown> => db.query(`CREATE TABLE ${table} (${columns}) CHARACTER SET utf8mb4 COLLATE ${collation}`)
    for (const [name, keys] of Object.entries(TABLES)) {
      const { table, properties } = model.entity(name)!
      const column = (key: string): string => `${properties[key]!.column!} ${columnType(name, key) === 'TEXT' ? 'VARCHAR(100)' : 'BIGINT'}`
      await create(table, `id BIGINT PRIMARY KEY, ${keys.map(column).join(', ')}`)
    }
    await create('w_thing_tags', 'owner_id BIGINT, target_id BIGINT')
    await create('w_thing_words', 'owner_id BIGINT, value VARCHAR(100)')
  })
  afterAll(async () => {
    for (const table of tables) await db.query(`DROP TABLE IF EXISTS ${table}`)
    await db.end()
  })

  const fill = async (world: World): Promise<void> => {
    for (const table of tables) await db.query(`DELETE FROM ${table}`)
    for (const [table, columns, values] of inserts(world)) await db.execute(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, values)
  }
  const run = async (sql: string, params: SqlScalar[]): Promise<Record<string, unknown>[]> => (await db.execute(sql, params))[0] as Record<string, unknown>[]

  const agrees = async (expression: string, world: World): Promise<void> => {
    const why = compile(expression, options).notSqlable
    fc.pre(why === null || !/decimals, at most/.test(why.message))
    expect(why, expression).toBeNull()
    await fill(world)
    expect(await bySql(expression, world, 'mysql', run), expression).toEqual(byClosure(expression, world))
  }

  it.each([['conditions', boolean(3, '', false)], ['numbers', number(3, '', false)], ['texts', text(2, '')]] as const)('on generated %s', async (_what, grammar) => {
    await fc.assert(fc.asyncProperty(grammar, worlds, agrees), { numRuns: RUNS, interruptAfterTimeLimit: 50_000 })
  }, 60_000)
})
