import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyQuery, factsFor, guardedPaths, removeSet, saveSet, selectVisible, visibleIds } from '#server/runtime/records/index.ts'
import { messages, openLibrary, type Library } from '../../support/library/open-library.ts'

let lib: Library
beforeAll(async () => { lib = await openLibrary() })
afterAll(() => lib.close())
const engine = () => lib.house.core.engine
const system = () => lib.house.core.system('town')

describe('a limit', () => {
  it('cannot be raced: of two parallel transactions that both see nine of ten, one is refused', async () => {
    const books = await saveSet(engine(), system(), lib.def('book'), Array.from({ length: 11 }, (_, i) => ({ data: { name: `册${i}`, branch: lib.id('organisation.east'), kind: 'NOVEL', price: 1, lendable: true } })), { via: { kind: 'effect' } })
    const lend = (i: number) => saveSet(engine(), system(), lib.def('loan'), [{ data: { book: books[i]!.id, member: lib.id('member.anna') } }], { via: { kind: 'effect' } })
    for (let i = 0; i < 9; i++) expect(messages((await lend(i))[0]!)).toEqual([])

    const both = await Promise.all([lend(9), lend(10)])

    expect(both.map(([d]) => messages(d!)).sort()).toEqual([[], ['每人最多10册']])
    expect((await lib.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${lib.def('loan').table} WHERE member = ?`, [Number(lib.id('member.anna'))]))!.n).toBe(10)
  })
})

describe('locks', () => {
  it('leave a field alone that the state does not name, whatever way the change comes', async () => {
    const anna = lib.id('member.anna')
    expect(messages(await lib.edit('east.a', 'member', anna, { idNo: '440524188001010014' }))).toEqual(['证件号：当前状态下不能修改'])
    expect(messages(await lib.edit('central', 'member', anna, { idNo: '440524188001010014', name: '安' }))).toEqual(['证件号：当前状态下不能修改'])
    expect(await lib.read('member', anna, 'name')).toBe('安娜')
    expect(messages(await lib.edit('central', 'member', anna, { name: '安' }))).toEqual([])
  })
  it('unlock one field of the items of a list and an import its own field', async () => {
    const d = await lib.create('east.a', 'loan', { book: lib.id('book.atlas'), member: lib.id('member.ben'), items: [{ what: '地图', state: '好' }], memo: '一' })
    await lib.press('east.a', 'loan', 'submit', [d.id])
    expect(await lib.read('loan', d.id, 'status')).toBe('REVIEW')
    expect(messages(await lib.edit('east.a', 'loan', d.id, { items: [{ what: '换了', state: '坏' }] }))).toEqual(['附件：当前状态下不能修改'])
    expect(messages(await lib.edit('east.a', 'loan', d.id, { items: [{ what: '地图', state: '坏' }] }))).toEqual([])
    expect(messages(await lib.edit('east.a', 'loan', d.id, { memo: '二' }))).toEqual(['备注：当前状态下不能修改'])
    const byImport = (data: object) => lib.as('east.a').then((call) => saveSet(engine(), call, lib.def('loan'), [{ id: d.id, data: { ...data } }], { via: { kind: 'import', id: 'scores', fields: ['score'] } }))
    expect(messages((await byImport({ memo: '二' }))[0]!)).toEqual(['备注：当前状态下不能修改'])
    expect(messages((await byImport({ days: 3 }))[0]!)).toEqual(['天数：当前状态下不能修改'])
  })
  it('never let a person write what a process or an effect governs', async () => {
    const d = await lib.create('west.a', 'loan', { book: lib.id('book.far'), member: lib.id('member.willi'), status: 'BACK', returnedAt: '2026-03-02T00:00:00Z', tries: 4, fee: 0 })
    expect(messages(d)).toEqual([])
    expect(await lib.read('loan', d.id, 'status')).toBe('DRAFT')
    expect(await lib.read('loan', d.id, 'returnedAt')).toBeNull()
    expect(await lib.read('loan', d.id, 'fee')).toBe(1.6)
  })
})

describe('deleting', () => {
  it('is refused while others refer to the record, takes what it owns along, and the owner goes with its last row', async () => {
    const [book] = await saveSet(engine(), system(), lib.def('book'), [{ data: { name: '带复本', branch: lib.id('organisation.east'), kind: 'NOVEL', price: 1, lendable: true } }], { via: { kind: 'effect' } })
    const copies = await saveSet(engine(), system(), lib.def('copy'), [1, 2].map((shelf) => ({ data: { book: book!.id, shelf, branch: lib.id('organisation.east') } })), { via: { kind: 'effect' } })
    const lent = await lib.create('east.b', 'loan', { book: book!.id, member: lib.id('member.ben') })
    expect(messages((await removeSet(engine(), await lib.as('east.a'), lib.def('book'), [book!.id]))[0]!)).toEqual(['有“借阅”引用此记录，不能删除'])
    expect(messages((await removeSet(engine(), await lib.as('east.a'), lib.def('loan'), [lent.id]))[0]!)).not.toEqual([])
    await removeSet(engine(), system(), lib.def('loan'), [lent.id], { byEffect: true })
    expect((await lib.house.db.all('SELECT id FROM tasks WHERE record_id = ?', [Number(lent.id)])).length).toBe(0)
    expect(messages((await removeSet(engine(), await lib.as('east.a'), lib.def('copy'), [copies[0]!.id]))[0]!)).toEqual([])
    expect(await lib.read('book', book!.id, 'name')).toBe('带复本')
    await removeSet(engine(), await lib.as('east.a'), lib.def('copy'), [copies[1]!.id])
    expect(await lib.read('book', book!.id, 'name')).toBeNull()
  })
})

describe('rights', () => {
  it('let no row of another branch through: not in lists, by id, in references or when saving', async () => {
    const call = await lib.as('west.a')
    const loader = factsFor(engine(), call)
    const rows = await selectVisible(call, loader, lib.def('member'))!.columnSql('id', 't.id').all<{ id: number }>()
    expect(rows.map((r) => String(r.id))).toEqual([lib.id('member.willi')])
    expect([...await visibleIds(call, loader, lib.def('member'), [lib.id('member.anna'), lib.id('member.willi'), 'x', '1 OR 1=1'])]).toEqual([lib.id('member.willi')])
    expect(messages(await lib.edit('west.a', 'member', lib.id('member.anna'), { name: '偷' }))).toEqual(['记录不存在，可能已被删除或您无权查看'])
    expect(messages(await lib.create('west.a', 'member', { name: '外', branch: lib.id('organisation.east') }))).toEqual(['您不能为此机构或范围新建记录'])
    expect((await removeSet(engine(), call, lib.def('member'), [lib.id('member.anna')])).map(messages)).toEqual([['记录不存在，可能已被删除或您无权查看']])
  })
  it('let a hidden field be neither filtered nor searched nor sorted by', async () => {
    const call = await lib.as('east.a')
    expect([...guardedPaths(call, lib.def('member'))]).toEqual(['secret'])
    const list = lib.def('member').form.lists['members']!
    const count = async (who: string, filters: Record<string, string>) => { const c = await lib.as(who); const select = selectVisible(c, factsFor(engine(), c), lib.def('member'))!; applyQuery(c, select, list, { filters, sort: '-secret' }); return select.countUpTo(100) }
    expect(await count('central', { secret: '欠款' })).toBe(1)
    expect(await count('east.a', { secret: '欠款' })).toBe(0)
    expect(await count('east.a', { name: '安' })).toBe(1)
  })
})

describe('personal numbers', () => {
  it('stand nowhere in the database as they were typed', async () => {
    const d = await lib.create('east.a', 'member', { name: '密', idNo: '440524188001010014', branch: lib.id('organisation.east') })
    const id = d.problems.length ? lib.id('member.ben') : d.id
    expect(await lib.read('member', id, 'idNo')).toBe('440524188001010014')
    const { db } = lib.house
    const tables = db.dialect.name === 'sqlite' ? await db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'") : await db.all<{ name: string }>('SELECT TABLE_NAME AS name FROM information_schema.tables WHERE table_schema = DATABASE()')
    expect(tables.length).toBeGreaterThan(20)
    for (const { name } of tables) expect(JSON.stringify(await db.all(`SELECT * FROM \`${name}\``)), name).not.toContain('440524188001010014')
    if (db.dialect.name === 'sqlite') for (const file of ['test.sqlite', 'test.sqlite-wal']) expect(readFileSync(join(lib.database.dir, file)).includes('440524188001010014')).toBe(false)
  })
})
