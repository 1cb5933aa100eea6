import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { main } from '#server/cli/main.ts'
import { openDatabase } from '#server/data/index.ts'
import { hashToken } from '#server/platform/crypto.ts'
import { got, openDesk } from '../services/support.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'certflow-tokens-'))
  expect((await run(['setup', '--demo', 'one-province'])).code).toBe(0)
}, 120_000)
afterAll(() => rm(dir, { recursive: true, force: true }))
const run = async (argv: string[]) => {
  const out: string[] = []
  const err: string[] = []
  const code = await main(argv, { out: (line) => out.push(line), err: (line) => err.push(line), lang: 'en', cwd: dir, env: { CERTFLOW_VAR: join(dir, 'var'), CERTFLOW_DEFINITIONS: ROOT, CERTFLOW_LOG: 'silent', CERTFLOW_CLOCK: '2026-03-10T10:00+08:00' } })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
const as = ['--as', 'beike', '--program', 'itmc-digital-marketing']

it('makes a token that is shown once, lists it without itself, revokes it, and tells all of it in the audit trail', async () => {
  const made = await run(['token', 'create', ...as, '--title', 'nightly copy', '--days', '30'])
  expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^cft_[\w-]{43}$/)])
  expect(made.err).toContain('good until 2026-04-09')

  const listed = await run(['token', 'list', ...as, '--json'])
  const [token] = (JSON.parse(listed.out) as { tokens: { id: string }[] }).tokens
  expect(token).toMatchObject({ title: 'nightly copy', scope: 'read', role: 'school', programme: 'itmc-digital-marketing' })
  expect(listed.out).not.toContain(made.out)

  expect((await run(['token', 'revoke', ...as, '--id', token!.id])).code).toBe(0)
  const again = await run(['token', 'revoke', ...as, '--id', token!.id])
  expect([again.code, again.err]).toEqual([1, `beike has no token ${token!.id} to revoke`])
  expect((await run(['token', 'list', ...as])).out).toContain('revoked')

  const db = await openDatabase({ url: `sqlite:${join(dir, 'var/certflow.sqlite')}` })
  const stored = await db.all<{ token_hash: string }>('SELECT * FROM api_tokens')
  const audit = await db.all<{ action: string; detail: string }>("SELECT action, detail FROM audit WHERE action LIKE 'token.%' ORDER BY seq")
  await db.close()
  expect(stored).toMatchObject([{ token_hash: hashToken(made.out) }])
  expect(JSON.stringify([stored, audit])).not.toContain(made.out)
  expect(audit.map((a) => [a.action, (JSON.parse(a.detail) as { token: string }).token])).toEqual([['token.create', token!.id], ['token.revoke', token!.id]])
}, 120_000)

it('says what is wrong with what was asked for', async () => {
  const refused = await run(['token', 'create', ...as, '--title', 'x', '--days', '1000', '--scope', 'all', '--json'])
  expect(refused.code).toBe(1)
  expect(refused.out).toMatch(/有效期应为 1 至 366 天/)
  expect(refused.out).toMatch(/read 或 write/)
  expect((await run(['second-factor', 'reset', 'beike'])).err).toBe('beike has no second factor')
}, 120_000)

it('does not make tokens without end', async () => {
  const desk = await openDesk()
  const actor = await desk.actor('school.beike')
  const tokens = desk.services.api!.tokens
  for (let n = 0; n < 30; n++) got(await tokens.revoke(actor, got(await tokens.create(actor, { title: `t${n}`, scope: 'read', days: 1 })).id))
  expect(await tokens.create(actor, { title: 'one more', scope: 'read', days: 1 })).toMatchObject({ ok: false, code: 'THROTTLED', status: 429 })
  expect(await tokens.create({ ...actor, secondFactor: 'verify' }, { title: 'x', scope: 'read', days: 1 })).toMatchObject({ ok: false, status: 403 })
  await desk.close()
}, 60_000)
