import { describe, expect, it } from 'vitest'
import { AppError } from '#server/platform/errors.ts'
import { changed, maskedAgain } from './changed.ts'
import { ofError, ofProblems, problem } from './problem.ts'
import { rateLimit } from './rate-limit.ts'

describe('what a patch really changes', () => {
  const shown = { id: '7', rev: 3, name: '王小八', idNo: '110***********0610', address: { city: '北京', street: '一路' }, tags: ['a'] }
  it('is nothing when what was read is sent back', () => expect(changed(structuredClone(shown), shown)).toEqual({}))
  it('leaves masked values out and keeps changes, also inside objects', () => {
    expect(changed({ ...shown, name: '王大', address: { city: '北京', street: '二路' }, tags: ['a', 'b'] }, shown)).toEqual({ name: '王大', address: { street: '二路' }, tags: ['a', 'b'] })
  })
  it('keeps null, which empties, where there was a value', () => expect(changed({ name: null, missing: null }, shown)).toEqual({ name: null }))
  it('finds masked values in a list that is replaced', () => {
    const list = { contacts: [{ _id: 'a', name: '甲', phone: '138****0001' }] }
    expect(maskedAgain({ contacts: [{ _id: 'a', name: '乙', phone: '138****0001' }] }, list, ['contacts.0.phone'])).toEqual(['contacts.0.phone'])
    expect(maskedAgain({ contacts: [{ _id: 'a', name: '乙', phone: '13800000009' }] }, list, ['contacts.0.phone'])).toEqual([])
  })
})

describe('the limit on requests', () => {
  it('lets the allowance through, then tells how long to wait, and lets go on after that', () => {
    let now = 0
    const limit = rateLimit({ windowMs: 60_000, most: 3 }, () => now)
    expect([1, 2, 3].map(() => limit.hit('a'))).toEqual([0, 0, 0])
    const wait = limit.hit('a')
    expect(wait).toBeGreaterThan(59)
    expect(limit.hit('b')).toBe(0)
    now += wait * 1000
    expect(limit.hit('a')).toBe(0)
  })
  it('counts what was asked before the window turned', () => {
    let now = 59_000
    const limit = rateLimit({ windowMs: 60_000, most: 10 }, () => now)
    for (let i = 0; i < 10; i++) limit.hit('a')
    now = 61_000
    expect(limit.peek('a')).toBe(0)
    expect(limit.hit('a')).toBe(0)
    expect(limit.hit('a')).toBeGreaterThan(0)
    now += limit.hit('a') * 1000
    expect(limit.hit('a')).toBe(0)
  })
  it('does not count a peek', () => {
    const limit = rateLimit({ windowMs: 60_000, most: 1 }, () => 0)
    expect([limit.peek('a'), limit.peek('a'), limit.hit('a')]).toEqual([0, 0, 0])
    expect(limit.peek('a')).toBeGreaterThan(0)
  })
})

describe('problem documents', () => {
  it('carry every reason with its place', () => {
    expect(problem(422, 'REQUIRED', [{ code: 'REQUIRED', message: '姓名：必填', path: 'name' }, { code: 'SCHEMA_type', message: '人数：应为整数', path: 'majors.0.applied' }])).toEqual({
      status: 422, headers: { 'Content-Type': 'application/problem+json; charset=utf-8' },
      body: { type: 'urn:certflow:problem:required', title: 'Unprocessable Entity', status: 422, code: 'REQUIRED', detail: '姓名：必填；人数：应为整数', problems: [{ code: 'REQUIRED', message: '姓名：必填', path: 'name' }, { code: 'SCHEMA_type', message: '人数：应为整数', path: 'majors.0.applied' }] },
    })
  })
  it('say nothing of what only the log may know', () => {
    const secret = new Error('SELECT secret FROM t_users')
    for (const error of [secret, new AppError('DB_TIMEOUT', { seconds: 2, sql: 'SELECT secret FROM t_users' }), new AppError('DECRYPT_FAILED', { where: 't_users' }, { cause: secret })]) {
      const reply = ofError(error, 'r-1')
      expect(JSON.stringify(reply)).not.toMatch(/SELECT|t_users|\.ts/)
      expect(reply.status).toBeGreaterThanOrEqual(500)
    }
    expect(ofError(secret, 'r-1').body).toMatchObject({ status: 500, code: 'INTERNAL', reference: 'r-1' })
  })
  it('tell a missing record, a forbidden act and a broken rule apart', () => {
    expect(['NOT_FOUND', 'FORBIDDEN', 'NOT_AVAILABLE', 'REQUIRED'].map((code) => ofProblems([{ code, message: 'x' }]).status)).toEqual([404, 403, 409, 422])
  })
})
