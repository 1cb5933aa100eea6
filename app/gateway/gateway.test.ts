import type { ActionFunctionArgs, AppLoadContext } from '@remix-run/node'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createFakeServices } from '#tests/support/fake-services.ts'
import { cleanHtml } from './clean-html.server.ts'
import { drawFrom } from './draw-signature.server.ts'
import { fromThisSite } from './from-this-site.server.ts'
import { jsonAction } from './json-action.server.ts'
import { requireSession, safeReturn } from './require-actor.server.ts'

const services = createFakeServices()
const signedIn = async (account: string) => {
  const signed = await services.session.signIn({ account, password: 'secret123', address: '' })
  const session = signed.ok ? await services.session.resolve(signed.token) : null
  return { signed, session: session && signed.ok ? { token: signed.token, ...session } : null }
}
const contextFor = async (account: string | null): Promise<AppLoadContext> => {
  const session = account ? (await signedIn(account)).session : null
  return { services, session: async () => session, csrfHolds: async (given: string | null) => given === session?.csrf, requestId: 'r1', address: '', lang: 'zh', nonce: 'n' } as unknown as AppLoadContext
}
const post = (body: unknown, headers: Record<string, string> = {}): Request => new Request('http://host/x/test', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
const thrown = async (call: Promise<unknown>): Promise<Response> => call.then(() => { throw new Error('nothing was thrown') }, (error: unknown) => error as Response)

describe('a write endpoint', () => {
  const echo = jsonAction(z.object({ text: z.string() }), async (_caller, { text }) => ({ ok: true, text }))
  const call = async (account: string | null, request: Request) => {
    const response = await echo({ request, context: await contextFor(account), params: {} } as ActionFunctionArgs)
    return { status: response.status, body: (await response.json()) as { code?: string; text?: string } }
  }
  it('asks for a session', async () => expect(await call(null, post({ text: 'a' }))).toMatchObject({ status: 401, body: { code: 'SIGNED_OUT' } }))
  it('refuses a missing and a foreign token', async () => {
    expect(await call('desk', post({ text: 'a' }))).toMatchObject({ status: 403, body: { code: 'CSRF' } })
    expect(await call('desk', post({ text: 'a' }, { 'x-csrf': 'of another session' }))).toMatchObject({ status: 403 })
  })
  it('refuses what is not JSON or does not fit, and answers what does', async () => {
    const context = await contextFor('desk')
    const csrf = (await context.session())?.csrf ?? ''
    const ask = async (body: unknown) => (await echo({ request: post(body, { 'x-csrf': csrf }), context, params: {} } as ActionFunctionArgs)).status
    expect([await ask('{'), await ask({ text: 1 }), await ask({ text: 'a' })]).toEqual([400, 400, 200])
  })
})

describe('who may see a page', () => {
  it('sends strangers to the sign-in page and back to where they were', async () => {
    const response = await thrown(requireSession(new Request('http://host/l/lib/loan?tab=A'), await contextFor(null)))
    expect([response.status, response.headers.get('location')]).toEqual([302, '/login?to=%2Fl%2Flib%2Floan%3Ftab%3DA&expired=1'])
  })
  it('sends an account with an initial password to change it first', async () => {
    const response = await thrown(requireSession(new Request('http://host/'), await contextFor('new')))
    expect(response.headers.get('location')).toBe('/password')
  })
  it('does not let a first password pass by naming the change of password as where it came from', async () => {
    const request = new Request('http://host/x/test', { method: 'POST', headers: { referer: 'http://host/password' } })
    expect((await thrown(requireSession(request, await contextFor('new')))).headers.get('location')).toBe('/password')
  })
  it('sends a session without its second factor there first, and only then to a new password', async () => {
    const where = async (more: object) => {
      const context = await contextFor('desk')
      const session = (await context.session())!
      const lacking = { ...context, session: async () => ({ ...session, actor: { ...session.actor, ...more } }) } as unknown as AppLoadContext
      return (await thrown(requireSession(new Request('http://host/'), lacking))).headers.get('location')
    }
    expect(await where({ secondFactor: 'verify', mustChangePassword: true })).toBe('/second-factor')
    expect(await where({ secondFactor: 'enrol', mustChangePassword: true })).toBe('/password')
    expect(await where({ secondFactor: 'enrol' })).toBe('/second-factor')
    expect(safeReturn('/second-factor')).toBe('/')
  })
  it('never returns to another site', () => {
    expect(['//evil.example', '/\\evil.example', 'https://evil.example', '/login?to=/login', null].map((to) => safeReturn(to))).toEqual(['/', '/', '/', '/', '/'])
    // a browser leaves tabs and line ends out of an address: these would be //evil.example
    expect(['/\t/evil.example', '/\n/evil.example', '/\r\n/evil.example', ' //evil.example', '/a\\..\\b'].map((to) => safeReturn(to))).toEqual(['/', '/', '/', '/', '/'])
    expect(safeReturn('/r/lib/loan/1')).toBe('/r/lib/loan/1')
  })
})

describe('a form without a session', () => {
  it('must come from a page of this site', () => {
    const from = (headers: Record<string, string>) => fromThisSite(new Request('http://host/login', { method: 'POST', headers: { host: 'host', ...headers } }))
    // a sandboxed frame or a file says null
    expect(from({ origin: 'null' })).toBe(false)
    expect([from({ 'sec-fetch-site': 'same-origin' }), from({ 'sec-fetch-site': 'cross-site' }), from({ origin: 'http://evil.example' }), from({ origin: 'http://host' })]).toEqual([true, false, false, true])
  })
})

describe('a drawn signature', () => {
  const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  const draw = async (png: string) => {
    const body = new FormData()
    body.set('png', png)
    const { session } = await signedIn('desk')
    const begun = session && (await services.signatures.begin(session.actor, { entity: 'lib/loan', button: 'sign', ids: ['1'] }))
    return drawFrom(new Request('http://host/sign/x', { method: 'POST', body }), begun?.ok ? begun.signature.code : '', await contextFor(null))
  }
  it('is taken as a PNG', async () => expect((await draw(`data:image/png;base64,${PNG.toString('base64')}`)).ok).toBe(true))
  it('is refused as anything else', async () => expect([(await draw('data:image/png;base64,PHN2Zz4=')).ok, (await draw('')).ok]).toEqual([false, false]))
})

describe('formatted text', () => {
  it('keeps its format and loses scripts, handlers, styles and foreign schemes', () => {
    expect(cleanHtml('<p onclick="x()" style="color:red">a<strong>b</strong><script>alert(1)</script><a href="javascript:x">c</a><img src=x onerror=y></p>')).toBe('<p>a<strong>b</strong><a rel="noopener noreferrer nofollow">c</a></p>')
  })
})
