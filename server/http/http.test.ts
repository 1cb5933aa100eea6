import express from 'express'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeServices } from '#tests/support/fake-services.ts'
import { bodyLimit } from './body-limit.ts'
import { contentDisposition } from './content-disposition.ts'
import { cookieWriters, readCookie, SESSION_COOKIE } from './cookies.ts'
import { documentPreviewRouter } from './document-preview.ts'
import { filesRouter } from './files.ts'
import { healthRouter } from './health.ts'
import { jobEventsRouter } from './job-events.ts'
import { sameSecret } from './same-secret.ts'
import { securityHeaders } from './security-headers.ts'

const services = createFakeServices({ jobMs: 30 })
let server: Server
let base = ''
let cookie = ''
let csrf = ''

beforeAll(async () => {
  const app = express()
  app.use(securityHeaders({ dev: false, tls: false }), healthRouter(services), filesRouter(services, 1000), bodyLimit(100), jobEventsRouter(services), documentPreviewRouter(services))
  app.post('/echo', (req, res) => { req.resume().on('end', () => res.send('ok')) })
  server = createServer(app)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signed = await services.session.signIn({ account: 'desk', password: 'secret123', address: '' })
  if (!signed.ok) throw new Error('the fake refused its own password')
  cookie = `${SESSION_COOKIE}=${signed.token}`
  csrf = signed.csrf
})
afterAll(() => new Promise<void>((resolve) => { server.closeAllConnections(); server.close(() => resolve()) }))

const send = (content: string, headers: Record<string, string>) => {
  const body = new FormData()
  body.append('file', new Blob([content]), '学生名单（一）.xlsx')
  return fetch(`${base}/files?purpose=import`, { method: 'POST', body, headers })
}

describe('uploads and downloads', () => {
  it('gives a file back under its Chinese name, never to be guessed or run', async () => {
    const stored = (await (await send('content', { cookie, 'x-csrf': csrf })).json()) as { id: string; name: string; bytes: number }
    expect(stored).toMatchObject({ name: '学生名单（一）.xlsx', bytes: 7 })
    const got = await fetch(`${base}/files/${stored.id}?inline=1`, { headers: { cookie } })
    expect(await got.text()).toBe('content')
    expect(got.headers.get('content-disposition')).toBe(contentDisposition('attachment', '学生名单（一）.xlsx'))
    expect([got.headers.get('x-content-type-options'), got.headers.get('content-security-policy')]).toEqual(['nosniff', expect.stringContaining('sandbox')])
  })
  it('asks for a session and the session’s token', async () => {
    expect([(await send('a', {})).status, (await send('a', { cookie })).status, (await send('a', { cookie, 'x-csrf': 'wrong' })).status]).toEqual([401, 403, 403])
  })
  it('refuses a file above the limit and says how large it may be', async () => {
    const answer = await send('x'.repeat(5000), { cookie, 'x-csrf': csrf })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'FILE_TOO_LARGE'])
  })
  it('says so when a file is gone', async () => expect((await fetch(`${base}/files/none`, { headers: { cookie } })).status).toBe(404))
})

describe('the events of a job', () => {
  it('end when the job is over', async () => {
    const { session } = { session: await services.session.resolve(cookie.split('=')[1]) }
    const started = session && (await services.exports.start(session.actor, 'lib/loan', 'loans', {}))
    const text = await (await fetch(`${base}/events/jobs/${started?.ok ? started.job : ''}`, { headers: { cookie } })).text()
    const events = text.split('\n\n').filter((part) => part.startsWith('data:')).map((part) => (JSON.parse(part.slice(5)) as { state: string }).state)
    expect(events.at(-1)).toBe('done')
  })
  it('are for signed-in people only', async () => expect((await fetch(`${base}/events/jobs/1`)).status).toBe(401))
})

describe('the host’s guards', () => {
  it('refuses a body above the limit', async () => {
    expect([(await fetch(`${base}/echo`, { method: 'POST', body: 'x'.repeat(101) })).status, (await fetch(`${base}/echo`, { method: 'POST', body: 'x'.repeat(100) })).status]).toEqual([413, 200])
  })
  it('allows scripts by nonce only, a fresh one each time', async () => {
    const policies = await Promise.all([1, 2].map(async () => (await fetch(`${base}/healthz`)).headers.get('content-security-policy') ?? ''))
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}';/)
    expect(policies[0]).not.toContain('unsafe-eval')
    expect(policies[0]).not.toBe(policies[1])
  })
  it('shows documents in a sandbox that may be framed by this site alone', async () => {
    const preview = await fetch(`${base}/preview/lib/loan/slip/1000`, { headers: { cookie } })
    expect(preview.headers.get('content-security-policy')).toMatch(/sandbox; frame-ancestors 'self'/)
    expect(await preview.text()).toContain('JY202600001')
  })
  it('reports its health', async () => expect(await (await fetch(`${base}/healthz`)).json()).toMatchObject({ ok: true }))
})

describe('cookies and names', () => {
  it('hides the session from scripts and keeps it on TLS when told to', () => {
    expect(cookieWriters(true).signIn('t')).toBe('cf_session=t; Path=/; SameSite=Lax; HttpOnly; Secure')
    expect(readCookie('a=1; cf_session=%E4%BD%A0; b=2', SESSION_COOKIE)).toBe('你')
    expect(readCookie('cf_session=%E4', SESSION_COOKIE)).toBeUndefined()
  })
  it('compares secrets of any length', () => expect([sameSecret('ab', 'ab'), sameSecret('a', 'ab'), sameSecret('', ''), sameSecret(null, 'x')]).toEqual([true, false, false, false]))
  it('cannot be made to split a header', () => {
    const header = contentDisposition('attachment', 'a"\r\nSet-Cookie: x=1/..\\b’(1).pdf')
    expect(header).not.toMatch(/[\r\n\\/]/)
    expect(header).toContain("filename*=UTF-8''")
  })
})
