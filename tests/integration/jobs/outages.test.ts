import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { virtualClock } from '#server/platform/clock.ts'
import { AppError } from '#server/platform/errors.ts'
import { processMark } from '#server/platform/process-mark.ts'
import { createJobs, type JobType, type Jobs } from '#server/runtime/jobs/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { MONDAY, testParts } from '../support/runtime.ts'

let t: TestDatabase
let jobs: Jobs
let told: string[] = []
let lines: string[] = []
const { clock, ids, log } = testParts()
const realClock = virtualClock(0)
const job = (type: string, run: JobType['run'], more: Partial<JobType> = {}): JobType => ({ type, input: {}, run, ...more })
const heard = Object.assign(Object.create(log) as typeof log, { error: (_: unknown, text: string) => { lines.push(text) }, info: (_: unknown, text: string) => { lines.push(text) } })
const until = async (done: () => boolean | Promise<boolean>): Promise<void> => { while (!await done()) await new Promise((go) => { setTimeout(go, 5) }) }

beforeEach(async () => {
  t = await testDatabase()
  clock.set(MONDAY)
  realClock.set(1_000_000)
  told = []
  lines = []
  jobs = createJobs({ db: t.db, ids, log: heard, clock, realClock, types: [], leaseMs: 30_000 })
})
afterEach(() => t.close())

describe('what is away for a while', () => {
  it('costs a job no attempt: it is done when the disk has room again', async () => {
    let full = 5
    jobs.declare(job('store', async () => { if (full-- > 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }); return 'stored' }, { retry: { attempts: 2, delayMs: 1_000 } }))
    const id = await jobs.enqueue('store', {})
    for (const waited of [1, 2, 4, 8, 16]) {
      await jobs.drain()
      expect(await jobs.get(id)).toMatchObject({ state: 'queued', attempts: 0, runAt: clock.now() + waited * 1_000, error: { code: 'STORAGE_FULL', person: '服务器存储空间不足，暂时无法保存文件，请联系管理员' } })
      clock.advance(waited * 1_000)
    }
    await jobs.drain()
    expect(await jobs.get(id)).toMatchObject({ state: 'done', result: 'stored', attempts: 1, error: null })
  })
  it('ends a job with its reason when it does not come back', async () => {
    jobs.declare(job('save', async () => { throw new AppError('DB_READ_ONLY', { reason: 'replica' }) }, { retry: { attempts: 2, delayMs: 1 }, failed: async (_, error) => { told.push(error.code) } }))
    const id = await jobs.enqueue('save', {})
    for (let n = 0; n < 20; n++) { await jobs.drain(); clock.advance(3_600_000) }
    expect(await jobs.get(id)).toMatchObject({ state: 'failed', error: { code: 'DB_READ_ONLY', person: '系统目前只能查看，暂时无法保存，请稍后重试' } })
    expect(told).toEqual(['DB_READ_ONLY'])
  })
  it('is told once by a worker that cannot reach its queue, and once when it is over', async () => {
    let away = true
    const mortal = Object.assign(Object.create(t.db) as typeof t.db, { one: (...args: Parameters<typeof t.db.one>) => (away ? Promise.reject(new AppError('DB_UNAVAILABLE', { reason: 'ECONNREFUSED' })) : t.db.one(...args)) })
    const cut = createJobs({ db: mortal, ids, log: heard, clock, realClock, types: [job('late', async () => null)] })
    const id = await cut.enqueue('late', {})
    const worker = cut.worker({ pollMs: 5 })
    worker.start()
    await new Promise((go) => { setTimeout(go, 1_300) })
    away = false
    await until(async () => (await jobs.get(id)).state === 'done')
    await worker.stop()
    expect(lines).toEqual(['the job worker cannot reach its queue', 'the job worker reaches its queue again'])
  })
})

describe('a job that ends for good', () => {
  it('tells whoever waits for it, in the transaction that ends it', async () => {
    const { id: key, tableOptions } = t.db.dialect.types
    await t.db.run(`CREATE TABLE told (n ${key} PRIMARY KEY)${tableOptions}`)
    jobs.declare(job('wrong', async () => { throw new AppError('INPUT_INVALID', { where: 'x', reason: 'y' }) }, { failed: async () => { await t.db.run('INSERT INTO told (n) VALUES (1)') } }))
    await jobs.enqueue('wrong', {})
    await jobs.drain()
    expect(await t.db.one('SELECT COUNT(*) AS n FROM told')).toEqual({ n: 1 })
  })
  it('tells them too when its workers died in every attempt, and keeps nobody else waiting when that goes wrong', async () => {
    jobs.declare(job('deadly', async () => null, { failed: async (_, error) => { told.push(error.code); throw new Error('nobody listens') } }))
    jobs.declare(job('next', async () => 1))
    const [deadly, next] = [await jobs.enqueue('deadly', {}), await jobs.enqueue('next', {})]
    await t.db.run(`UPDATE jobs SET state = 'running', attempts = 3, lease_owner = 'elsewhere:x', lease_until = 0 WHERE id = ?`, [deadly])
    await jobs.drain()
    expect(told).toEqual(['JOB_LEASE_LOST'])
    expect((await jobs.get(deadly)).state).toBe('failed')
    expect((await jobs.get(next)).state).toBe('done')
  })
  it('is stopped, not begun again, when it was to be cancelled as its worker died', async () => {
    jobs.declare(job('long', async () => { told.push('ran'); return null }))
    const id = await jobs.enqueue('long', {})
    await t.db.run(`UPDATE jobs SET state = 'running', attempts = 1, cancel_requested = 1, lease_owner = 'elsewhere:x', lease_until = 0 WHERE id = ?`, [id])
    await jobs.drain()
    expect((await jobs.get(id)).state).toBe('cancelled')
    expect(told).toEqual([])
  })
  it('names the reason that the part it ran in gave for people', async () => {
    jobs.declare(job('print', async () => { throw Object.assign(new Error('Chromium ended'), { code: 'DOCUMENT_PRINTER_CRASHED', userMessage: 'PDF 打印组件意外退出，请重试' }) }, { retry: { attempts: 1 } }))
    const id = await jobs.enqueue('print', {})
    await jobs.drain()
    expect((await jobs.get(id)).error).toMatchObject({ code: 'DOCUMENT_PRINTER_CRASHED', person: 'PDF 打印组件意外退出，请重试', message: 'Chromium ended' })
  })
})

describe('a worker', () => {
  it('takes over at once what a process of this machine did that was killed', async () => {
    jobs.declare(job('left', async () => 'taken over'))
    const id = await jobs.enqueue('left', {})
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const owner = `${processMark().replace(/\d+$/, String(child.pid))}:x`
    await t.db.run(`UPDATE jobs SET state = 'running', attempts = 1, lease_owner = ?, lease_until = ? WHERE id = ?`, [owner, realClock.now() + 30_000, id])
    await jobs.drain()
    expect((await jobs.get(id)).state).toBe('running')
    const ended = new Promise((done) => { child.once('exit', done) })
    child.kill('SIGKILL')
    await ended
    await jobs.drain()
    expect(await jobs.get(id)).toMatchObject({ state: 'done', result: 'taken over' })
  })
  it('fires what is short and recurs while long jobs hold all of its lanes', async () => {
    let open = (): void => undefined
    const gate = new Promise<void>((go) => { open = go })
    jobs.declare(job('long', async () => { told.push('long'); await gate; return null }, { concurrency: 2 }))
    jobs.declare(job('timers', async () => { told.push('timers'); return null }, { short: true, everyMs: 60_000 }))
    await jobs.enqueue('long', {})
    await jobs.enqueue('long', {})
    const worker = jobs.worker({ slots: 2, pollMs: 5 })
    worker.start()
    await until(() => told.length === 3)
    expect(told.toSorted()).toEqual(['long', 'long', 'timers'])
    open()
    await worker.stop()
  })
})
