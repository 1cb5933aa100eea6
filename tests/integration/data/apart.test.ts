import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let t: TestDatabase
beforeEach(async () => {
  t = await testDatabase({ migrate: false })
  const { id, tableOptions } = t.db.dialect.types
  await t.db.run(`CREATE TABLE things (id ${id} PRIMARY KEY, big ${id}, word VARCHAR(40), bytes BLOB)${tableOptions}`)
})
afterEach(() => t.close())

const APART = { apart: true }
const ids = async (): Promise<number[]> => (await t.db.all<{ id: number }>('SELECT id FROM things ORDER BY id')).map((r) => r.id)
const add = (id: number): Promise<number> => t.db.insertMany('things', ['id', 'word'], [[id, `word ${id}`]])

describe('a transaction that runs beside its thread', () => {
  it('sees what it has written, and others see it once it is committed', async () => {
    await t.db.tx(async () => {
      expect(await t.db.insertMany('things', ['id', 'word'], [[1, '一'], [2, null]])).toBe(2)
      expect(await t.db.run('UPDATE things SET word = ? WHERE id = ?', ['二', 2])).toEqual({ changes: 1 })
      expect(await t.db.all('SELECT id, word FROM things ORDER BY id')).toEqual([{ id: 1, word: '一' }, { id: 2, word: '二' }])
    }, APART)
    expect(await ids()).toEqual([1, 2])
  })

  it('gives values back as any other transaction does', async () => {
    const row = { id: 7, big: '9007199254740993', word: 'x', bytes: Buffer.from([0, 1, 255]) }
    const read = () => t.db.one('SELECT id, big, word, bytes FROM things WHERE id = 7')
    const [apart, here] = [await t.db.tx(async () => { await t.db.insertMany('things', Object.keys(row), [Object.values(row)]); return read() }, APART), await t.db.tx(read)]
    expect(apart).toEqual(row)
    expect(here).toEqual(row)
  })

  it('leaves nothing when it fails, also what nobody had waited for, and the next one is not touched by it', async () => {
    await expect(t.db.tx(async () => { await add(1); throw new Error('stop') }, APART)).rejects.toThrow('stop')
    await expect(t.db.tx(async () => { await add(2); await add(2); await add(3); await t.db.all('SELECT id FROM things') }, APART)).rejects.toMatchObject({ code: 'DB_UNIQUE' })
    await expect(t.db.tx(async () => { await add(4); await add(4) }, APART)).rejects.toMatchObject({ code: 'DB_UNIQUE' })
    await t.db.tx(async () => { await add(5) }, APART)
    expect(await ids()).toEqual([5])
  })

  it('undoes a savepoint alone', async () => {
    await t.db.tx(async () => {
      await add(1)
      await t.db.savepoint(async () => { await add(2) })
      await t.db.savepoint(async () => { await add(3); throw new Error('only this') }).catch(() => undefined)
      await add(4)
    }, APART)
    expect(await ids()).toEqual([1, 2, 4])
  })

  it('takes turns with others of the same thread', async () => {
    const bump = (n: number, apart: boolean) => t.db.tx(async () => {
      const [row] = await t.db.all<{ big: number }>(`SELECT big FROM things WHERE id = 1${t.db.dialect.name === 'mysql' ? ' FOR UPDATE' : ''}`)
      await new Promise((go) => { setTimeout(go, n % 3) })
      await t.db.run('UPDATE things SET big = ? WHERE id = 1', [row!.big + 1])
    }, { apart })
    await t.db.insertMany('things', ['id', 'big'], [[1, 0]])
    await Promise.all(Array.from({ length: 40 }, (_, n) => bump(n, n % 2 === 0)))
    expect(await t.db.one('SELECT big FROM things WHERE id = 1')).toEqual({ big: 40 })
  })

  it('leaves its thread free while statements run', async () => {
    let ticks = 0
    const timer = setInterval(() => { ticks++ }, 1)
    await t.db.tx(async () => {
      await t.db.insertMany('things', ['id', 'word'], Array.from({ length: 2_000 }, (_, n) => [n, 'word']))
      // four million pairs
      await t.db.all('SELECT COUNT(*) AS n FROM things a JOIN things b ON a.word = b.word')
    }, APART)
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(10)
  })
})
