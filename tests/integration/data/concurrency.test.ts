import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { giveWay } from '#server/data/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let t: TestDatabase
beforeEach(async () => {
  t = await testDatabase({ migrate: false })
  const { id, tableOptions } = t.db.dialect.types
  await t.db.run(`CREATE TABLE counter (id ${id} PRIMARY KEY, n ${id} NOT NULL)${tableOptions}`)
  await t.db.run('INSERT INTO counter (id, n) VALUES (1, 0), (2, 0)')
})
afterEach(() => t.close())

const bump = (id: number) => t.db.tx(async () => { await t.db.run('UPDATE counter SET n = n + 1 WHERE id = ?', [id]) })
const value = async (id: number): Promise<number> => (await t.db.one<{ n: number }>('SELECT n FROM counter WHERE id = ?', [id]))!.n

it('holds no more file descriptors after 5 000 transactions than before', async () => {
  await Promise.all(Array.from({ length: 50 }, () => bump(1)))
  const before = readdirSync('/proc/self/fd').length
  for (let n = 0; n < 5_000; n += 100) await Promise.all(Array.from({ length: 100 }, () => bump(1)))
  expect(await value(1)).toBe(5_050)
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 2)
}, 60_000)

it('lets a second thread write at the same time without losing an update', async () => {
  const worker = new Worker(new URL('./bump-worker.mjs', import.meta.url), { workerData: { url: t.url, times: 300 } })
  const ended = new Promise<number>((resolve, reject) => { worker.on('error', reject); worker.on('exit', resolve) })
  for (let n = 0; n < 300; n++) await bump(1)
  expect(await ended).toBe(0)
  expect(await value(1)).toBe(600)
}, 60_000)

it('lets a thread that waits for the writer in between two batches of another', async () => {
  const worker = new Worker(new URL('./bump-worker.mjs', import.meta.url), { workerData: { url: t.url, times: 20 } })
  let over = false
  const ended = new Promise<number>((resolve, reject) => { worker.on('error', reject); worker.on('exit', resolve) }).finally(() => { over = true })
  while (await value(1) === 0) await new Promise((go) => { setTimeout(go, 1) })
  let batches = 0
  while (!over) {
    await t.db.tx(async () => { await t.db.run('UPDATE counter SET n = n + 1 WHERE id = 2'); await new Promise((go) => { setTimeout(go, 20) }) })
    await giveWay()
    batches++
  }
  expect(await ended).toBe(0)
  // asking by timer alone, each of the twenty would find the file taken several times
  expect(batches).toBeLessThanOrEqual(45)
}, 60_000)

it('keeps timers running during a burst of transactions', async () => {
  let ticks = 0
  const timer = setInterval(() => { ticks++ }, 1)
  await Promise.all(Array.from({ length: 10_000 }, () => bump(1)))
  clearInterval(timer)
  // a burst that never yields lets no timer through until it is over
  expect(ticks).toBeGreaterThan(3)
})

it('repeats the whole step when two transactions deadlock', async () => {
  let runs = 0
  const cross = (first: number, second: number) => t.db.tx(async () => {
    runs += 1
    await t.db.run('UPDATE counter SET n = n + 1 WHERE id = ?', [first])
    await new Promise((go) => { setTimeout(go, 30) })
    await t.db.run('UPDATE counter SET n = n + 1 WHERE id = ?', [second])
  })
  await Promise.all([cross(1, 2), cross(2, 1)])
  expect([await value(1), await value(2)]).toEqual([2, 2])
  expect(runs).toBe(t.db.dialect.name === 'mysql' ? 3 : 2)
})
