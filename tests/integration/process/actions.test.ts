import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { press } from '#server/runtime/desk/index.ts'
import { work } from '#server/runtime/process/index.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'

let lib: Library
beforeAll(async () => { lib = await openLibrary() })
afterAll(() => lib.close())
const no = () => Promise.reject(new Error('no operation is called here'))
const push = async (who: string, entity: string, button: string, ids: string[], input = {}) => press(lib.house.core.processes, await lib.as(who), lib.def(entity), { button, ids, input }, no)

describe('an action', () => {
  it('makes its records once, however often it is pressed', async () => {
    const once = await push('east.a', 'book', 'stock', [lib.id('book.atlas')])
    expect([once.result?.made.length, once.result?.skipped]).toEqual([1, 0])
    const again = await push('east.b', 'book', 'stock', [lib.id('book.atlas')])
    expect([again.result?.made.length, again.result?.skipped]).toEqual([0, 1])
  })
  it('is not for records of another branch or for a role without the right', async () => {
    expect((await push('west.a', 'book', 'stock', [lib.id('book.atlas')])).done).toEqual([])
    expect((await push('anna', 'book', 'stock', [lib.id('book.atlas')])).refused[0]!.problems[0]!.code).toBe('FORBIDDEN')
  })
  it('changes only its own fields', async () => {
    const d = await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.anna') })
    const r = await push('east.a', 'loan', 'mark', [d.id], { memo: '记', days: 80 })
    expect(r.refused.length + r.done.length).toBe(1)
    expect(await lib.read('loan', d.id, 'days')).toBe(14)
  })
})

describe('a button pressed inside a larger transaction', () => {
  it('leaves nothing of a refused record behind', async () => {
    const d = await lib.create('east.a', 'loan', { book: lib.id('book.novel'), member: lib.id('member.ben'), memo: '坏', items: [{ what: '图', state: '好' }] })
    await lib.press('east.a', 'loan', 'submit', [d.id])
    const before = await lib.house.db.one(`SELECT rev, data FROM ${lib.def('loan').table} WHERE id = ?`, [Number(d.id)])
    await lib.house.db.tx(async () => {
      const r = await work(lib.house.core.processes, await lib.as('east.a'), lib.def('loan'), { button: 'approve', ids: [d.id], input: { items: [{ what: '图', state: '坏' }] } })
      expect(r.refused.flatMap((x) => x.problems.map((p) => p.message))).toEqual(['备注有误，不能通过'])
    })
    expect(await lib.house.db.one(`SELECT rev, data FROM ${lib.def('loan').table} WHERE id = ?`, [Number(d.id)])).toEqual(before)
    expect(await lib.read('loan', d.id, 'status')).toBe('REVIEW')
  })
})
