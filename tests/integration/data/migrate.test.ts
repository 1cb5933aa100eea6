import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate, openDatabase } from '#server/data/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let t: TestDatabase
beforeEach(async () => { t = await testDatabase({ migrate: false }) })
afterEach(() => t.close())

it('makes all core tables once, also when two processes start together', async () => {
  const other = await openDatabase({ url: t.url })
  const [a, b] = await Promise.all([migrate(t.db), migrate(other)])
  await other.close()
  expect([a.length, b.length].sort()).toEqual([0, a.length + b.length])
  expect(await migrate(t.db)).toEqual([])
  for (const table of ['jobs', 'tasks', 'process_instances', 'history_set_members', 'audit_seals', 'unique_keys', 'sessions', 'signatures'])
    expect(await t.db.one(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual({ n: 0 })
})

it('refuses two rows with one unique key', async () => {
  await migrate(t.db)
  const claim = (record: number) => t.db.run('INSERT INTO unique_keys (scope, hash, entity, record_id) VALUES (?, ?, ?, ?)', ['e/u', 'h', 'e', record])
  await claim(1)
  await expect(claim(2)).rejects.toMatchObject({ code: 'DB_UNIQUE' })
})
