import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { virtualClock } from './clock.ts'
import { loadConfig } from './config.ts'
import { AppError, catalogue, refusal } from './errors.ts'
import { createIds, ID_EPOCH } from './ids.ts'
import { createLog } from './log.ts'
import { seededRandom } from './random.ts'
import { sharedClock } from './shared-clock.ts'

let dir = ''
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'certflow-')) })
afterEach(() => { rmSync(dir, { recursive: true }) })

describe('the configuration', () => {
  it('starts with nothing set', () => {
    const c = loadConfig({}, '/srv')
    expect(c.database).toEqual({ url: 'sqlite:/srv/var/certflow.sqlite', poolSize: 10, synchronous: 'NORMAL' })
    expect(c.http.host).toBe('127.0.0.1')
    expect(c.zone).toBe('Asia/Shanghai')
    expect(c.clock).toEqual({ kind: 'system' })
  })
  it('lists all problems at once and shows no secret', () => {
    const load = () => loadConfig({ PORT: 'abc', DATABASE_URL: 'postgres://u:topsecret@h/d', TZ: 'Mars/Base', SQLITE_SYNC: 'OFF' }, '/srv')
    expect(load).toThrow(/PORT: [^]*DATABASE_URL: |DATABASE_URL: [^]*PORT: /)
    expect(load).toThrow(/TZ: is not a time zone/)
    expect(load).toThrow(/SQLITE_SYNC: .*found "OFF"/)
    try { load() } catch (e) { expect((e as Error).message).not.toContain('topsecret') }
  })
  it('takes the sender of mail from its setting or from the name that signs in, and insists on one', () => {
    expect(loadConfig({ SMTP_URL: 'smtps://certflow:p@mail.example:465', SMTP_FROM: 'noreply@exams.example' }, '/srv').smtp).toEqual({ url: 'smtps://certflow:p@mail.example:465', from: 'noreply@exams.example' })
    expect(loadConfig({ SMTP_URL: 'smtp://exams%40school.example:p@mail.example' }, '/srv').smtp?.from).toBe('exams@school.example')
    expect(() => loadConfig({ SMTP_URL: 'smtp://mail.example' }, '/srv')).toThrow(/SMTP_FROM: must be given with SMTP_URL/)
    expect(() => loadConfig({ SMTP_URL: 'smtp://mail.example', SMTP_FROM: 'nobody' }, '/srv')).toThrow(/SMTP_FROM: must be one mail address/)
  })
  it('names the settings that have no effect, and why', () => {
    const s3 = { S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'b', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 's' }
    const found = loadConfig({ REDIS_URL: 'redis://h', ...s3, SMTP_FROM: 'a@b.example' }, '/srv').withoutEffect
    expect(found.map((f) => f.setting.split(',')[0])).toEqual(['REDIS_URL', 'S3_ENDPOINT', 'SMTP_FROM'])
    expect(found.every((f) => f.why.length > 20)).toBe(true)
    expect(loadConfig({}, '/srv').withoutEffect).toEqual([])
  })
  it('refuses half of a storage configuration', () => {
    expect(() => loadConfig({ S3_BUCKET: 'b' }, '/srv')).toThrow(/S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY: must be set together/)
  })
})

describe('identities', () => {
  it('are decimal, ascending and safe integers', () => {
    const ids = createIds({ now: () => Date.UTC(2059, 0, 1), node: 31 })
    const many = ids.many(1000)
    expect(many.every((id) => /^\d+$/.test(id) && Number.isSafeInteger(Number(id)))).toBe(true)
    expect(many.map(Number)).toEqual([...many.map(Number)].sort((a, b) => a - b))
    expect(new Set(many).size).toBe(1000)
  })
  it('never meet those of another node at the same instant', () => {
    const now = () => Date.UTC(2026, 5, 1)
    const all = [0, 1, 31].flatMap((node) => createIds({ now, node }).many(2000))
    expect(new Set(all).size).toBe(6000)
  })
  it('stay ascending when the clock is set back', () => {
    const clock = virtualClock(ID_EPOCH + 1000)
    const ids = createIds({ now: clock.now, node: 1 })
    const a = Number(ids.next())
    clock.set(ID_EPOCH)
    expect(Number(ids.next())).toBeGreaterThan(a)
  })
  it('start above the floor of the previous holder', () => {
    const before = createIds({ now: () => ID_EPOCH, node: 3 })
    const last = before.many(5000).at(-1)!
    expect(Number(createIds({ now: () => ID_EPOCH, node: 3, floor: before.reached() + 1 }).next())).toBeGreaterThan(Number(last))
  })
})

describe('clock and chance', () => {
  it('shares one virtual time between processes', async () => {
    const real = virtualClock(1_000)
    const a = sharedClock(join(dir, 'clock.json'), real)
    const b = sharedClock(join(dir, 'clock.json'), real)
    a.set(50_000)
    real.advance(300)
    expect([a.now(), b.now()]).toEqual([50_000, 50_000])
    b.advance(500)
    real.advance(300)
    expect(a.now()).toBe(50_500)
    a.reset()
    real.advance(300)
    expect(b.now()).toBe(1_900)
  })
  it('repeats itself for the same seed', () => {
    const a = seededRandom(7), b = seededRandom(7)
    expect(a.shuffle([1, 2, 3, 4, 5])).toEqual(b.shuffle([1, 2, 3, 4, 5]))
    expect(Array.from({ length: 200 }, () => a.int(3, 6)).every((n) => n >= 3 && n < 6)).toBe(true)
  })
})

describe('errors and log', () => {
  it('carry one text for the log and one for the person', () => {
    const e = new AppError('TOO_LARGE', { what: 'upload', limit: '2 MB' })
    expect([e.status, e.message, e.person]).toEqual([413, 'upload exceeds the limit of 2 MB', '内容超过上限 2 MB'])
    expect(refusal('TOO_LARGE', { limit: 1 }, { where: 'photo' })).toMatchObject({ code: 'TOO_LARGE', message: '内容超过上限 1', where: 'photo' })
  })
  it('have a Chinese text and a known status for every code', () => {
    for (const [code, entry] of Object.entries(catalogue)) {
      expect(entry.zh, code).toMatch(/[一-龥]|^\{message\}$/)
      expect(entry.status, code).toBeGreaterThanOrEqual(400)
    }
  })
  it('mask personal numbers and secrets in log lines', () => {
    const lines: string[] = []
    const log = createLog({ level: 'info' }, { write: (line: string) => { lines.push(line) } })
    log.info({ password: 'hunter2', user: { token: 'abc' } }, 'row 37068219900101354X of 13912345678 failed, id 9007199254740991')
    expect(lines[0]).not.toMatch(/hunter2|abc|19900101|12345678/)
    expect(lines[0]).toContain('9007199254740991')
    log.error({ err: new AppError('NOT_FOUND', { what: 'file', id: '7' }) })
    expect(JSON.parse(lines[1]!)).toMatchObject({ err: { code: 'NOT_FOUND', message: 'file 7 not found' } })
  })
  it('writes a secrets file only its owner can read', async () => {
    const { loadSecrets } = await import('./crypto.ts')
    const file = join(dir, 'deep', 'secrets.json')
    const first = loadSecrets(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(loadSecrets(file)).toEqual(first)
    expect(() => loadSecrets('{"current":"k2","keys":{}}')).toThrow(/blindIndex/)
  })
})
