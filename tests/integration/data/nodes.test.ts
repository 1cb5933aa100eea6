import { afterEach, beforeEach, expect, it } from 'vitest'
import { leaseNode, NODE_LEASE_MS } from '#server/data/index.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let t: TestDatabase
const clock = virtualClock(Date.UTC(2026, 2, 1))
beforeEach(async () => { t = await testDatabase() })
afterEach(() => t.close())

it('gives every holder a node of its own, and refuses the 33rd', async () => {
  const leases = []
  for (let n = 0; n < 32; n++) leases.push(await leaseNode(t.db, clock.now, `p${n}`))
  expect(new Set(leases.map((l) => l.node)).size).toBe(32)
  await expect(leaseNode(t.db, clock.now, 'p33')).rejects.toMatchObject({ code: 'IDS_EXHAUSTED' })
  await leases[7]!.release()
  expect((await leaseNode(t.db, clock.now, 'p34')).node).toBe(7)
})

it('never repeats identities of a holder that died after a bulk run', async () => {
  const first = await leaseNode(t.db, clock.now, 'a')
  const last = first.ids.many(100_000).at(-1)!
  clock.advance(NODE_LEASE_MS + 1)
  for (let n = 0; n < 31; n++) await leaseNode(t.db, clock.now, `b${n}`)
  const heir = await leaseNode(t.db, clock.now, 'heir')
  expect(heir.node).toBe(first.node)
  expect(Number(heir.ids.next())).toBeGreaterThan(Number(last))
  await expect(first.renew()).rejects.toMatchObject({ code: 'IDS_EXHAUSTED' })
})
