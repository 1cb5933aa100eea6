import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#server/data/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let t: TestDatabase
beforeEach(async () => {
  t = await testDatabase({ migrate: false })
  const { id, text, json, blob, tableOptions } = t.db.dialect.types
  await t.db.run(`CREATE TABLE item (id ${id} PRIMARY KEY, name ${text(50)}, parent ${id}, data ${json}, body ${blob})${tableOptions}`)
  await t.db.run('CREATE UNIQUE INDEX item_name ON item (name)')
})
afterEach(() => t.close())

const names = async (): Promise<string[]> => (await t.db.all<{ name: string }>('SELECT name FROM item ORDER BY id')).map((r) => r.name)
const add = (id: number | string, name: string) => t.db.run('INSERT INTO item (id, name) VALUES (?, ?)', [id, name])

describe('a transaction', () => {
  it('commits everything or nothing', async () => {
    await t.db.tx(async () => { await add(1, 'a'); await add(2, 'b') })
    await expect(t.db.tx(async () => { await add(3, 'c'); throw new Error('no') })).rejects.toThrow('no')
    expect(await names()).toEqual(['a', 'b'])
  })

  it('is joined by an inner tx, which commits with the outer one', async () => {
    await expect(t.db.tx(async () => { await t.db.tx(() => add(1, 'a')); throw new Error('outer') })).rejects.toThrow('outer')
    expect(await names()).toEqual([])
  })

  it('reads its own writes while others do not see them', async () => {
    let seen = -1
    await t.db.tx(async (x) => {
      await add(1, 'a')
      expect(await x.one('SELECT COUNT(*) AS n FROM item')).toEqual({ n: 1 })
      const other = await openDatabase({ url: t.url })
      seen = (await other.one<{ n: number }>('SELECT COUNT(*) AS n FROM item'))!.n
      await other.close()
    })
    expect(seen).toBe(0)
  })

  it('keeps the rest when a savepoint fails, and drops only its commit hooks', async () => {
    const ran: string[] = []
    await t.db.tx(async (x) => {
      await add(1, 'a')
      x.onCommit(() => { ran.push('outer') })
      await expect(t.db.savepoint(async (s) => { await add(2, 'b'); s.onCommit(() => { ran.push('inner') }); throw new Error('no') })).rejects.toThrow('no')
      await add(3, 'c')
      expect(ran).toEqual([])
    })
    expect(await names()).toEqual(['a', 'c'])
    expect(ran).toEqual(['outer'])
  })

  it('refuses a statement that was not awaited inside it', async () => {
    let late: Promise<unknown> = Promise.resolve()
    await t.db.tx(async () => { late = new Promise((go) => { setTimeout(go, 20) }).then(() => add(1, 'late')); late.catch(() => undefined) })
    await expect(late).rejects.toMatchObject({ code: 'DB_TX_ENDED' })
  })

  it('serialises concurrent increments without losing one', async () => {
    await add(1, 'a')
    await t.db.run('UPDATE item SET parent = 0 WHERE id = 1')
    await Promise.all(Array.from({ length: 40 }, () => t.db.tx(async (x) => {
      const row = await x.one<{ parent: number }>(`SELECT parent FROM item WHERE id = 1${x.dialect.forUpdate}`)
      await x.run('UPDATE item SET parent = ? WHERE id = 1', [row!.parent + 1])
    })))
    expect(await t.db.one('SELECT parent FROM item WHERE id = 1')).toEqual({ parent: 40 })
  })
})

describe('values', () => {
  it('come back alike on both databases', async () => {
    const body = Buffer.from([0, 1, 255])
    await t.db.insertMany('item', ['id', 'name', 'parent', 'data', 'body'], [['9007199254740993', '张三丰𠮷', null, '{"a":[1]}', body]])
    await add('123', 'n')
    expect(await t.db.one('SELECT * FROM item WHERE name = ?', ['张三丰𠮷'])).toEqual({ id: '9007199254740993', name: '张三丰𠮷', parent: null, data: '{"a":[1]}', body })
    expect(await t.db.one('SELECT id, SUM(id) AS s, COUNT(*) AS n FROM item WHERE id = ? GROUP BY id', ['123'])).toEqual({ id: 123, s: 123, n: 1 })
  })

  it('compare text byte by byte', async () => {
    await add(1, 'a')
    await add(2, 'A')
    await add(3, 'á')
    expect(await t.db.all('SELECT id FROM item WHERE name = ?', ['A'])).toEqual([{ id: 2 }])
  })

  it('concatenate with || and compare null-safely', async () => {
    expect(await t.db.one(`SELECT 'a' || 'b' AS s, NULL ${t.db.dialect.same} NULL AS n, ${t.db.dialect.differs('NULL', "'a'")} AS d`)).toEqual({ s: 'ab', n: 1, d: 1 })
  })
})

it('shows a column that was added after the statement had been prepared', async () => {
  await add(1, 'a')
  expect(Object.keys((await t.db.one('SELECT * FROM item WHERE id > ?', [0]))!)).not.toContain('extra')
  await t.db.run(`ALTER TABLE item ADD COLUMN extra ${t.db.dialect.types.integer}`)
  expect(await t.db.one('SELECT * FROM item WHERE id > ?', [0])).toMatchObject({ id: 1, extra: null })
  await t.db.tx(async (x) => { await x.run('UPDATE item SET extra = 5 WHERE id = ?', [1]); expect(await x.one('SELECT extra FROM item')).toEqual({ extra: 5 }) })
})

describe('what is observed', () => {
  const count = async (): Promise<number> => (await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM item WHERE name < ?', ['m']))!.n

  it('holds while nobody has changed what was read, whoever has written something else', async () => {
    await add(1, 'a')
    const { value, holds } = await t.db.observe(count)
    expect(value).toBe(1)
    await t.db.tx(async () => { expect(await holds()).toBe(true) })
    await add(2, 'z')
    await t.db.tx(async () => { expect(await holds()).toBe(true) })
  })

  it.each([['this process', null], ['another one', 'open']])('does not hold once %s has changed it', async (_, own) => {
    const { holds } = await t.db.observe(count)
    const writer = own === null ? t.db : await openDatabase({ url: t.url })
    await writer.run('INSERT INTO item (id, name) VALUES (?, ?)', [1, 'a'])
    if (own !== null) await writer.close()
    await t.db.tx(async () => { expect(await holds()).toBe(false) })
  })

  it('holds again after a change that was undone', async () => {
    const { holds } = await t.db.observe(count)
    await expect(t.db.tx(async () => { await add(1, 'a'); throw new Error('undone') })).rejects.toThrow('undone')
    await t.db.tx(async () => { expect(await holds()).toBe(true) })
  })

  it('sees what the asking transaction itself has written', async () => {
    const { holds } = await t.db.observe(count)
    await t.db.tx(async () => {
      await add(1, 'a')
      expect(await holds()).toBe(false)
    })
  })

  it('may not write, and is no part of a transaction', async () => {
    await expect(t.db.observe(() => add(1, 'a'))).rejects.toThrow('may only read')
    await expect(t.db.tx(() => t.db.observe(count))).rejects.toThrow('needs no observing')
    expect(await names()).toEqual([])
  })

  it('asked outside a transaction says nothing for sure', async () => {
    const { holds } = await t.db.observe(count)
    expect(await holds()).toBe(false)
  })
})

describe('bulk', () => {
  const rows = (n: number, from = 0) => Array.from({ length: n }, (_, i) => [from + i + 1, `n${from + i + 1}`])

  it('inserts many rows and finds any set of ids', async () => {
    expect(await t.db.insertMany('item', ['id', 'name'], rows(12_345))).toBe(12_345)
    for (const ids of [[], [5], ['7', '8', 99_999], Array.from({ length: 7_001 }, (_, i) => i + 1)]) {
      const { sql, params } = t.db.idsIn('id', ids)
      const found = await t.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM item WHERE ${sql}`, params)
      expect(found!.n).toBe(ids.length === 3 ? 2 : ids.length)
    }
  })

  it('leaves existing rows alone with ignore and counts the new ones', async () => {
    await t.db.insertMany('item', ['id', 'name'], rows(10))
    expect(await t.db.insertMany('item', ['id', 'name'], rows(15), { onConflict: 'ignore' })).toBe(5)
  })

  it('updates on a key when asked to', async () => {
    await add(1, 'a')
    await t.db.insertMany('item', ['id', 'name'], [[1, 'b'], [2, 'c']], { onConflict: { keys: ['id'], update: ['name'] } })
    expect(await names()).toEqual(['b', 'c'])
  })

  it('streams a large result in batches', async () => {
    await t.db.insertMany('item', ['id', 'name'], rows(2_500))
    const sizes: number[] = []
    for await (const batch of t.db.stream('SELECT id FROM item WHERE id > ?', [0], { batch: 1000 })) sizes.push(batch.length)
    expect(sizes).toEqual([1000, 1000, 500])
  })

  it('streams from a snapshot of its own: whoever else reads meanwhile sees what is new', async () => {
    await t.db.insertMany('item', ['id', 'name'], rows(30))
    let seen = 0
    for await (const batch of t.db.stream<{ id: number }>('SELECT id FROM item ORDER BY id', [], { batch: 10 })) {
      seen += batch.length
      if (batch[0]!.id === 1) await add(1000, 'later')
      expect((await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM item'))!.n).toBe(31)
    }
    expect(seen).toBe(30)
  })

  it('counts the rows matched, not the rows changed', async () => {
    await add(1, 'a')
    expect(await t.db.run('UPDATE item SET name = ? WHERE id = ?', ['a', 1])).toEqual({ changes: 1 })
  })
})

describe('errors', () => {
  it('name a violated unique key without the value', async () => {
    await add(1, '370682199001010019')
    const error = await add(2, '370682199001010019').catch((e: unknown) => e) as Error
    expect(error).toMatchObject({ code: 'DB_UNIQUE', status: 409 })
    expect([error.message, String(error.cause)].join()).not.toContain('370682199001010019')
  })

  it('stop a list read at its time limit', async () => {
    await t.db.insertMany('item', ['id', 'name'], Array.from({ length: 3000 }, (_, i) => [i, `n${i}`]))
    const slow = t.db.all(`SELECT COUNT(*) AS n FROM item a CROSS JOIN item b CROSS JOIN item c WHERE a.name <> b.name AND b.name <> c.name AND ${t.db.dialect.timeGuard('c.id')}`, [], { timeoutMs: 200 })
    await expect(slow).rejects.toMatchObject({ code: 'DB_TIMEOUT' })
  }, 20_000)
})
