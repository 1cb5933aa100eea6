import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Db } from '../data/index.ts'
import { Killed, mortalDb } from './mortal-db.ts'

let dir = ''
let db: Db
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'certflow-mortal-'))
  db = await openDatabase({ url: `sqlite:${join(dir, 'm.sqlite')}` })
  await db.run('CREATE TABLE t (n INTEGER)')
})
afterEach(async () => { await db.close(); await rm(dir, { recursive: true, force: true }) })
const rows = async (): Promise<number[]> => (await db.all<{ n: number }>('SELECT n FROM t ORDER BY n')).map((r) => r.n)

test('what a step wrote before its death is undone with its transaction, and nothing works afterwards', async () => {
  const mortal = mortalDb(db)
  mortal.arm(2)

  const step = mortal.db.tx(async (t) => { await t.run('INSERT INTO t VALUES (1)'); await mortal.db.run('INSERT INTO t VALUES (2)'); await t.run('INSERT INTO t VALUES (3)') })

  await expect(step).rejects.toThrow(Killed)
  expect(mortal.isDead()).toBe(true)
  await expect(mortal.db.all('SELECT 1')).rejects.toThrow(Killed)
  expect(await rows()).toEqual([])
})

test('what was committed before stays', async () => {
  const mortal = mortalDb(db)
  mortal.arm(2)
  await mortal.db.tx((t) => t.run('INSERT INTO t VALUES (1)'))

  await expect(mortal.db.tx((t) => t.run('INSERT INTO t VALUES (2)'))).rejects.toThrow(Killed)

  expect(await rows()).toEqual([1])
})

test('a death that does not come is told by the writes that were made', async () => {
  const mortal = mortalDb(db)
  mortal.arm(5)
  await mortal.db.run('INSERT INTO t VALUES (1)')

  expect(mortal.disarm()).toBe(1)
  expect(mortal.isDead()).toBe(false)
})
