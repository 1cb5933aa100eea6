import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeServices } from '#server/compose.ts'
import { mountApi, type ServicesWithApi } from '#server/http/api/index.ts'
import { SESSION_COOKIE } from '#server/http/cookies.ts'
import { securityHeaders } from '#server/http/security-headers.ts'
import { openApiProblems, validatorFor } from '#tests/support/api/check-open-api.ts'
import { testHouse, type TestHouse } from '../support/house.ts'
import { nameOf, passedCandidates } from '../support/issuances.ts'
import { setPassword } from '#server/runtime/accounts/index.ts'

type Body = Record<string, unknown> & { problems?: { code: string; message: string; path?: string }[]; items?: Record<string, unknown>[] }
interface Answer { status: number; headers: Headers; body: Body }

let t: TestHouse
let services: ServicesWithApi
let server: Server
let base = ''
const tokens = new Map<string, string>()
const errors: unknown[] = []

beforeAll(async () => {
  t = await testHouse({ now: '2026-03-10T10:00+08:00' })
  await passedCandidates(t)
  for (const user of ['platform.admin', 'province.bj', 'eval.itmc', 'school.beike', 'sub.beike', 'school.other', 'school.third', 'wang']) {
    const { actor } = await t.as(user)
    await setPassword(t.house.core.engine, actor.userId, actor.account, 'Certflow-2026', false)
  }
  services = composeServices(t.house) as ServicesWithApi
  const app = express()
  app.use(securityHeaders({ dev: false, tls: false }))
  mountApi(services, { perMinute: 400, failuresPerMinute: 5, maxBodyBytes: 20_000, now: () => t.clock.now(), onError: (e) => errors.push(e) })(app)
  server = createServer(app)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`
}, 120_000)
afterAll(async () => {
  server.closeAllConnections()
  await new Promise<void>((resolve) => { server.close(() => resolve()) })
  await t.close()
  expect(errors).toEqual([])
})

/** A write token of a demo user, made once. */
async function tokenOf(user: string, scope: 'read' | 'write' = 'write'): Promise<string> {
  const key = `${user} ${scope}`
  if (!tokens.has(key)) {
    const made = await services.api.tokens.create((await t.as(user)).actor, { title: 'test', scope, days: 30 })
    if (!made.ok) throw new Error(JSON.stringify(made))
    tokens.set(key, made.token)
  }
  return tokens.get(key)!
}
async function ask(user: string | null, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const json = body === undefined || typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body)
  const response = await fetch(`${base}${path}`, {
    method, ...(json === undefined ? {} : { body: json }),
    headers: { ...(user ? { authorization: `Bearer ${await tokenOf(user)}` } : {}), ...(json !== undefined && !(json instanceof FormData) ? { 'content-type': 'application/json' } : {}), ...headers },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? (JSON.parse(text) as Body) : {} }
}
const candidate = (name: string): string => `/vslc/candidate/${nameOf(t, `candidate.${name}`)}`

describe('reading', () => {
  it('gives a record with its revision, never to be kept by a cache', async () => {
    const got = await ask('school.beike', 'GET', candidate('wang'))
    expect([got.status, got.headers.get('cache-control'), got.headers.get('content-type')]).toEqual([200, 'no-store', 'application/json; charset=utf-8'])
    expect(got.headers.get('etag')).toBe(`"${String(got.body['rev'])}"`)
    expect(got.body).toMatchObject({ id: nameOf(t, 'candidate.wang'), name: '王小八', school: nameOf(t, 'organisation.beike'), enrolYear: 2024, status: 'VERIFIED', complete: true, entriesCount: 1 })
  })
  it('shows a number whole to whom it may be shown, and masked to others', async () => {
    expect((await ask('school.beike', 'GET', candidate('wang'))).body['idNo']).toBe('110108200503140610')
    const masked = (await ask('province.bj', 'GET', candidate('wang'))).body
    expect([masked['idNo'], masked['mobile']]).toEqual(['110***********0610', '138****0551'])
    const entry = (await ask('province.bj', 'GET', `/vslc/entry/${nameOf(t, 'entry.wang')}`)).body
    expect(entry['snapshot']).toMatchObject({ name: '王小八', idNo: '110***********0610', mobile: '138****0551' })
  })
  it('does not know the record of another school', async () => {
    for (const [method, body] of [['GET', undefined], ['PATCH', { name: '王' }], ['DELETE', undefined]] as const) {
      const got = await ask('school.other', method, candidate('wang'), body, { 'if-match': '"1"' })
      expect([got.status, got.headers.get('content-type'), got.body['code']]).toEqual([404, 'application/problem+json; charset=utf-8', 'NOT_FOUND'])
    }
    expect((await ask('school.other', 'POST', `${candidate('wang')}/verify`)).status).toBe(404)
    const list = await ask('school.other', 'GET', '/vslc/candidate')
    expect(list.body.items?.map((r) => r['name'])).toEqual(['周借考'])
  })
  it('does not know entities that the role may not read, nor ids that are none', async () => {
    expect((await ask('wang', 'GET', '/vslc/invigilator')).status).toBe(404)
    expect((await ask('school.beike', 'GET', '/vslc/nothing')).status).toBe(404)
    expect((await ask('school.beike', 'GET', '/vslc/candidate/1%27%20OR%201=1')).status).toBe(404)
  })
  it('leaves hidden fields out, of one record as of many', async () => {
    const id = nameOf(t, 'registration.wang.joint1')
    const own = (await ask('wang', 'GET', `/vslc/registration/${id}`)).body
    expect(own['id']).toBe(id)
    expect(Object.keys(own)).not.toEqual(expect.arrayContaining(['score']))
    expect(['score', 'scored', 'absent', 'scoreState'].filter((k) => k in own)).toEqual([])
    const many = (await ask('wang', 'GET', '/vslc/registration')).body.items ?? []
    expect(many.length).toBe(2)
    expect(many.some((r) => 'score' in r)).toBe(false)
    // scores are a school's from publicity on
    expect((await ask('school.beike', 'GET', `/vslc/registration/${id}`)).body).not.toHaveProperty('score')
    expect((await ask('eval.itmc', 'GET', `/vslc/registration/${id}`)).body['score']).toBe(90)
    const refused = await ask('wang', 'GET', '/vslc/registration?sort=score')
    expect([refused.status, refused.body.problems?.[0]?.path]).toEqual([400, 'sort'])
  })
})

describe('lists', () => {
  it('go on behind a cursor until nothing is left, each record once', async () => {
    const seen: unknown[] = []
    let url: string | undefined = '/vslc/candidate?size=2&sort=name&fields=name'
    for (let i = 0; url && i < 10; i++) {
      const got: Answer = await ask('school.beike', 'GET', url)
      expect(got.status).toBe(200)
      for (const item of got.body.items ?? []) { expect(Object.keys(item)).toEqual(['id', 'rev', 'name']); seen.push(item['name']) }
      url = /<\/api\/v1([^>]+)>; rel="next"/.exec(got.headers.get('link') ?? '')?.[1]
    }
    expect(seen).toHaveLength(6)
    expect([...new Set(seen)].sort()).toEqual(['张农', '李大伟', '王小八', '孙待认', '赵无影', '钱旧档'].sort())
  })
  it('refuse a cursor of another query or another person, and tell nothing by it', async () => {
    const first = await ask('school.beike', 'GET', '/vslc/candidate?size=2&sort=name')
    const next = String(first.body['next'])
    expect(Buffer.from(next, 'base64url').toString()).not.toMatch(/name|王|李|张|孙|赵|钱/)
    expect((await ask('school.beike', 'GET', `/vslc/candidate?size=2&sort=-name&after=${next}`)).status).toBe(400)
    expect((await ask('sub.beike', 'GET', `/vslc/candidate?size=2&sort=name&after=${next}`)).status).toBe(400)
    expect((await ask('school.beike', 'GET', '/vslc/candidate?after=x')).body.problems?.[0]?.path).toBe('after')
  })
  it('filter, and say what cannot be asked', async () => {
    const found = await ask('school.beike', 'GET', '/vslc/candidate?filter.status=VERIFIED&count=true')
    expect([found.status, found.body['total'], found.body.items?.length]).toEqual([200, 3, 3])
    const refused = await ask('school.beike', 'GET', '/vslc/candidate?filter.nothing=1&sort=idNo&fields=nope')
    expect([refused.status, refused.body.problems?.map((p) => p.path)]).toEqual([400, ['filter.nothing', 'sort', 'fields']])
    expect((await ask('school.beike', 'GET', '/vslc/candidate?size=1000&colour=red')).body.problems?.map((p) => p.path)).toEqual(['size', 'colour'])
  })
})

describe('writing', () => {
  const draft = (): Record<string, unknown> => ({ plan: nameOf(t, 'application-plan.plan2026'), certificate: nameOf(t, 'certificate.mid'), totalApplied: 60, faculty: '<p>专任教师8人</p>' })
  let at = ''
  let etag = ''
  it('creates a record and tells where it is', async () => {
    const made = await ask('school.third', 'POST', '/vslc/pilot-application', draft())
    expect(made.body).toMatchObject({ status: 'DRAFT', totalApplied: 60, year: 2026 })
    expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/vslc/pilot-application/${String(made.body['id'])}`])
    at = `/vslc/pilot-application/${String(made.body['id'])}`
    etag = made.headers.get('etag')!
  })
  it('places what is wrong on its path', async () => {
    const bad = await ask('school.third', 'POST', '/vslc/pilot-application', { ...draft(), certificate: nameOf(t, 'certificate.low'), totalApplied: 'many', majors: [{ applied: 0 }] })
    expect([bad.status, bad.headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8'])
    expect(bad.body).toMatchObject({ type: expect.stringMatching(/^urn:certflow:problem:/) as string, title: 'Unprocessable Entity', status: 422 })
    expect(bad.body.problems?.map((p) => p.path)).toEqual(expect.arrayContaining(['totalApplied', 'majors.0.applied']))
    expect((await ask('school.third', 'POST', '/vslc/pilot-application', { ...draft(), colour: 'red' })).body.problems?.map((p) => p.path)).toEqual(['colour'])
    expect(JSON.stringify(bad.body)).not.toMatch(/ at |\.ts|SELECT|INSERT/)
  })
  it('asks for the revision, refuses a stale one, and takes the right one', async () => {
    expect((await ask('school.third', 'PATCH', at, { totalApplied: 50 })).status).toBe(428)
    expect((await ask('school.third', 'PATCH', at, { totalApplied: 50 }, { 'if-match': 'x' })).status).toBe(412)
    const changed = await ask('school.third', 'PATCH', at, { totalApplied: 50 }, { 'if-match': etag })
    expect([changed.status, changed.body['totalApplied']]).toEqual([200, 50])
    const stale = await ask('school.third', 'PATCH', at, { totalApplied: 40 }, { 'if-match': etag })
    expect([stale.status, stale.body['code'], stale.headers.get('etag')]).toEqual([412, 'REV_STALE', changed.headers.get('etag')])
    expect((await ask('school.third', 'GET', at)).body['totalApplied']).toBe(50)
    etag = changed.headers.get('etag')!
  })
  it('changes nothing when a record is sent back as it was read', async () => {
    const read = await ask('school.third', 'GET', at)
    const same = await ask('school.third', 'PATCH', at, read.body, { 'if-match': etag })
    expect([same.status, same.headers.get('etag')]).toEqual([200, etag])
  })
  it('presses a button, also after the lock says no to changes', async () => {
    const sent = await ask('school.third', 'POST', `${at}/submit`, undefined, { 'if-match': etag })
    expect([sent.status, sent.body['done']]).toEqual([200, 1])
    expect((await ask('school.third', 'GET', at)).body['status']).toBe('PENDING_FIRST')
    const locked = await ask('school.third', 'PATCH', at, { totalApplied: 90 }, { 'if-match': sent.headers.get('etag')! })
    expect([locked.status, locked.body.problems?.length]).toEqual([422, 1])
    expect((await ask('school.third', 'POST', `${at}/submit`)).status).toBe(409)
    const noReason = await ask('province.bj', 'POST', `${at}/return`, {})
    expect(noReason.status).toBe(422)
    expect((await ask('province.bj', 'POST', `${at}/return`, { comment: '人数有误' })).status).toBe(200)
    expect((await ask('school.third', 'GET', at)).body['status']).toBe('RETURNED')
  })
  it('creates and submits in one step, or not at all', async () => {
    const none = await ask('school.third', 'POST', '/vslc/pilot-application?then=submit', { ...draft(), certificate: nameOf(t, 'certificate.high'), faculty: null })
    expect(none.status).toBe(422)
    const made = await ask('school.third', 'POST', '/vslc/pilot-application?then=submit', { ...draft(), certificate: nameOf(t, 'certificate.high') })
    expect([made.status, made.body['status']]).toEqual([201, 'PENDING_FIRST'])
    expect((await ask('school.third', 'GET', '/vslc/pilot-application')).body.items).toHaveLength(2)
  })
  it('deletes only what may be deleted, and only the revision that was read', async () => {
    const kept = await ask('school.beike', 'DELETE', candidate('wang'))
    expect([409, 422]).toContain(kept.status)
    expect(kept.body.problems?.length).toBeGreaterThan(0)
    const sun = await ask('school.beike', 'GET', candidate('sun'))
    expect((await ask('school.beike', 'DELETE', candidate('sun'), undefined, { 'if-match': '"999"' })).status).toBe(412)
    expect((await ask('school.beike', 'DELETE', candidate('sun'), undefined, { 'if-match': sun.headers.get('etag')! })).status).toBe(204)
    expect((await ask('school.beike', 'GET', candidate('sun'))).status).toBe(404)
  })
  it('does once what is sent twice with the same key, and answers the same', async () => {
    const key = { 'idempotency-key': '"6f1b7a52-first"' }
    const notes = async (): Promise<number> => Number((await t.house.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM history WHERE record_id = ?', [Number(at.split('/').at(-1))]))!.n)
    const body = { ...draft(), certificate: nameOf(t, 'certificate.low') }
    const made = await ask('school.third', 'POST', '/vslc/pilot-application', body, key)
    const at = `/vslc/pilot-application/${String(made.body['id'])}`
    expect(made.status).toBe(201)
    const again = await ask('school.third', 'POST', '/vslc/pilot-application', body, key)
    expect([again.status, again.body, again.headers.get('location'), again.headers.get('idempotency-replayed')]).toEqual([201, made.body, made.headers.get('location'), 'true'])

    const press = { 'idempotency-key': 'press-1', 'if-match': made.headers.get('etag')! }
    expect((await ask('school.third', 'POST', `${at}/submit`, {}, press)).status).toBe(200)
    const before = await notes()
    expect((await ask('school.third', 'POST', `${at}/submit`, {}, press)).status).toBe(200)
    expect(await notes()).toBe(before)
    expect((await ask('school.third', 'POST', `${at}/submit`, {})).status).toBe(409)
  })
  it('keeps a key to its request and its owner, and frees it when the request was refused', async () => {
    const key = { 'idempotency-key': 'one-and-the-same' }
    const body = { ...draft(), certificate: nameOf(t, 'certificate.high') }
    expect((await ask('school.beike', 'POST', '/vslc/pilot-application', { ...body, faculty: 7 }, key)).status).toBe(422)
    const [first, second] = await Promise.all(['30', '31'].map((n) => ask('school.beike', 'POST', '/vslc/pilot-application', { ...body, totalApplied: Number(n) }, key)))
    expect([first!.status, second!.status].sort()).toEqual([201, 422])
    expect([first!, second!].find((a) => a.status === 422)!.body['code']).toBe('IDEMPOTENCY_KEY_REUSED')
    expect((await ask('school.third', 'POST', '/vslc/pilot-application', { ...body, totalApplied: 1 }, { 'idempotency-key': 'two words' })).body['code']).toBe('IDEMPOTENCY_KEY_INVALID')
    const kept = await t.house.db.all<{ answer: string }>('SELECT answer FROM api_answers')
    expect(kept.length).toBeGreaterThan(0)
    for (const { answer } of kept) expect(answer).not.toContain('totalApplied')
  })
  it('refuses what the role may not do at all', async () => {
    expect((await ask('province.bj', 'DELETE', candidate('wang'))).status).toBe(403)
    expect((await ask('wang', 'POST', '/vslc/candidate', { name: 'x' })).status).toBe(403)
  })
  it('takes one kind of body, of bounded size and depth', async () => {
    const post = (body: string, headers: Record<string, string>) => ask('school.third', 'POST', '/vslc/pilot-application', body, headers)
    expect((await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
    expect((await post('{"a":', {})).body['code']).toBe('JSON_INVALID')
    expect((await post('[]', {})).status).toBe(400)
    expect((await post(`{"a":"${'x'.repeat(30_000)}"}`, {})).status).toBe(413)
    expect((await post(`{"a":${'['.repeat(500)}${']'.repeat(500)}}`, {})).body['code']).toBe('BODY_TOO_DEEP')
    expect((await post('{"__proto__":{"x":1}}', {})).status).toBe(400)
    expect((await post('{}', { accept: 'text/html' })).status).toBe(406)
    const put = await ask('school.third', 'PUT', '/vslc/pilot-application')
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  })
})

describe('imports and jobs', () => {
  it('take a sheet with its parameters, and tell the progress and what was wrong with it to its owner alone', async () => {
    const form = new FormData()
    form.append('params', '{}')
    const template = await services.imports.template((await t.as('school.beike')).actor, 'vslc/candidate', 'candidates')
    if (!template.ok) throw new Error(JSON.stringify(template))
    form.append('file', new Blob([await buffer(await template.file.open())]), '考生.xlsx')
    const started = await ask('school.beike', 'POST', '/vslc/candidate/imports/candidates', form)
    expect([started.status, started.headers.get('location')]).toEqual([202, `/api/v1/jobs/${String(started.body['job'])}`])
    const job = await ask('school.beike', 'GET', `/jobs/${String(started.body['job'])}`)
    expect([job.status, job.body['state']]).toEqual([200, 'waiting'])
    expect((await ask('school.other', 'GET', `/jobs/${String(started.body['job'])}`)).status).toBe(404)
    await t.house.jobs.drain()
    expect((await ask('school.beike', 'GET', `/jobs/${String(started.body['job'])}`)).body).toMatchObject({ state: 'failed', problem: { message: expect.stringMatching(/没有|空/) as string } })
  })
  it('refuse a role without the right, a wrong kind of file and a body without one', async () => {
    const form = (name: string): FormData => { const f = new FormData(); f.append('file', new Blob(['x']), name); return f }
    expect((await ask('province.bj', 'POST', '/vslc/candidate/imports/candidates', form('a.xlsx'))).status).toBe(403)
    expect((await ask('school.beike', 'POST', '/vslc/candidate/imports/candidates', form('a.exe'))).status).toBe(422)
    expect((await ask('school.beike', 'POST', '/vslc/candidate/imports/candidates', new FormData())).body['code']).toBe('FILE_MISSING')
    expect((await ask('school.beike', 'POST', '/vslc/candidate/imports/candidates', {})).status).toBe(415)
  })
})

describe('the OpenAPI document', () => {
  it('keeps the rules for every role, and offers each what it may do', async () => {
    for (const user of ['platform.admin', 'province.bj', 'eval.itmc', 'school.beike', 'wang']) {
      const { status, body } = await ask(user, 'GET', '/openapi.json')
      expect([user, status, openApiProblems(body)]).toEqual([user, 200, []])
    }
    const paths = async (user: string) => ((await ask(user, 'GET', '/openapi.json')).body['paths'] ?? {}) as Record<string, Record<string, unknown>>
    const school = await paths('school.beike')
    expect([Object.keys(school['/vslc/candidate'] ?? {}), Object.keys(school['/vslc/candidate/{id}'] ?? {})]).toEqual([['get', 'post'], ['parameters', 'get', 'patch', 'delete']])
    expect(Object.keys(school)).toEqual(expect.arrayContaining(['/vslc/candidate/{id}/verify', '/vslc/candidate/imports/candidates', '/vslc/pilot-application/{id}/submit']))
    const own = await paths('wang')
    expect(Object.keys(own['/vslc/candidate/{id}'] ?? {})).toEqual(['parameters', 'get'])
    expect(Object.keys(own)).not.toContain('/vslc/invigilator')
  })
  it('describes the records that are answered', async () => {
    for (const user of ['school.beike', 'province.bj']) {
      const { body } = await ask(user, 'GET', '/openapi.json')
      for (const entity of ['candidate', 'entry', 'pilot-application', 'exam-plan', 'organisation']) {
        const home = entity === 'organisation' ? 'core' : 'vslc'
        const items = (await ask(user, 'GET', `/${home}/${entity}`)).body.items ?? []
        expect(items.length, `${user} ${entity}`).toBeGreaterThan(0)
        expect(items.flatMap(validatorFor(body, `${home}.${entity}`))).toEqual([])
      }
    }
  })
  it('has no property that is always hidden', async () => {
    const { body } = await ask('province.bj', 'GET', '/openapi.json')
    const schemas = (body['components'] as Record<string, Record<string, { properties: Record<string, unknown> }>>)['schemas']!
    expect(Object.keys(schemas['core.organisation']!.properties)).toContain('contactName')
    expect(Object.keys(schemas['core.organisation']!.properties)).not.toContain('officialSeal')
  })
})

describe('who asks', () => {
  it('must say so', async () => {
    const got = await ask(null, 'GET', '/vslc/candidate')
    expect([got.status, got.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="certflow"'])
  })
  it('is nobody once the token is revoked or has expired', async () => {
    const { actor } = await t.as('school.beike')
    const made = await services.api.tokens.create(actor, { title: '夜间同步', scope: 'read', days: 1 })
    if (!made.ok) throw new Error('refused')
    const get = (token: string) => ask(null, 'GET', '/vslc/candidate', undefined, { authorization: `Bearer ${token}` })
    expect((await get(made.token)).status).toBe(200)
    expect((await services.api.tokens.list(actor)).find((x) => x.id === made.id)).toMatchObject({ title: '夜间同步', scope: 'read', usedAt: expect.any(String) as string })
    expect((await services.api.tokens.revoke((await t.as('school.other')).actor, made.id)).ok).toBe(false)
    expect((await services.api.tokens.revoke(actor, made.id)).ok).toBe(true)
    expect((await get(made.token)).status).toBe(401)
    const short = await services.api.tokens.create(actor, { title: '短期', scope: 'read', days: 1 })
    if (!short.ok) throw new Error('refused')
    const before = t.clock.now()
    t.clock.advance(86_400_000)
    expect((await get(short.token)).status).toBe(401)
    t.clock.set(before)
    expect(JSON.stringify(await t.house.db.all('SELECT * FROM api_tokens'))).not.toContain(made.token)
  })
  it('may not write with a token that only reads', async () => {
    const token = await tokenOf('school.beike', 'read')
    const got = await ask(null, 'PATCH', candidate('wang'), { name: '王' }, { authorization: `Bearer ${token}`, 'if-match': '"1"' })
    expect([got.status, got.body['code']]).toEqual([403, 'SCOPE_INSUFFICIENT'])
  })
  it('needs the session’s own token to write from a browser', async () => {
    const signed = await services.session.signIn({ account: 'beike', password: 'Certflow-2026', address: '127.0.0.1' })
    if (!signed.ok) throw new Error(JSON.stringify(signed))
    const cookie = `${SESSION_COOKIE}=${signed.token}`
    const read = await ask(null, 'GET', candidate('wang'), undefined, { cookie })
    expect(read.status).toBe(200)
    const write = (headers: Record<string, string>) => ask(null, 'PATCH', candidate('wang'), {}, { cookie, 'if-match': read.headers.get('etag')!, ...headers })
    expect([(await write({})).status, (await write({ 'x-csrf': 'wrong' })).body['code'], (await write({ 'x-csrf': signed.csrf })).status]).toEqual([403, 'CSRF_FAILED', 200])
    expect((await ask(null, 'GET', candidate('wang'), undefined, { cookie, authorization: 'Bearer nothing' })).status).toBe(401)
  })
  it('waits after too many wrong tokens, and is told how long', async () => {
    t.clock.advance(3 * 60_000)
    const guess = () => ask(null, 'GET', '/vslc/candidate', undefined, { authorization: `Bearer cft_${Math.random()}` })
    const answers = []
    for (let i = 0; i < 7; i++) answers.push(await guess())
    expect(answers.map((a) => a.status)).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect(Number(answers[6]!.headers.get('retry-after'))).toBeGreaterThan(0)
    t.clock.advance(3 * 60_000)
    expect((await guess()).status).toBe(401)
  })
})
