import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setPassword } from '#server/runtime/accounts/index.ts'
import { got, openDesk, type Desk } from './support.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  const { engine } = desk.h.house.core
  await setPassword(engine, desk.h.names.get('user.school.beike')!, 'beike', 'Certflow-2026', false)
  await setPassword(engine, desk.h.names.get('user.school.other')!, 'other', 'first-Password1', true)
})
afterAll(() => desk.close())

describe('signing in', () => {
  it('opens a session that ends when it is signed out', async () => {
    const { token, home } = got(await desk.services.session.signIn({ account: 'beike', password: 'Certflow-2026', address: '10.0.0.1' }))
    expect(home).toBe('/')
    expect((await desk.services.session.resolve(token))?.actor.account).toBe('beike')
    await desk.services.session.setLang(token, 'en')
    expect((await desk.services.session.resolve(token))?.actor.lang).toBe('en')
    await desk.services.session.signOut(token)
    expect(await desk.services.session.resolve(token)).toBeNull()
  })
  it('answers a wrong password and an unknown account alike, and stops after five', async () => {
    const wrong = (account: string) => desk.services.session.signIn({ account, password: 'nope', address: '10.0.0.2' })
    expect(await wrong('beike')).toEqual(await wrong('nobody-here'))
    for (let n = 0; n < 4; n++) await wrong('beike')
    const stopped = await desk.services.session.signIn({ account: 'beike', password: 'Certflow-2026', address: '10.0.0.2' })
    expect(stopped).toMatchObject({ ok: false, status: 429 })
    desk.h.clock.advance(16 * 60_000)
    expect((await desk.services.session.signIn({ account: 'beike', password: 'Certflow-2026', address: '10.0.0.2' })).ok).toBe(true)
  })
  it('lets a person with a first password do nothing but change it', async () => {
    const first = got(await desk.services.session.signIn({ account: 'other', password: 'first-Password1', address: '10.0.0.3' }))
    expect(first.mustChangePassword).toBe(true)
    const { actor } = (await desk.services.session.resolve(first.token))!
    expect(await desk.services.list(actor, 'vslc/candidate', undefined, {})).toMatchObject({ ok: false, code: 'PASSWORD_CHANGE' })
    expect((await desk.services.session.changePassword(actor, { current: 'first-Password1', next: 'short' })).ok).toBe(false)
    expect((await desk.services.session.changePassword(actor, { current: 'first-Password1', next: 'second-Passw0rd' })).ok).toBe(true)
    const again = got(await desk.services.session.signIn({ account: 'other', password: 'second-Passw0rd', address: '10.0.0.3' }))
    expect(again.mustChangePassword).toBe(false)
    expect((await desk.services.list((await desk.services.session.resolve(again.token))!.actor, 'vslc/candidate', undefined, {})).ok).toBe(true)
  })
})
