import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '#server/platform/log.ts'
import { createAudit, type Audit } from '#server/runtime/audit/index.ts'
import { placeAt, setOwn } from '#server/runtime/process/index.ts'
import { askLookup, publicLookups } from '#server/runtime/lookups/index.ts'
import { factsFor } from '#server/runtime/records/index.ts'
import { testHouse, type TestHouse } from '../support/house.ts'
import { nameOf, passedCandidates } from '../support/issuances.ts'

let t: TestHouse
let audit: Audit
const ID_NO = '110108200503140610'
const CODE = '16300542230209432026000001'
const MISS = '没有查询到证书，请核对证书编码和身份证号码'
let address = 0

beforeAll(async () => {
  t = await testHouse()
  await passedCandidates(t)
  audit = createAudit({ db: t.house.db, clock: t.clock, keyring: t.house.keyring, log: silentLog() })
  const call = t.house.core.system(t.programme)
  await setOwn(t.house.core.processes, call, t.def('issuance'), [nameOf(t, 'issuance.wang')], { id: 'x', values: { issuedAt: 'now', issueMode: '"ELECTRONIC"' } } as never, {})
  await t.house.db.run(`UPDATE ${t.def('issuance').table} SET certificate_code = ? WHERE id = ?`, [CODE, nameOf(t, 'issuance.wang')])
  await placeAt(t.house.core.processes, call, t.def('issuance'), nameOf(t, 'issuance.wang'), 'ISSUED')
})
beforeEach(() => { address++; t.clock.advance(3_600_000) })
afterAll(() => t.close())

const ask = async (keys: Record<string, string>, from = `10.0.0.${address}`, floorMs = 0) =>
  askLookup({ core: t.house.core, audit, floorMs }, t.house.core.registry.programme(t.programme), t.def('issuance'), 'verify', keys, { address: from, lang: 'zh' })
const right = { certificateCode: CODE, idNumber: ID_NO }

describe('verifying a certificate', () => {
  it('shows the certificate to who knows both keys, the name masked', async () => {
    const r = await ask(right)
    expect(r.ok && Object.fromEntries(r.rows.map((x) => [x.title, x.cell.text]))).toMatchObject({ 证书名称: '数字营销技术应用职业技能等级证书', 证书编码: CODE, 证书等级: '中级' })
    expect(r.ok && r.rows.find((x) => x.title === '考生姓名')!.cell.text).toMatch(/^王\*+$/)
    expect(JSON.stringify(r)).not.toContain(ID_NO)
  })

  it.each([
    ['another spelling of the same keys', { certificateCode: ` ${CODE} `, idNumber: '１１０１０８ 20050314 0610' }],
  ])('takes %s', async (_what, keys) => { expect(await ask(keys)).toMatchObject({ ok: true }) })

  it.each([
    ['an unknown code', { certificateCode: '0', idNumber: ID_NO }], ['a wrong ID number', { certificateCode: CODE, idNumber: '110108200503140629' }], ['no ID number', { certificateCode: CODE }],
    ['an empty code', { certificateCode: '', idNumber: ID_NO }], ['keys beyond all length', { certificateCode: CODE.repeat(50), idNumber: ID_NO }], ['a key that is no key', { certificateCode: CODE, idNumber: ID_NO.slice(0, 4) + '%' }],
  ] as [string, Record<string, string>][])('answers %s with the one message', async (_what, keys) => {
    expect(await ask(keys)).toEqual({ ok: false, code: 'LOOKUP_FAILED', status: 404, problems: [{ code: 'LOOKUP_FAILED', message: MISS }] })
  })

  it('does not find what is not issued yet', async () => {
    await t.house.db.run(`UPDATE ${t.def('issuance').table} SET certificate_code = ? WHERE id = ?`, ['2', nameOf(t, 'issuance.li')])
    expect(await ask({ certificateCode: '2', idNumber: '110105200411202336' })).toMatchObject({ ok: false, code: 'LOOKUP_FAILED' })
  })

  it('takes at least the floor, found or not', async () => {
    const lasts = async (keys: Record<string, string>): Promise<number> => { const from = process.hrtime.bigint(); await ask(keys, undefined, 80); return Number(process.hrtime.bigint() - from) / 1e6 }
    expect(await lasts(right)).toBeGreaterThanOrEqual(79)
    expect(await lasts({ certificateCode: '0', idNumber: '1' })).toBeGreaterThanOrEqual(79)
  })

  it('stops after five misses of one code, from wherever, even for the right keys', async () => {
    for (let i = 0; i < 5; i++) await ask({ certificateCode: CODE, idNumber: `11010820050314${1000 + i}` }, `10.1.${address}.${i}`)
    expect(await ask(right)).toMatchObject({ ok: false, code: 'THROTTLED', status: 429 })
    expect(await ask({ certificateCode: '77', idNumber: ID_NO })).toMatchObject({ ok: false, code: 'LOOKUP_FAILED' })
    t.clock.advance(15 * 60_000)
    expect(await ask(right)).toMatchObject({ ok: true })
  })

  it('stops after thirty misses of one address', async () => {
    for (let i = 0; i < 30; i++) expect((await ask({ certificateCode: `${1000 + i}`, idNumber: '1' })).ok).toBe(false)
    expect(await ask(right)).toMatchObject({ ok: false, code: 'THROTTLED' })
    expect(await ask(right, '10.9.9.9')).toMatchObject({ ok: true })
  })

  it('is audited without the keys', async () => {
    await ask(right, '10.7.7.7')
    const [last] = await audit.list({ action: 'lookup.ask' })
    expect(last).toMatchObject({ actor: { role: 'public', ip: '10.7.7.7' }, entity: 'vslc/issuance', record: nameOf(t, 'issuance.wang'), detail: { lookup: 'verify', found: true } })
    expect(JSON.stringify([await audit.list({ limit: 500 }), await t.house.db.all('SELECT * FROM login_attempts')])).not.toMatch(new RegExp(`${ID_NO}|${CODE}`))
  })
})

it('lists what anybody may ask, with the titles of the keys', () => {
  const call = t.house.core.system(t.programme)
  expect(publicLookups(call.programme, factsFor(t.house.core.engine, call), 'zh')).toContainEqual({ entity: 'vslc/issuance', id: 'verify', title: '证书查验', keys: [{ id: 'certificateCode', title: '证书编码' }, { id: 'idNumber', title: '身份证号码' }] })
})
it('a look-up that is not there is not there', async () => {
  const programme = t.house.core.registry.programme(t.programme)
  for (const id of ['nothing', 'constructor']) expect(await askLookup({ core: t.house.core }, programme, t.def('issuance'), id, right, { address: 'x', lang: 'zh' })).toMatchObject({ ok: false, status: 404 })
})

describe('a certificate that is scanned', () => {
  const templates = readdirSync('templates', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('template.hbs')).map((path) => ({ path, text: readFileSync(join('templates', path), 'utf8') }))
  const links = templates.flatMap(({ path, text }) => [...text.matchAll(/"\/([\w-]+)\?([\w-]+)="/g)].map(([, page, key]) => ({ path, page: page ?? '', key: key ?? '' })))

  it('leads to the look-up of its page with a key the look-up asks for', () => {
    const call = t.house.core.system(t.programme)
    const lookups = publicLookups(call.programme, factsFor(t.house.core.engine, call), 'zh')
    expect(links.length).toBeGreaterThanOrEqual(3)
    for (const link of links) expect(lookups.find((lookup) => lookup.id === link.page)?.keys.map((key) => key.id), `${link.path}: /${link.page}`).toContain(link.key)
  })
})
