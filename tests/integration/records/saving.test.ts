import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messages, openLibrary, type Library } from '../../support/library/open-library.ts'
import { saveSet } from '#server/runtime/records/index.ts'

let lib: Library
beforeAll(async () => { lib = await openLibrary() })
afterAll(() => lib.close())
const loan = (data: object = {}) => ({ book: lib.id('book.atlas'), member: lib.id('member.anna'), ...data })
/** A loan that has been handed in, so that everything is checked. */
const submitted = async (data: object) => { const d = await lib.create('east.a', 'loan', loan(data)); return { d, r: await lib.press('east.a', 'loan', 'submit', [d.id]) } }
const reasons = (r: { refused: { problems: { message: string }[] }[] }) => r.refused.flatMap((x) => x.problems.map((p) => p.message)).sort()

describe('saving a record', () => {
  it('copies what the reference names and computes from it', async () => {
    const d = await lib.create('east.a', 'loan', loan({ start: '2026-03-02T00:00:00Z', days: 7 }))
    expect(messages(d)).toEqual([])
    // 7 * 0.10 + 0.20 = 0.90 in decimals
    expect(await lib.read('loan', d.id, 'fee')).toBe(0.9)
    expect(await lib.read('loan', d.id, 'bookThen.price')).toBe(12.5)
    expect(await lib.read('loan', d.id, 'number')).toMatch(/^2026\d{4}$/)
    expect(await lib.read('loan', d.id, 'branch')).toBe(lib.id('organisation.east'))
    expect(await lib.read('loan', d.id, 'before')).toBe(0)
    expect(await lib.read('loan', d.id, 'end')).toBe('2026-03-16T08:00:00+08:00')
    // frozen until the book is chosen anew
    await lib.edit('central', 'book', lib.id('book.atlas'), { price: 20 })
    await lib.edit('east.a', 'loan', d.id, { days: 8 })
    expect(await lib.read('loan', d.id, 'bookThen.price')).toBe(12.5)
    await lib.edit('east.a', 'loan', d.id, { book: lib.id('book.atlas') })
    expect(await lib.read('loan', d.id, 'bookThen.price')).toBe(20)
    expect(messages(await lib.create('east.a', 'loan', loan()))).toEqual(['已借此书'])
    expect((await lib.house.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM unique_keys WHERE record_id = ? AND scope LIKE ?', [Number(d.id), '%:once%']))!.n).toBe(1)
  })
  it('refuses a reference outside its condition, of another kind or to nothing', async () => {
    for (const book of [lib.id('book.kept'), lib.id('member.anna'), '123'])
      expect((await lib.create('east.a', 'loan', loan({ book }))).problems.map((p) => p.path)).toContain('book')
  })
  it('keeps a draft whose types are right and names every failing rule when it is handed in', async () => {
    const { d, r } = await submitted({ book: lib.id('book.novel'), days: 55, start: '2026-03-05T00:00:00Z', end: '2026-03-04T00:00:00Z' })
    expect(messages(d)).toEqual([])
    expect(reasons(r)).toEqual(['到期须晚于借出', '超过45天须说明原因'])
    expect(messages(await lib.edit('east.a', 'loan', d.id, { days: 1.5 }))).toEqual(['天数：应为整数'])
    expect((await lib.press('east.a', 'loan', 'submit', [d.id])).done).toEqual([])
  })
  it('empties what cannot be seen and asks for what is required while it holds', async () => {
    const d = await lib.create('east.a', 'loan', loan({ book: lib.id('book.novel'), member: lib.id('member.ben'), days: 70 }))
    expect(reasons(await lib.press('east.a', 'loan', 'submit', [d.id]))).toContain('原因：必填')
    await lib.edit('east.a', 'loan', d.id, { why: '出国', days: 70 })
    expect(await lib.read('loan', d.id, 'why')).toBe('出国')
    await lib.edit('east.a', 'loan', d.id, { days: 10 })
    expect(await lib.read('loan', d.id, 'why')).toBeNull()
  })
  it('warns, blocks or leaves alone as the policy of that day says', async () => {
    lib.clock.set(Date.parse('2026-11-30T23:59:59+08:00'))
    const [free] = await saveSet(lib.house.core.engine, await lib.as('east.a'), lib.def('loan'), [{ data: loan({ book: lib.id('book.novel'), days: 30 }) }], { via: { kind: 'action', id: 'x' } })
    expect(free!.problems.map((p) => p.message).filter((m) => m.includes('冬季'))).toEqual([])
    lib.clock.set(Date.parse('2026-12-01T00:00:00+08:00'))
    const r = await submitted({ book: lib.id('book.far'), member: lib.id('member.ben'), days: 85, why: '久' })
    expect(messages(r.d)).toEqual([])
    expect(reasons(r.r)).toEqual(['冬季最多20天'])
    const ben = await saveSet(lib.house.core.engine, await lib.as('central'), lib.def('loan'), [{ data: { book: lib.id('book.novel'), member: lib.id('member.ben'), days: 3 } }], { via: { kind: 'effect' } })
    expect(ben[0]!.warnings.map((w) => w.message)).toEqual(['未登记出生日期'])
  })
  it('tells the second of two people that the first was faster', async () => {
    const member = await lib.create('east.a', 'member', { name: '新人', branch: lib.id('organisation.east') })
    expect(messages(member)).toEqual([])
    expect(messages(await lib.edit('east.a', 'member', member.id, { name: '甲' }, 1))).toEqual([])
    expect(messages(await lib.edit('east.b', 'member', member.id, { name: '乙' }, 1))).toEqual(['已被他人处理，请刷新后再试'])
    expect(await lib.read('member', member.id, 'name')).toBe('甲')
  })
})

describe('uniqueness', () => {
  it('holds for encrypted fields and for each item of a list, and frees the key of what is gone', async () => {
    const east = lib.id('organisation.east')
    expect(messages(await lib.create('east.a', 'member', { name: '又一', idNo: '11010519491231002X', branch: east }))).toEqual(['证件号已登记'])
    const mine = { book: lib.id('book.far'), member: lib.id('member.anna') }
    const first = await lib.create('east.a', 'loan', { ...mine, codes: ['a', 'b'] })
    expect(messages(first)).toEqual([])
    expect(messages(await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.ben'), codes: ['c', 'b'] }))).toContain('条码重复')
    await lib.edit('east.a', 'loan', first.id, { codes: ['a'] })
    const set = await saveSet(lib.house.core.engine, lib.house.core.system('town'), lib.def('loan'), [{ data: { book: lib.id('book.novel'), member: lib.id('member.willi'), codes: ['b'] } }, { data: { book: lib.id('book.atlas'), member: lib.id('member.willi'), codes: ['b'] } }], { via: { kind: 'effect' } })
    expect(set.map(messages)).toEqual([[], ['条码重复']])
  })
  it('draws a random number again until it is free, and says so when there are no more', async () => {
    const east = lib.id('organisation.east')
    const cards: unknown[] = []
    for (let n = 0; ; n++) {
      const d = await lib.create('east.a', 'member', { name: `卡${n}`, branch: east })
      if (d.problems.length) { expect(messages(d)).toEqual(['卡号重复']); break }
      cards.push(await lib.read('member', d.id, 'card'))
      expect(n).toBeLessThan(10)
    }
    const all = await lib.house.db.all<{ card: string }>(`SELECT card FROM ${lib.def('member').table} WHERE card IS NOT NULL`)
    expect(new Set(all.map((r) => r.card)).size).toBe(10)
    expect(new Set(cards).size).toBe(cards.length)
  })
})

describe('numbers', () => {
  it('have no gaps where none are allowed: a refused record takes none', async () => {
    const west = lib.id('organisation.west')
    const one = await lib.create('west.a', 'fine', { kind: 'X' })
    expect(messages(one)).toEqual(['您没有新建此类记录的权限'])
    const system = lib.house.core.system('town')
    const fines = await saveSet(lib.house.core.engine, system, lib.def('fine'), Array.from({ length: 9 }, () => ({ data: { kind: 'X', branch: west } })), { via: { kind: 'effect' } })
    expect(fines.map((d) => d.data['number'])).toEqual(['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9'])
    const [over] = await saveSet(lib.house.core.engine, system, lib.def('fine'), [{ data: { kind: 'X', branch: west } }], { via: { kind: 'effect' } })
    expect(messages(over!)).toEqual(['编号：序号已超过 1 位，请联系管理员调整编号规则'])
  })
})
