import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIdentity } from '#server/adapters/identity/index.ts'
import { createLedger } from '#server/adapters/ledger/index.ts'
import { createSeal } from '#server/adapters/seal/index.ts'
import { createSms } from '#server/adapters/sms/index.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { APP, httpService, SECRET, signatureProblem, type Reply, type Seen } from '../../support/adapters/http-service.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { MONDAY } from '../support/runtime.ts'

let service: Awaited<ReturnType<typeof httpService>> | undefined
let test: TestDatabase
beforeEach(async () => { test = await testDatabase() })
afterEach(async () => { await service?.close(); service = undefined; await test.close() })
const clock = virtualClock(MONDAY)
const settings = async (answer: (seen: Seen, n: number) => Reply) => {
  service = await httpService(answer)
  return { url: `${service.url}/v1/service`, appId: APP, secret: SECRET, pauseMs: 1, timeoutMs: 200, retries: 2 }
}
const person = { key: 'k1', name: '王小八', idNo: '11010519491231002X', photo: Buffer.from('photo') }

describe('identity service', () => {
  const register = (seen: Seen): Reply => {
    const wrong = signatureProblem(seen, MONDAY)
    if (wrong) return { status: 401, body: { message: wrong } }
    return { status: 200, body: { requestId: seen.json['requestId'], result: seen.json['name'] === '王小八' && seen.json['photo'] === Buffer.from('photo').toString('base64') ? 'MATCH' : 'MISMATCH' } }
  }
  it('is asked with a signed request and its verdict is passed on', async () => {
    const port = createIdentity(await settings(register), clock)
    expect(await port.verify(person)).toEqual({ ok: true, match: true })
    expect(await port.verify({ ...person, name: '李大伟' })).toEqual({ ok: true, match: false })
  })
  it('refuses a wrong secret once and for all', async () => {
    const port = createIdentity({ ...(await settings(register)), secret: 'another secret, also long enough' }, clock)
    expect(await port.verify(person)).toMatchObject({ ok: false, code: 'HTTP_401', retry: false })
    expect(service!.seen).toHaveLength(1)
  })
  it.each([
    ['busy', { status: 503, body: {} }], ['asking for patience', { status: 429, body: {}, headers: { 'retry-after': '0' } }], ['cut off', { status: 200, body: {}, cut: true }],
  ] as [string, Reply][])('is asked again when it is %s', async (_what, first) => {
    const port = createIdentity(await settings((seen, n) => (n < 3 ? first : register(seen))), clock)
    expect(await port.verify(person)).toEqual({ ok: true, match: true })
    expect(service!.seen).toHaveLength(3)
    expect(new Set(service!.seen.map((s) => s.json['requestId'])).size).toBe(1)
  })
  it('gives up after its tries and says that it may work later', async () => {
    const port = createIdentity(await settings(() => ({ status: 200, body: {}, hang: true })), clock)
    expect(await port.verify(person)).toMatchObject({ ok: false, code: 'TIMEOUT', retry: true })
    expect(service!.seen).toHaveLength(3)
  })
  it.each([
    ['no JSON', 'hello'], ['another question', { requestId: 'k2', result: 'MATCH' }], ['an unknown verdict', { requestId: 'k1', result: 'PERHAPS' }],
  ])('takes %s for no answer', async (_what, body) => {
    const port = createIdentity(await settings(() => ({ status: 200, body })), clock)
    expect(await port.verify(person)).toMatchObject({ ok: false, code: 'ANSWER_INVALID', retry: false })
  })
  it('does not follow a redirect with personal data', async () => {
    const port = createIdentity(await settings(() => ({ status: 307, body: {}, headers: { location: 'http://127.0.0.1:9/elsewhere' } })), clock)
    expect(await port.verify(person)).toMatchObject({ ok: false })
  })
})

describe('ledger service', () => {
  it('waits for a pending transaction and answers where it stands', async () => {
    const port = createLedger(await settings((seen, n) => {
      if (signatureProblem(seen, MONDAY)) return { status: 401, body: {} }
      if (seen.method === 'POST') return seen.headers['idempotency-key'] === 'c/1' ? { status: 202, body: { txHash: '0xab', state: 'pending' } } : { status: 400, body: {} }
      if (seen.path !== '/v1/service/transactions/0xab') return { status: 404, body: {} }
      return { status: 200, body: n < 3 ? { txHash: '0xab', state: 'pending' } : { txHash: '0xab', state: 'confirmed', blockHeight: 77, blockHash: '0xcd' } }
    }), test.db, clock)
    expect(await port.anchor({ key: 'c/1', digest: 'd' })).toEqual({ ok: true, blockHeight: 77, blockHash: '0xcd', txHash: '0xab' })
  })
  it('says that a transaction is still pending when it has waited long enough', async () => {
    const port = createLedger({ ...(await settings(() => ({ status: 202, body: { txHash: '0xab', state: 'pending' } }))), polls: 2 }, test.db, clock)
    expect(await port.anchor({ key: 'c/1', digest: 'd' })).toMatchObject({ ok: false, code: 'PENDING', retry: true })
    expect(service!.seen).toHaveLength(3)
  })
})

describe('seal and SMS services', () => {
  it('the sealed document comes back', async () => {
    const port = createSeal(await settings((seen) => (signatureProblem(seen, MONDAY) ? { status: 401, body: {} } : { status: 200, body: { requestId: seen.json['requestId'], document: Buffer.from('%PDF-1.7 sealed').toString('base64') } })), clock)
    expect(await port.seal({ key: 'i1', name: 'a.pdf', read: async () => Buffer.from('%PDF-1.7') })).toEqual({ ok: true, bytes: Buffer.from('%PDF-1.7 sealed') })
  })
  it('an answer that is no PDF is no sealed document', async () => {
    const port = createSeal(await settings((seen) => ({ status: 200, body: { requestId: seen.json['requestId'], document: 'aGVsbG8=' } })), clock)
    expect(await port.seal({ key: 'i1', name: 'a.pdf', read: async () => Buffer.from('%PDF-1.7') })).toMatchObject({ ok: false, code: 'ANSWER_INVALID' })
  })
  it('a text message carries its key, so that a repeat is delivered once', async () => {
    const port = createSms(await settings((seen) => (signatureProblem(seen, MONDAY) ? { status: 401, body: {} } : { status: 200, body: { requestId: seen.json['requestId'] } })), clock)
    expect(await port.send({ key: 'notification/7', to: '13800000001', text: '考试延期' })).toEqual({ ok: true, sent: true })
    expect(service!.seen[0]!.json).toEqual({ requestId: 'notification/7', phone: '13800000001', text: '考试延期' })
  })
})
