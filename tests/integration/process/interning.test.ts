import { afterEach, beforeEach, expect, it } from 'vitest'
import { internMarkings } from '#server/runtime/process/store/intern.store.ts'
import type { Engine } from '#server/runtime/records/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let t: TestDatabase
let engine: Engine
beforeEach(async () => {
  t = await testDatabase({ migrate: true })
  let n = 0
  engine = { db: t.db, ids: { next: () => String(++n), many: () => [] } } as unknown as Engine
})
afterEach(() => t.close())

const at = (element: string) => ({ version: 'v1', marking: { tokens: [{ id: 1, at: element, scope: 0 }], scopes: [], next: 2 } })
const stored = async (): Promise<number> => (await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM process_markings'))!.n

it('gives instances that stand alike one marking, within a set and from step to step', async () => {
  const [first, second, other] = await t.db.tx(() => internMarkings(engine, [at('write'), at('write'), at('review')]))
  const [again] = await t.db.tx(() => internMarkings(engine, [at('write')]))

  expect(second).toBe(first)
  expect(other).not.toBe(first)
  expect(again).toBe(first)
  expect(await stored()).toBe(2)
})

it('forgets a marking whose transaction was undone, so that no instance points to a row that is not there', async () => {
  const undone = await t.db.tx(async () => { await internMarkings(engine, [at('write')]); throw new Error('undone') }).catch((e: Error) => e.message)

  const [id] = await t.db.tx(() => internMarkings(engine, [at('write')]))

  expect(undone).toBe('undone')
  expect(await t.db.one('SELECT id FROM process_markings WHERE id = ?', [Number(id)])).toEqual({ id: Number(id) })
})

it('tells markings of different versions apart', async () => {
  const [one, two] = await t.db.tx(() => internMarkings(engine, [at('write'), { ...at('write'), version: 'v2' }]))

  expect(one).not.toBe(two)
})
