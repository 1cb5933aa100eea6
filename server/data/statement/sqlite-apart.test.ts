import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SqliteApart } from './sqlite-apart.ts'
import { pragmasFor } from './sqlite-connection.ts'

let dir: string
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'apart-')) })
afterEach(() => rm(dir, { recursive: true }))
const writer = (folder = dir): SqliteApart => new SqliteApart(join(folder, 'x.sqlite'), pragmasFor('NORMAL', 1_000))

it('says that the database is away when its thread dies, and starts another for the next transaction', async () => {
  const folder = join(dir, 'later')
  const apart = writer(folder)
  await expect(apart.begin()).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' })
  await expect(apart.all('SELECT 1 AS one', [])).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' })
  expect(() => { apart.later('SELECT 1', [[]]) }).toThrow(expect.objectContaining({ code: 'DB_UNAVAILABLE' }))
  await apart.rollback()

  await mkdir(folder)
  await apart.begin()
  expect(await apart.all('SELECT 1 AS one', [])).toEqual([{ one: 1 }])
  await apart.commit()
  await apart.close()
})

it('does nothing after a statement that failed unheard until the transaction is rolled back', async () => {
  const apart = writer()
  await apart.begin()
  await apart.run('CREATE TABLE a (n INTEGER PRIMARY KEY)', [])
  await apart.commit()

  await apart.begin()
  apart.later('INSERT INTO a VALUES (?)', [[1], [1]])
  apart.later('INSERT INTO a VALUES (?)', [[2]])
  await expect(apart.commit()).rejects.toThrow(/UNIQUE/)
  await apart.rollback()
  await apart.begin()
  expect(await apart.all('SELECT n FROM a', [])).toEqual([])
  await apart.rollback()
  await apart.close()
})

it('lets nobody wait for what it did not do before it was closed', async () => {
  const apart = writer()
  await apart.begin()
  const long = expect(apart.all('WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 100000) SELECT COUNT(*) AS n FROM n', [])).resolves.toEqual([{ n: 100_000 }])
  const closed = apart.close()
  await expect(apart.all('SELECT 1 AS one', [])).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' })
  await Promise.all([long, closed])
})

it('gives up on a read that takes longer than it may', async () => {
  const apart = writer()
  await apart.begin()
  const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE within_time(x)) SELECT COUNT(*) AS n FROM n'
  await expect(apart.all(endless, [], 20)).rejects.toMatchObject({ code: 'DB_TIMEOUT' })
  expect(await apart.all('SELECT 2 AS two', [])).toEqual([{ two: 2 }])
  await apart.rollback()
  await apart.close()
})
