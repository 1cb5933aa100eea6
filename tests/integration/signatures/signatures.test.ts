import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { createAudit, type Audit } from '#server/runtime/audit/index.ts'
import { cryptoRandom } from '#server/platform/random.ts'
import { silentLog } from '#server/platform/log.ts'
import { hashToken } from '#server/platform/crypto.ts'
import { press } from '#server/runtime/desk/index.ts'
import { begin, draw, show, state, takeSigned, type SignatureParts } from '#server/runtime/signatures/index.ts'
import type { Call } from '#server/runtime/context.ts'
import { testHouse, type TestHouse } from '../support/house.ts'
import { nameOf, passedCandidates } from '../support/issuances.ts'

let t: TestHouse
let parts: SignatureParts
let audit: Audit
let org: Call
let ids: string[]
let png: Buffer
beforeAll(async () => {
  png = await sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><path d="M80 60 L500 80 M300 40 L280 250 M120 160 Q300 120 480 240" stroke="black" stroke-width="6" fill="none"/></svg>')).png().toBuffer()
})
beforeEach(async () => {
  await t?.close()
  // results stand when score entry has ended
  t = await testHouse({ now: '2026-06-09T10:00+08:00' })
  await passedCandidates(t)
  audit = createAudit({ db: t.house.db, clock: t.clock, keyring: t.house.keyring, log: silentLog() })
  parts = { processes: t.house.core.processes, files: t.house.files, random: cryptoRandom, publicUrl: 'https://exams.example/', audit }
  org = await t.as('eval.itmc')
  ids = [nameOf(t, 'issuance.wang'), nameOf(t, 'issuance.li')]
})
afterAll(() => t.close())

const def = () => t.def('issuance')
const later = (call: Call): Call => ({ ...call, now: t.clock.now() })
const begun = async (call = org, list = ids) => { const r = await begin(parts, later(call), def(), 'confirm', list); if (!r.ok) throw new Error(r.problems[0]!.message); return r.signature }
const drawn = async (call = org, list = ids) => { const s = await begun(call, list); const r = await draw(parts, s.code, png, '10.0.0.1', t.clock.now()); if (!r.ok) throw new Error(r.problems[0]!.message); return s.code }
const take = (code: string, call = org, list = ids, button = 'confirm') => takeSigned(parts, later(call), def(), { button, ids: list, code },
  (some, revs) => press(t.house.core.processes, later(call), def(), { button, ids: some, revs, signed: true }, async () => { throw new Error('no operation here') }))
const statusOf = async (id: string): Promise<string> => (await t.house.db.one<{ status: string }>(`SELECT status FROM ${def().table} WHERE id = ?`, [id]))!.status
const messages = (r: { refused: { id: string; problems: { message: string }[] }[] }) => r.refused.map((x) => [x.id, x.problems.map((p) => p.message).join()])

describe('a drawn signature', () => {
  it('signs the whole set once, and says so on both screens', async () => {
    const s = await begun()
    expect(s).toMatchObject({ count: 2, state: 'waiting', purpose: '证书发放：确认签发', url: `https://exams.example/sign/${s.code}`, expiresAt: new Date(t.clock.now() + 600_000).toISOString() })
    expect(await show(parts, s.code, t.clock.now())).toMatchObject({ ok: true, signature: { count: 2, state: 'waiting' } })
    expect(await draw(parts, s.code, png, '10.0.0.1', t.clock.now())).toEqual({ ok: true })
    expect(await state(parts, org, s.code)).toMatchObject({ ok: true, signature: { state: 'drawn' } })

    const taken = await take(s.code)

    expect([...taken.done].sort()).toEqual([...ids].sort())
    expect(await Promise.all(ids.map(statusOf))).toEqual(['SITE_PENDING', 'SITE_PENDING'])
    expect(messages(await take(s.code))).toEqual(ids.map((id) => [id, '该签名已使用或已过期，请重新签名']))
  })

  it('is kept encrypted, its code only as a hash, and each step is in the audit trail', async () => {
    const code = await drawn()
    await take(code)
    const row = (await t.house.db.one<Record<string, unknown>>('SELECT * FROM signatures'))!
    expect(JSON.stringify(row)).not.toContain(code)
    expect(row['token_hash']).toBe(hashToken(code))
    expect((await t.house.files.get(String(row['file_id']))).encrypted).toBe(true)
    expect((await audit.list({})).map((a) => a.action).filter((a) => a.startsWith('signature.')).reverse()).toEqual(['signature.begin', 'signature.draw', 'signature.use'])
  })

  it('does not sign what somebody changed after it was begun', async () => {
    const code = await drawn()
    await t.house.db.run(`UPDATE ${def().table} SET rev = rev + 1 WHERE id = ?`, [ids[1]!])
    const taken = await take(code)
    expect(taken.done).toEqual([ids[0]])
    expect(messages(taken)).toEqual([[ids[1], '已被他人处理']])
    expect(await Promise.all(ids.map(statusOf))).toEqual(['SITE_PENDING', 'ORG_PENDING'])
  })

  it('does not reach records it was not drawn for', async () => {
    const code = await drawn(org, [ids[0]!])
    const taken = await take(code)
    expect(taken.done).toEqual([ids[0]])
    expect(messages(taken)).toEqual([[ids[1], '该记录不在本次签名范围内，请重新签名']])
  })

  it('is good for its person and button alone', async () => {
    const code = await drawn()
    const school = await t.as('school.beike')
    expect(messages(await take(code, school))[0]![1]).toBe('签名与当前操作不符，请重新签名')
    expect(messages(await take(code, org, ids, 'refuse'))[0]![1]).toBe('签名与当前操作不符，请重新签名')
    expect(await state(parts, school, code)).toMatchObject({ ok: false, status: 404 })
    expect((await take(code)).done).toHaveLength(2)
  })

  it('ends after ten minutes, drawn or not', async () => {
    const [open, signed] = [(await begun()).code, await drawn()]
    t.clock.advance(600_000)
    expect(await draw(parts, open, png, '10.0.0.1', t.clock.now())).toMatchObject({ ok: false, code: 'SIGNATURE_EXPIRED', status: 410 })
    expect(messages(await take(signed))[0]![1]).toBe('该签名已使用或已过期，请重新签名')
    expect(await show(parts, signed, t.clock.now())).toMatchObject({ ok: true, signature: { state: 'expired' } })
  })

  it('has to be there: a code without drawing signs nothing', async () => {
    expect(messages(await take((await begun()).code))).toEqual(ids.map((id) => [id, '尚未完成手写签名，请扫码签名后继续']))
    expect(messages(await take('made up'))[0]![1]).toBe('签名与当前操作不符，请重新签名')
    expect(await Promise.all(ids.map(statusOf))).toEqual(['ORG_PENDING', 'ORG_PENDING'])
  })

  it('is drawn once; a second drawing changes nothing', async () => {
    const s = await begun()
    const results = await Promise.all([1, 2].map(() => draw(parts, s.code, png, '10.0.0.1', t.clock.now())))
    expect(results.filter((r) => r.ok)).toHaveLength(1)
    expect(await draw(parts, s.code, png, '10.0.0.1', t.clock.now())).toMatchObject({ ok: false, code: 'CONFLICT' })
  })

  it('stays unused when nothing could be done with it', async () => {
    const code = await drawn()
    const nothing = await takeSigned(parts, org, def(), { button: 'confirm', ids, code }, async (some) => ({ done: [] as string[], refused: some.map((id) => ({ id, problems: [{ code: 'RULE', message: '不行' }] })) }))
    expect(messages(nothing)).toEqual(ids.map((id) => [id, '不行']))
    expect((await take(code)).done).toHaveLength(2)
  })

  it('cannot be begun for what one may not sign', async () => {
    expect(await begin(parts, await t.as('school.beike'), def(), 'confirm', ids)).toMatchObject({ ok: false, code: 'NOT_AVAILABLE' })
    expect(await begin(parts, await t.as('school.other'), def(), 'confirm', ids)).toMatchObject({ ok: false, code: 'NOT_AVAILABLE' })
    expect(await begin(parts, org, def(), 'refuse', ids)).toMatchObject({ ok: false, code: 'NOT_AVAILABLE' })
    expect(await show(parts, 'made up', t.clock.now())).toMatchObject({ ok: false, status: 404 })
  })

  it('is void when the frozen set was changed in the database', async () => {
    const code = await drawn(org, [ids[0]!])
    const row = (await t.house.db.one<{ frozen: string }>('SELECT frozen FROM signatures'))!
    await t.house.db.run('UPDATE signatures SET frozen = ?', [row.frozen.replace(ids[0]!, ids[1]!)])
    expect(messages(await take(code, org, [ids[1]!]))[0]![1]).toBe('签名数据已被改动，不能使用，请重新签名并告知管理员')
  })
})
