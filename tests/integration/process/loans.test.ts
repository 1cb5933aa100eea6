import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listIncidents, retryIncident, skipIncident } from '#server/runtime/process/index.ts'
import { saveSet, trailOf } from '#server/runtime/records/index.ts'
import { messages, openLibrary, type Library } from '../../support/library/open-library.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let lib: Library
beforeAll(async () => { lib = await openLibrary() })
afterAll(() => lib.close())

let n = 0
/** A loan that has been handed in for review. */
async function inReview(book?: string): Promise<string> {
  const [title] = book ? [{ id: book }] : await saveSet(lib.house.core.engine, lib.house.core.system('town'), lib.def('book'), [{ data: { name: `书${n++}`, branch: lib.id('organisation.east'), kind: 'NOVEL', price: 1, lendable: true } }], { via: { kind: 'effect' } })
  const d = await lib.create('east.a', 'loan', { book: title!.id, member: lib.id(n % 2 ? 'member.anna' : 'member.ben') })
  expect(messages(d)).toEqual([])
  expect((await lib.press('east.a', 'loan', 'submit', [d.id])).done).toEqual([d.id])
  return d.id
}
const lent = async (): Promise<string> => { const id = await inReview(); await lib.press('east.a', 'loan', 'approve', [id]); await lib.drain(); expect(await status(id)).toBe('LENT'); return id }
const status = (id: string) => lib.read('loan', id, 'status')
const said = (r: { refused: { problems: { message: string }[] }[] }) => r.refused.flatMap((x) => x.problems.map((p) => p.message))
const trail = async (id: string) => (await trailOf(lib.house.core.engine, lib.def('loan'), id)).filter((e) => e.kind === 'outcome').map((e) => e.outcome).reverse()

describe('a review', () => {
  it('is taken by the first of two reviewers; the second learns that', async () => {
    const id = await inReview()
    const [a, b] = await Promise.all([lib.press('east.a', 'loan', 'approve', [id]), lib.press('east.b', 'loan', 'approve', [id])])
    expect([a.done.length, b.done.length].sort()).toEqual([0, 1])
    expect(said(a.done.length ? b : a)).toEqual(['已被他人处理'])
    await lib.drain()
    expect(await status(id)).toBe('LENT')
    const calls = await lib.house.db.all<{ payload: string }>("SELECT payload FROM jobs WHERE type = 'process.operation'")
    expect(calls.map((c) => (JSON.parse(c.payload) as { title: string }).title)).toEqual(['核验'])
  })
  it('is not for another branch, a rule keeps its button shut, and a return needs words', async () => {
    const id = await inReview()
    expect(said(await lib.press('west.a', 'loan', 'approve', [id]))).toEqual(['记录不存在，可能已被删除或您无权查看'])
    expect(said(await lib.press(String(await lib.read('loan', id, 'member.user.name')), 'loan', 'approve', [id]))).toEqual(['当前状态下不能进行此操作'])
    expect(said(await lib.press('east.a', 'loan', 'return', [id]))).toEqual(['请填写意见'])
    expect((await lib.press('east.a', 'loan', 'return', [id], { comment: '补充备注' })).done).toEqual([id])
    expect(await status(id)).toBe('RETURNED')
    expect(messages(await lib.edit('east.a', 'loan', id, { memo: '坏' }))).toEqual([])
    expect(messages(await lib.edit('east.a', 'loan', id, { book: lib.id('book.novel') }))).toEqual(['图书：当前状态下不能修改'])
    await lib.press('east.a', 'loan', 'submit', [id])
    expect(said(await lib.press('east.a', 'loan', 'approve', [id]))).toEqual(['备注有误，不能通过'])
    const events = await trailOf(lib.house.core.engine, lib.def('loan'), id)
    expect(events.find((e) => e.outcome === 'return')).toMatchObject({ comment: '补充备注', role: 'branch', actor: lib.id('user.east.a') })
    expect(await trail(id)).toEqual(['submit', 'return', 'submit'])
  })
})

describe('an operation', () => {
  it('that fails is an incident; mended and tried again it is known outside as the same work', async () => {
    const keys: string[] = []
    lib.operations['test/check'] = (inputs) => inputs.map((i) => { keys.push(i.key); return keys.length === 1 ? { ok: false, error: { code: 'DOWN', message: '对方停机' } } : { ok: true, output: { verdict: 'fine' } } })
    const id = await inReview()
    await lib.press('east.a', 'loan', 'approve', [id])
    await lib.drain()
    const call = lib.house.core.system('town')
    const [incident] = await listIncidents(lib.house.core.processes, call, { record: id })
    expect(incident).toMatchObject({ code: 'DOWN', element: 'check', record: id })
    expect(await status(id)).toBe('CHECK')
    expect(await retryIncident(lib.house.core.processes, call, incident!.id)).toEqual({ ok: true })
    await lib.drain()
    expect(await status(id)).toBe('LENT')
    expect(keys).toHaveLength(2)
    expect(keys[1]).toBe(keys[0])
    expect(await listIncidents(lib.house.core.processes, call, { record: id })).toEqual([])
    expect(await retryIncident(lib.house.core.processes, call, incident!.id)).toMatchObject({ ok: false, problems: [{ message: '已被他人处理' }] })
  })
  it('can be skipped, but not without a reason', async () => {
    lib.operations['test/check'] = (inputs) => inputs.map(() => ({ ok: false, error: { code: 'DOWN', message: '对方停机' } }))
    const id = await inReview()
    await lib.press('east.a', 'loan', 'approve', [id])
    await lib.drain()
    const call = await lib.as('central')
    const [incident] = await listIncidents(lib.house.core.processes, call, { record: id })
    expect(await skipIncident(lib.house.core.processes, call, incident!.id, ' ')).toMatchObject({ ok: false, problems: [{ code: 'REASON_REQUIRED' }] })
    expect(await skipIncident(lib.house.core.processes, call, incident!.id, '已电话核验')).toEqual({ ok: true })
    expect(await status(id)).toBe('LENT')
    expect((await trailOf(lib.house.core.engine, lib.def('loan'), id)).find((e) => e.outcome === 'skip')).toMatchObject({ comment: '已电话核验', actor: lib.id('user.central') })
    delete lib.operations['test/check']
  })
  it('that answers after its step was interrupted changes nothing, even when the record waits there again', async () => {
    const id = await inReview()
    await lib.press('east.a', 'loan', 'approve', [id])
    const job = (await lib.house.db.all<{ id: number; payload: string }>("SELECT id, payload FROM jobs WHERE type = 'process.operation' AND state = 'queued'")).at(-1)!
    await lib.house.db.run("UPDATE jobs SET state = 'cancelled' WHERE id = ?", [job.id])
    await lib.advance(2 * HOUR)
    expect(await status(id)).toBe('RETURNED')
    await lib.press('east.a', 'loan', 'submit', [id])
    await lib.press('east.a', 'loan', 'approve', [id])
    expect(await status(id)).toBe('CHECK')
    await lib.house.db.run("UPDATE jobs SET run_at = run_at + 3600000000 WHERE state = 'queued'", [])
    await lib.house.db.run("UPDATE jobs SET state = 'queued', run_at = 0 WHERE id = ?", [job.id])
    await lib.drain()
    expect(await status(id)).toBe('CHECK')
    await lib.house.db.run("UPDATE jobs SET run_at = 0 WHERE state = 'queued'", [])
    await lib.drain()
    expect(await status(id)).toBe('LENT')
  })
})

describe('timers and conditions', () => {
  it('follow a row of another record: armed when its date comes, moved with it, fired once', async () => {
    const book = await lib.create('central', 'book', { name: '钟', branch: lib.id('organisation.east'), kind: 'NOVEL', price: 1 })
    const id = await inReview(book.id)
    await lib.press('east.a', 'loan', 'approve', [id])
    await lib.drain()
    await lib.advance(30 * DAY)
    expect(await status(id)).toBe('LENT')
    const at = (ms: number) => new Date(lib.clock.now() + ms).toISOString()
    await lib.edit('central', 'book', book.id, { dueAt: at(2 * DAY) })
    await lib.edit('central', 'book', book.id, { dueAt: at(3 * DAY) })
    await lib.advance(2 * DAY + HOUR)
    expect(await status(id)).toBe('LENT')
    await lib.advance(DAY)
    expect(await status(id)).toBe('OVERDUE')
    await lib.edit('central', 'book', book.id, { dueAt: at(DAY) })
    expect(await status(id)).toBe('OVERDUE')
  })
  it('of a cycle fire as often as drawn, also those missed while nobody was there', async () => {
    const book = await lib.create('central', 'book', { name: '环', branch: lib.id('organisation.east'), kind: 'NOVEL', price: 1, dueAt: new Date(lib.clock.now() + DAY).toISOString() })
    const id = await inReview(book.id)
    await lib.press('east.a', 'loan', 'approve', [id])
    await lib.drain()
    await lib.advance(DAY + HOUR)
    expect(await status(id)).toBe('OVERDUE')
    await lib.advance(DAY)
    expect(await lib.read('loan', id, 'tries')).toBe(1)
    const { runTimers } = await import('#server/runtime/process/index.ts')
    lib.clock.set(lib.clock.now() + 10 * DAY)
    await runTimers(lib.house.core.processes, lib.clock.now())
    expect(await lib.read('loan', id, 'tries')).toBe(3)
    expect((await lib.house.db.all('SELECT t.id FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE p.record_id = ? AND t.fired_at IS NULL', [Number(id)])).length).toBe(0)
  })
  it('that wait for a condition of another record go on when it comes true', async () => {
    const id = await lent()
    const other = await lent()
    await lib.edit('central', 'book', String(await lib.read('loan', id, 'book.id')), { closed: true })
    expect(await status(id)).toBe('OVERDUE')
    expect(await status(other)).toBe('LENT')
  })
})

describe('messages and signals', () => {
  it('an event sub-process takes a message at any time and ends what was open', async () => {
    const id = await inReview()
    expect(said(await lib.press('east.a', 'loan', 'hold', [id]))).toEqual(['当前状态下不能进行此操作'])
    expect((await lib.press('central', 'loan', 'hold', [id])).done).toEqual([id])
    expect(await status(id)).toBe('HELD')
    expect((await lib.house.db.all('SELECT id FROM tasks WHERE record_id = ? AND completed_at IS NULL', [Number(id)])).length).toBe(0)
  })
  it('reach the records that the diagram names, and everybody who listens', async () => {
    const waiting = await lent()
    const late = await lent()
    await lib.edit('central', 'book', String(await lib.read('loan', late, 'book.id')), { closed: true })
    expect(await status(late)).toBe('OVERDUE')
    const stock = await lib.create('central', 'stocktake', { name: '通知', branch: lib.id('organisation.east') })
    expect((await lib.press('central', 'stocktake', 'tellAll', [stock.id])).done).toEqual([stock.id])
    await lib.drain()
    expect(await status(waiting)).toBe('BACK')
    expect(await lib.read('loan', waiting, 'returnedAt')).not.toBeNull()
    expect(await status(late)).toBe('BACK')
    expect(await lib.read('stocktake', stock.id, 'status')).toBe('COUNTING')
  })
})

describe('what a step makes', () => {
  it('is made once, and who presses is told when it cannot be', async () => {
    const id = await lent()
    await lib.edit('central', 'book', String(await lib.read('loan', id, 'book.id')), { closed: true })
    expect((await lib.press('east.a', 'loan', 'settle', [id])).done).toEqual([id])
    expect((await lib.house.db.all(`SELECT id FROM ${lib.def('fine').table} WHERE loan = ?`, [Number(id)])).length).toBe(1)
    expect(await status(id)).toBe('BACK')
    expect(said(await lib.press('east.a', 'loan', 'settle', [id]))).toEqual(['当前状态下不能进行此操作'])
  })
})
