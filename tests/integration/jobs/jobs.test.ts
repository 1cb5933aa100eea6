import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { virtualClock } from '#server/platform/clock.ts'
import { AppError } from '#server/platform/errors.ts'
import { createJobs, defineJob, type JobType, type Jobs } from '#server/runtime/jobs/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { MONDAY, testParts } from '../support/runtime.ts'

let t: TestDatabase
let jobs: Jobs
const { clock, ids, log } = testParts()
const realClock = virtualClock(0)
let calls: string[] = []
const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false }

const job = (type: string, run: JobType['run'], more: Partial<JobType> = {}): JobType => ({ type, input: schema, run, ...more })
const double = defineJob<{ n: number }, number>({ type: 'double', input: schema, run: async ({ n }) => n * 2 })

beforeEach(async () => {
  t = await testDatabase()
  const { id, tableOptions } = t.db.dialect.types
  await t.db.run(`CREATE TABLE made (n ${id} PRIMARY KEY)${tableOptions}`)
  clock.set(MONDAY)
  realClock.set(1_000_000)
  calls = []
  jobs = createJobs({ db: t.db, ids, log, clock, realClock, types: [double], leaseMs: 30_000 })
})
afterEach(() => t.close())
const made = async (): Promise<number> => (await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM made'))!.n

describe('a queued job', () => {
  it('runs once and keeps its result', async () => {
    const id = await jobs.enqueue('double', { n: 21 }, { createdBy: '7', org: '8' })
    expect(await jobs.drain()).toEqual({ done: 1, failed: 0, cancelled: 0, repeated: 0, waiting: 0 })
    expect(await jobs.get(id)).toMatchObject({ state: 'done', result: 42, createdBy: '7', org: '8', finishedAt: MONDAY })
  })
  it('does not exist when the transaction that queued it is undone', async () => {
    await expect(t.db.tx(async () => { await jobs.enqueue('double', { n: 1 }); throw new Error('undone') })).rejects.toThrow('undone')
    expect((await jobs.drain()).done).toBe(0)
  })
  it('is the same job for the same key', async () => {
    const a = await jobs.enqueue('double', { n: 1 }, { key: 'import-5' })
    const b = await jobs.enqueue('double', { n: 2 }, { key: 'import-5' })
    expect(b).toBe(a)
    expect((await jobs.drain()).done).toBe(1)
    expect((await jobs.find('import-5'))!.result).toBe(2)
  })
  it('waits for its time', async () => {
    await jobs.enqueue('double', { n: 1 }, { runAt: MONDAY + 60_000 })
    expect(await jobs.drain()).toMatchObject({ done: 0, waiting: 1 })
    clock.advance(60_000)
    expect(await jobs.drain()).toMatchObject({ done: 1, waiting: 0 })
  })
  it('is refused with a payload that does not fit or holds an ID number', async () => {
    await expect(jobs.enqueue('double', { n: 'x' })).rejects.toThrow(/job double: payload\/n must be integer/)
    await expect(jobs.enqueue('nothing', {})).rejects.toMatchObject({ code: 'JOB_TYPE_UNKNOWN' })
    jobs.declare(job('free', async () => null, { input: {} }))
    await expect(jobs.enqueue('free', { who: '37068219900101354X' })).rejects.toThrow(/personal number/)
  })
})

describe('a failing job', () => {
  it('is repeated with growing delays and then failed, with the error in sight', async () => {
    jobs.declare(job('flaky', async () => { calls.push('x'); throw new Error('the printer of 37068219900101354X is out of paper') }, { retry: { attempts: 3, delayMs: 1_000 } }))
    const id = await jobs.enqueue('flaky', { n: 1 })
    expect(await jobs.drain()).toMatchObject({ repeated: 1, waiting: 1 })
    clock.advance(999)
    expect(await jobs.drain()).toMatchObject({ repeated: 0 })
    clock.advance(1)
    expect(await jobs.drain()).toMatchObject({ repeated: 1 })
    clock.advance(2_000)
    expect(await jobs.drain()).toMatchObject({ failed: 1 })
    const view = await jobs.get(id)
    expect(view).toMatchObject({ state: 'failed', attempts: 3, error: { attempt: 3, code: 'INTERNAL' } })
    expect(view.error!.message).toContain('out of paper')
    expect(view.error!.message).not.toContain('19900101')
  })
  it('is not repeated for a refusal', async () => {
    jobs.declare(job('refused', async () => { throw new AppError('INPUT_INVALID', { where: 'row 5', reason: 'no such school' }) }))
    const id = await jobs.enqueue('refused', { n: 1 })
    expect(await jobs.drain()).toMatchObject({ failed: 1, waiting: 0 })
    expect((await jobs.get(id)).error).toMatchObject({ code: 'INPUT_INVALID', person: '提交的内容不符合要求：no such school' })
  })
  it('goes on from its checkpoint when somebody repeats it', async () => {
    let broken = true
    jobs.declare(job('steps', async (_, ctx) => {
      for (let n = Number(ctx.checkpoint ?? 0); n < 4; n++) {
        if (n === 2 && broken) throw new AppError('OPERATION_FAILED', { operation: 'x', reason: 'down' })
        await ctx.commit(async (x) => { calls.push(`row ${n}`); await x.run('INSERT INTO made (n) VALUES (?)', [n]); return { checkpoint: n + 1, done: n + 1, total: 4 } })
      }
      return null
    }, { retry: { attempts: 1 } }))
    const id = await jobs.enqueue('steps', { n: 1 })
    expect(await jobs.drain()).toMatchObject({ failed: 1 })
    expect((await jobs.get(id)).progress).toMatchObject({ done: 2, total: 4 })
    broken = false
    await jobs.retry(id)
    expect(await jobs.drain()).toMatchObject({ done: 1 })
    expect(calls).toEqual(['row 0', 'row 1', 'row 2', 'row 3'])
    await expect(jobs.retry(id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
  it('undoes the rows of a chunk whose checkpoint did not commit', async () => {
    jobs.declare(job('half', async (_, ctx) => {
      await ctx.commit(async (x) => { await x.run('INSERT INTO made (n) VALUES (1)'); throw new AppError('RULE_FAILED', { rule: 'r', where: 'w', message: 'm' }) })
      return null
    }))
    await jobs.enqueue('half', { n: 1 })
    expect(await jobs.drain()).toMatchObject({ failed: 1 })
    expect(await made()).toBe(0)
  })
})

describe('a running job', () => {
  it('stops at the next chunk when it is cancelled, without the rows of that chunk', async () => {
    jobs.declare(job('long', async (_, ctx) => {
      for (let n = 0; n < 5; n++) await ctx.commit(async (x) => { await x.run('INSERT INTO made (n) VALUES (?)', [n]); if (n === 2) await t.db.run('UPDATE jobs SET cancel_requested = 1 WHERE id = ?', [ctx.job.id]); return { checkpoint: n } })
      return null
    }))
    const id = await jobs.enqueue('long', { n: 1 })
    expect(await jobs.drain()).toMatchObject({ cancelled: 1 })
    expect((await jobs.get(id)).state).toBe('cancelled')
    expect(await made()).toBe(2)
  })
  it('loses its rows when another worker has taken it over', async () => {
    jobs.declare(job('stolen', async (_, ctx) => {
      await t.db.run('UPDATE jobs SET lease_owner = ? WHERE id = ?', ['somebody else', ctx.job.id])
      await ctx.commit(async (x) => { await x.run('INSERT INTO made (n) VALUES (1)'); return { checkpoint: 1 } })
      return null
    }))
    const id = await jobs.enqueue('stolen', { n: 1 })
    await jobs.drain()
    expect(await made()).toBe(0)
    expect((await jobs.get(id)).state).toBe('running')
  })
  it('is taken over when the lease of its worker has run out, and failed when that happens in every attempt', async () => {
    const id = await jobs.enqueue('double', { n: 1 })
    await t.db.run(`UPDATE jobs SET state = 'running', attempts = 1, lease_owner = 'elsewhere:1:x', lease_until = ? WHERE id = ?`, [realClock.now() + 500, id])
    expect(await jobs.drain()).toMatchObject({ done: 0 })
    realClock.advance(501)
    expect(await jobs.drain()).toMatchObject({ done: 1 })
    const poison = await jobs.enqueue('double', { n: 2 })
    await t.db.run(`UPDATE jobs SET state = 'running', attempts = 3, lease_owner = 'elsewhere:1:x', lease_until = 0 WHERE id = ?`, [poison])
    await jobs.drain()
    expect(await jobs.get(poison)).toMatchObject({ state: 'failed', error: { code: 'JOB_LEASE_LOST' } })
  })
  it('is ended at its time limit', async () => {
    jobs.declare(job('slow', async (_, ctx) => { await new Promise((go) => { ctx.signal.addEventListener('abort', go) }); ctx.signal.throwIfAborted(); return null }, { timeoutMs: 30, retry: { attempts: 1 } }))
    const id = await jobs.enqueue('slow', { n: 1 })
    expect(await jobs.drain()).toMatchObject({ failed: 1 })
    expect((await jobs.get(id)).error).toMatchObject({ code: 'JOB_TIMEOUT' })
  })
})

describe('a worker', () => {
  it('runs jobs as they come, no more of one type than allowed, and gives back what runs when it stops', async () => {
    let now = 0, most = 0
    const gate: (() => void)[] = []
    jobs.declare(job('gated', async (_, ctx) => {
      most = Math.max(most, ++now)
      await Promise.race([new Promise<void>((go) => { gate.push(go) }), new Promise<void>((go) => { ctx.signal.addEventListener('abort', () => go()) })])
      now -= 1
      ctx.signal.throwIfAborted()
      return null
    }, { concurrency: 2 }))
    const all = []
    for (let n = 0; n < 4; n++) all.push(await jobs.enqueue('gated', { n }))
    const worker = jobs.worker({ slots: 4, pollMs: 5 })
    worker.start()
    while (gate.length < 2) await new Promise((go) => { setTimeout(go, 5) })
    gate.shift()!()
    while (gate.length < 2) await new Promise((go) => { setTimeout(go, 5) })
    await worker.stop()
    expect(most).toBe(2)
    const states = await Promise.all(all.map(async (id) => (await jobs.get(id)).state))
    expect(states.sort()).toEqual(['done', 'queued', 'queued', 'queued'])
    expect((await jobs.list({ type: 'gated', state: 'queued' })).every((j) => j.attempts === 0)).toBe(true)
  })
  it('queues a repeating job once per period', async () => {
    jobs.declare(job('hourly', async () => null, { input: {}, everyMs: 3_600_000 }))
    await jobs.recur()
    await jobs.recur()
    expect((await jobs.drain()).done).toBe(1)
    clock.advance(3_600_000)
    await jobs.recur()
    expect((await jobs.drain()).done).toBe(1)
  })
})
