import { afterEach, beforeEach, expect, it } from 'vitest'
import { createAdapters, verifyLedger } from '#server/adapters/index.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { MONDAY } from '../support/runtime.ts'

let test: TestDatabase
beforeEach(async () => { test = await testDatabase() })
afterEach(() => test.close())
const ledger = () => createAdapters({}, virtualClock(MONDAY), test.db).ledger
const digest = (n: number) => String(n).repeat(64).slice(0, 64)

it('each anchor is a block of its own, and the same key answers what stands already', async () => {
  const first = await ledger().anchor({ key: 'a', digest: digest(1) })
  const second = await ledger().anchor({ key: 'b', digest: digest(2) })
  expect([first, second].map((a) => a.ok && a.blockHeight)).toEqual([1, 2])
  expect(await ledger().anchor({ key: 'a', digest: digest(1) })).toEqual(first)
  expect(await verifyLedger(test.db)).toMatchObject({ ok: true, blocks: 2 })
})

it('one key cannot stand for two contents', async () => {
  await ledger().anchor({ key: 'a', digest: digest(1) })
  expect(await ledger().anchor({ key: 'a', digest: digest(2) })).toMatchObject({ ok: false, code: 'ANCHORED_OTHERWISE', retry: false })
})

it('anchors that are made at once get heights without gap', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => ledger().anchor({ key: `k${i}`, digest: digest(i) })))
  expect(all.map((a) => (a.ok ? a.blockHeight : 0)).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(await verifyLedger(test.db)).toMatchObject({ ok: true, blocks: 20 })
})

it.each([
  ['a digest is exchanged', "UPDATE ledger_blocks SET digest = 'x' WHERE height = 2", { height: 2, what: 'entry changed' }],
  ['a block is moved in time', 'UPDATE ledger_blocks SET at = at + 1 WHERE height = 2', { height: 2, what: 'block changed' }],
  ['a block is taken out', 'DELETE FROM ledger_blocks WHERE height = 2', { height: 3, what: 'chain broken' }],
])('it shows when %s', async (_what, sql, broken) => {
  for (let i = 1; i <= 3; i++) await ledger().anchor({ key: `k${i}`, digest: digest(i) })
  await test.db.run(sql)
  expect(await verifyLedger(test.db)).toMatchObject({ ok: false, broken })
})
