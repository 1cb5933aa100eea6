import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Db, SqlValue } from '#server/data/index.ts'
import { factsFor, indexLedBy } from '#server/runtime/records/index.ts'
import { testHouse, type TestHouse } from '../support/house.ts'

let t: TestHouse
beforeAll(async () => { t = await testHouse() })
afterAll(() => t.close())

it('rows that differ in one column of what is looked up are found by its index, not by what they share', async () => {
  const call = await t.as('school.beike')
  const { engine } = t.house.core
  const asked: { sql: string; params: readonly SqlValue[] }[] = []
  const db: Db = { ...engine.db, all: (sql, params = [], options) => { asked.push({ sql, params }); return engine.db.all(sql, params, options) } }
  const loader = factsFor({ ...engine, db }, call)
  const def = t.def('candidate')
  const school = { $: 'row', entity: 'core/organisation', id: call.actor.orgId! } as const
  const numbers = ['110101200601010015', '110101200601010023', '110101200601010031']
  const found = await loader.settleAll(numbers, (n) => loader.rows(def.id, [{ path: 'school', value: school }, { path: 'idNo', value: n }]))

  expect(found.map((rows) => rows.length)).toEqual([0, 0, 0])
  const { sql, params } = asked.find((a) => a.sql.includes('id_no_bix IN'))!
  if (db.dialect.name === 'sqlite') expect((await db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params))[0]!.detail).toMatch(/INDEX \S+ \(id_no_bix=\?\)/)
  else expect((await db.all<{ key: string }>(`EXPLAIN ${sql}`, params))[0]!.key).toBe(indexLedBy(def, 'id_no_bix'))
})
