import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { saveSet, trailOf } from '#server/runtime/records/index.ts'
import { openLibrary, type Library } from '../../support/library/open-library.ts'

const ROWS = 6_000
let lib: Library
let book: string
beforeAll(async () => {
  lib = await openLibrary()
  const { engine } = lib.house.core
  const [b] = await saveSet(engine, lib.house.core.system('town'), lib.def('book'), [{ data: { name: '大套', branch: lib.id('organisation.west'), kind: 'NOVEL', price: 1, lendable: true } }], { via: { kind: 'effect' } })
  book = b!.id
  for (let i = 0; i < ROWS; i += 2000) await saveSet(engine, lib.house.core.system('town'), lib.def('copy'), Array.from({ length: 2000 }, (_, n) => ({ data: { book, branch: lib.id('organisation.west'), shelf: Math.floor((i + n) / 10) } })), { via: { kind: 'effect' } })
})
afterAll(() => lib.close())
const table = () => lib.def('copy').table
const count = async (where: string) => Number((await lib.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table()} WHERE org = ${lib.id('organisation.west')} AND ${where}`))!.n)
const begin = async (button: string) => { const d = await lib.create('central', 'stocktake', { name: button, branch: lib.id('organisation.west') }); const r = await lib.press('central', 'stocktake', button, [d.id]); expect(r.refused).toEqual([]); return d.id }

describe('an effect on more rows than one batch', () => {
  it('is waited for: the step commits at once, a job works through the rows in order and the token goes on when all are done', async () => {
    const id = await begin('count')
    expect(await count('checked = 1')).toBe(0)
    expect(await lib.read('stocktake', id, 'status')).toBe('NEW')
    // the plan cannot be pressed again while it is being counted
    expect((await lib.press('central', 'stocktake', 'count', [id])).done).toEqual([])
    const [job] = await lib.house.db.all<{ payload: string }>("SELECT payload FROM jobs WHERE type = 'process.effect'")
    expect(job!.payload.length).toBeLessThan(300)
    await lib.drain()
    expect(await count('checked = 1')).toBe(ROWS)
    expect(await lib.read('stocktake', id, 'status')).toBe('COUNTING')
    // numbers are drawn in the order that was asked for: the highest shelf first
    const tags = await lib.house.db.all<{ tag: string; shelf: number }>(`SELECT tag, shelf FROM ${table()} WHERE tag IS NOT NULL ORDER BY tag`)
    expect(tags.map((t) => t.tag)).toEqual(Array.from({ length: ROWS }, (_, i) => `T${String(i + 1).padStart(5, '0')}`))
    expect(tags.every((t, i) => i === 0 || t.shelf <= tags[i - 1]!.shelf)).toBe(true)
    for (const t of ['process_calls', 'process_rows']) expect((await lib.house.db.all(`SELECT * FROM ${t}`)).length).toBe(0)
    const one = await lib.house.db.one<{ id: number }>(`SELECT id FROM ${table()} WHERE tag = 'T00001'`)
    const events = await trailOf(lib.house.core.engine, lib.def('copy'), String(one!.id))
    expect(events[0]).toMatchObject({ kind: 'edit', changes: { checked: [false, true] } })
    expect(events[0]!.members).toBeGreaterThan(1)
    expect(events[0]!.actor).toBe(lib.id('user.central'))
  })
  it('repeated finds nothing left to do', async () => {
    const before = (await lib.house.db.one<{ n: number }>(`SELECT SUM(rev) AS n FROM ${table()}`))!.n
    await begin('count')
    await lib.drain()
    expect((await lib.house.db.one<{ n: number }>(`SELECT SUM(rev) AS n FROM ${table()}`))!.n).toBe(before)
  })
  it('makes one record per group, links every member and refuses those that a reason bars', async () => {
    await lib.house.db.run(`UPDATE ${table()} SET checked = 0 WHERE shelf < 3`)
    const id = await begin('slips')
    await lib.drain()
    expect(await lib.read('stocktake', id, 'status')).toBe('COUNTING')
    const slips = await lib.house.db.all<{ rows_: number }>(`SELECT * FROM ${lib.def('fine').table} WHERE kind = 'SLIP'`)
    expect(slips.length).toBe(3)
    expect(await count('slip IS NOT NULL')).toBe(30)
    await begin('slips')
    await lib.drain()
    expect((await lib.house.db.all(`SELECT id FROM ${lib.def('fine').table} WHERE kind = 'SLIP'`)).length).toBe(3)
  })
  it('takes rows that an operation gave back, however many, without carrying them in the job', async () => {
    const ids = (await lib.house.db.all<{ id: number }>(`SELECT id FROM ${table()} ORDER BY id`)).map((r) => String(r.id))
    lib.operations['test/rows'] = (inputs) => inputs.map(() => ({ ok: true, output: { rows: ids.map((copy, i) => ({ copy, place: 10_000 + i })) } }))
    const id = await begin('fetch')
    await lib.drain()
    expect(await lib.read('stocktake', id, 'status')).toBe('COUNTING')
    expect(await lib.read('copy', ids[0]!, 'shelf')).toBe(10_000)
    expect(await lib.read('copy', ids[ROWS - 1]!, 'shelf')).toBe(10_000 + ROWS - 1)
    for (const { payload } of await lib.house.db.all<{ payload: string }>('SELECT payload FROM jobs')) expect(payload.length).toBeLessThan(1000)
  })
})
