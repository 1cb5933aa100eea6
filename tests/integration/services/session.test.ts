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
  it('closes every door but the change of password to a first password', async () => {
    const { engine } = desk.h.house.core
    await setPassword(engine, desk.h.names.get('user.school.third')!, 'third', 'first-Password1', true)
    const { token } = got(await desk.services.session.signIn({ account: 'third', password: 'first-Password1', address: '10.0.0.4' }))
    const { actor } = (await desk.services.session.resolve(token))!
    const { services } = desk
    const doors: Record<string, Promise<{ ok: boolean }>> = {
      record: services.record(actor, 'vslc/candidate', '1'), form: services.form(actor, { entity: 'vslc/candidate' }), save: services.save(actor, { entity: 'vslc/candidate', data: {} }),
      act: services.act(actor, 'vslc/candidate', { button: 'verify', ids: ['1'] }), remove: services.remove(actor, 'vslc/candidate', ['1']), job: services.jobs.get(actor, '1'), cancel: services.jobs.cancel(actor, '1'),
      export: services.exports.start(actor, 'vslc/candidate', 'candidates', {}), file: services.files.get(actor, '1'), signature: services.signatures.state(actor, 'x'), report: services.reports(actor, 'vslc/entry', 'x', {}),
      references: services.references(actor, { entity: 'vslc/candidate', path: 'major' }), document: services.documents.preview(actor, 'vslc/candidate', 'x', '1'),
    }
    for (const [door, answer] of Object.entries(doors)) expect([door, await answer]).toMatchObject([door, { ok: false, code: 'PASSWORD_CHANGE' }])
    expect(await services.shell(actor)).toMatchObject({ menu: [], tasks: 0 })
    expect([(await services.jobs.list(actor, {})).total, (await services.notifications.list(actor)).length, (await services.tasks(actor, {})).total, await services.search!(actor, '学院')]).toEqual([0, 0, 0, []])
  })
})

describe('changing the password', () => {
  it('keeps this session under a new token and ends the others', async () => {
    const { session } = desk.services
    const enter = async (password: string) => got(await session.signIn({ account: 'beike', password, address: '10.0.0.5' })).token
    const [mine, other] = [await enter('Certflow-2026'), await enter('Certflow-2026')]
    await session.setLang(mine, 'en')
    const before = (await session.resolve(mine))!
    const changed = got(await session.changePassword(before.actor, { current: 'Certflow-2026', next: 'Another-2026', token: mine }))
    expect(changed.token).toMatch(/^[\w-]{40,}$/)
    expect(await session.resolve(mine)).toBeNull()
    expect(await session.resolve(other)).toBeNull()
    const after = (await session.resolve(changed.token!))!
    expect([after.actor.account, after.actor.lang, after.csrf]).toEqual(['beike', 'en', changed.csrf])
    expect(after.csrf).not.toBe(before.csrf)
    expect((await session.signIn({ account: 'beike', password: 'Certflow-2026', address: '10.0.0.6' })).ok).toBe(false)
  })
  it('does not let a stranger at an open screen try passwords without end', async () => {
    const { actor } = (await desk.services.session.resolve(got(await desk.services.session.signIn({ account: 'beike', password: 'Another-2026', address: '10.0.0.5' })).token))!
    for (let n = 0; n < 5; n++) expect(await desk.services.session.changePassword(actor, { current: `guess-${n}`, next: 'Third-2026' })).toMatchObject({ ok: false, status: 401 })
    expect(await desk.services.session.changePassword(actor, { current: 'Another-2026', next: 'Third-2026' })).toMatchObject({ ok: false, status: 429 })
  })
})
