import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditOf } from '#server/compose.ts'
import { resetSecondFactor, setPassword } from '#server/runtime/accounts/index.ts'
import { fromBase32, stepOf, totp } from '#server/runtime/accounts/totp.ts'
import type { Actor } from '#server/services.ts'
import { got, openDesk, type Desk } from './support.ts'

const PASSWORD = 'Certflow-2026'
let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  for (const user of ['eval.itmc', 'province.bj']) await setPassword(desk.h.house.core.engine, desk.h.names.get(`user.${user}`)!, user.split('.')[1]!, PASSWORD, false)
})
afterAll(async () => {
  // the definitions are shared by the houses of this file
  force('off')
  await desk.close()
})

const force = (is: 'off' | 'block'): void => { desk.h.house.core.registry.programme(desk.h.programme).policies['secondFactor']!.is = is }
const enter = async (account: string): Promise<{ token: string; actor: Actor }> => {
  const { token } = got(await desk.services.session.signIn({ account, password: PASSWORD, address: '10.0.0.1' }))
  return { token, actor: (await desk.services.session.resolve(token))!.actor }
}
const factor = () => desk.services.session.secondFactor!
const codeOf = (secret: string, later = 0): string => totp(fromBase32(secret), stepOf(desk.h.clock.now()) + later)
const mayWork = async (actor: Actor): Promise<boolean> => (await desk.services.list(actor, 'vslc/exam-plan', undefined, {})).ok

let secret: string
let codes: string[]

it('is not asked for while the policy is off', async () => {
  const { actor } = await enter('itmc')
  expect([actor.secondFactor, await mayWork(actor)]).toEqual([undefined, true])
})

it('by policy lets a signing role do nothing but enrol; a role without it goes on as before', async () => {
  force('block')
  const { token, actor } = await enter('itmc')
  expect([actor.secondFactor, await mayWork(actor)]).toEqual(['enrol', false])
  expect((await enter('bj')).actor.secondFactor).toBeUndefined()

  const begun = got(await factor().begin(actor))
  expect(begun.qr).toMatch(/^data:image\/svg\+xml;base64,/)
  secret = begun.secret
  expect(got(await factor().begin(actor)).secret).toBe(secret)
  expect(await factor().confirm(actor, { token, code: '000000', address: '10.0.0.1' })).toMatchObject({ ok: false, code: 'CODE_WRONG' })
  const other = await enter('itmc')
  const on = got(await factor().confirm(actor, { token, code: codeOf(secret), address: '10.0.0.1' }))
  codes = on.codes
  expect([codes.length, new Set(codes).size, codes.every((c) => /^[a-z2-9]{5}-[a-z2-9]{5}$/.test(c))]).toEqual([10, 10, true])
  // this session goes on under a new token, the other has ended
  expect([await desk.services.session.resolve(token), await desk.services.session.resolve(other.token)]).toEqual([null, null])
  const now = (await desk.services.session.resolve(on.token))!.actor
  expect([now.secondFactor, await mayWork(now)]).toEqual([undefined, true])
  const stored = JSON.stringify(await desk.h.house.db.all('SELECT * FROM credentials'))
  expect(stored).not.toContain(secret)
  for (const code of codes) expect(stored).not.toContain(code.replace('-', ''))
})

it('asks for a code at each sign-in, takes each code once, and shuts even the change of password until then', async () => {
  const { token, actor } = await enter('itmc')
  expect([actor.secondFactor, await mayWork(actor)]).toEqual(['verify', false])
  expect(await desk.services.session.changePassword(actor, { current: PASSWORD, next: 'Other-2026', token })).toMatchObject({ ok: false, code: 'SECOND_FACTOR' })
  expect((await factor().begin(actor)).ok).toBe(false)
  // the code that turned it on is used up
  expect((await factor().verify(actor, { token, code: codeOf(secret), address: '10.0.0.1' })).ok).toBe(false)
  const { token: open } = got(await factor().verify(actor, { token, code: codeOf(secret, 1), address: '10.0.0.1' }))
  expect(await mayWork((await desk.services.session.resolve(open))!.actor)).toBe(true)
  const again = await enter('itmc')
  expect((await factor().verify(again.actor, { token: again.token, code: codeOf(secret, 1), address: '10.0.0.1' })).ok).toBe(false)
})

it('takes a recovery code once, however it is typed', async () => {
  desk.h.clock.advance(16 * 60_000)
  const first = await enter('itmc')
  expect(got(await factor().verify(first.actor, { token: first.token, code: ` ${codes[0]!.toUpperCase().replace('-', ' ')}`, address: '10.0.0.1' })).codesLeft).toBe(9)
  const second = await enter('itmc')
  expect((await factor().verify(second.actor, { token: second.token, code: codes[0]!, address: '10.0.0.1' })).ok).toBe(false)
})

it('stops guessing after five wrong codes', async () => {
  desk.h.clock.advance(16 * 60_000)
  const { token, actor } = await enter('itmc')
  for (let n = 0; n < 5; n++) expect(await factor().verify(actor, { token, code: String(100_000 + n), address: '10.0.0.9' })).toMatchObject({ ok: false, status: 401 })
  expect(await factor().verify(actor, { token, code: codeOf(secret), address: '10.0.0.9' })).toMatchObject({ ok: false, status: 429 })
})

it('cannot be turned off by a role that must have it, can be when the policy allows, and is reset from the machine', async () => {
  desk.h.clock.advance(16 * 60_000)
  const { token, actor } = await enter('itmc')
  const open = got(await factor().verify(actor, { token, code: codeOf(secret), address: '10.0.0.1' }))
  const person = (await desk.services.session.resolve(open.token))!.actor
  expect(await factor().remove(person, { code: codes[1]!, address: '10.0.0.1' })).toMatchObject({ ok: false, status: 403 })
  force('off')
  // whoever has enrolled is asked also without the policy
  expect((await enter('itmc')).actor.secondFactor).toBe('verify')
  expect((await factor().remove(person, { code: codes[1]!, address: '10.0.0.1' })).ok).toBe(true)
  expect((await enter('itmc')).actor.secondFactor).toBeUndefined()

  const fresh = await enter('itmc')
  const begun = got(await factor().begin(fresh.actor))
  got(await factor().confirm(fresh.actor, { token: fresh.token, code: codeOf(begun.secret, 1), address: '10.0.0.1' }))
  expect((await enter('itmc')).actor.secondFactor).toBe('verify')
  expect(await resetSecondFactor(desk.h.house.core.engine, person.userId)).toBe(true)
  expect((await enter('itmc')).actor.secondFactor).toBeUndefined()
})

it('is told in the audit trail without a code', async () => {
  const rows = (await auditOf(desk.h.house).list({ limit: 500 })).filter((r) => r.action.startsWith('second-factor.'))
  expect(new Set(rows.map((r) => r.action))).toEqual(new Set(['second-factor.enrol', 'second-factor.verify', 'second-factor.refuse', 'second-factor.remove']))
  expect(JSON.stringify(rows)).not.toContain(secret)
})
