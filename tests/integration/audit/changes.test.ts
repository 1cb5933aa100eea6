import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { generatePeople, writeCandidateSheet } from '#server/cli/demo/generator/index.ts'
import { auditOf } from '#server/compose.ts'
import type { Audit, AuditRow } from '#server/runtime/audit/index.ts'
import { startImport } from '#server/runtime/transfer/index.ts'
import { got, openDesk, type Desk } from '../services/support.ts'

const CANDIDATE = 'vslc/candidate'
const APPLICATION = 'vslc/pilot-application'
const TITLES = { name: '学生姓名*', namePinyin: '姓名拼音*', gender: '性别*', idType: '证件类型*', idNo: '证件号码*', mobile: '手机号码*', enrolYear: '入学年份*', majorLevel: '专业层次*', major: '就读专业*', majorCode: '专业代码*' }

let desk: Desk
let audit: Audit
let since = 0
beforeAll(async () => {
  desk = await openDesk()
  audit = auditOf(desk.h.house)
})
afterAll(() => desk.close())
beforeEach(async () => { since = (await audit.list({ limit: 1 }))[0]?.seq ?? 0 })

/** What was written since the test began, oldest first. */
const news = async (): Promise<AuditRow[]> => (await audit.list({ limit: 500 })).filter((r) => r.seq > since).reverse()
const kinds = (rows: AuditRow[]): string[] => rows.map((r) => r.action)
const name = (key: string): string => desk.h.names.get(key)!

describe('a change', () => {
  let id: string
  it('is told with who, what record and which fields, never with what they hold', async () => {
    const beike = await desk.actor('school.beike')
    const saved = got(await desk.services.save(beike, { entity: APPLICATION, data: { plan: name('application-plan.plan2026'), certificate: name('certificate.high'), totalApplied: 4321, faculty: '<p>八人</p>' } }))
    id = saved.id
    got(await desk.services.save(beike, { entity: APPLICATION, id, rev: saved.rev, data: { totalApplied: 4322 } }))
    const rows = (await news()).filter((r) => r.record === id)
    expect(rows).toMatchObject([
      { action: 'record.create', entity: APPLICATION, actor: { id: beike.userId, role: beike.role, org: beike.orgId }, detail: { by: 'user' } },
      { action: 'record.update', entity: APPLICATION, actor: { id: beike.userId }, detail: { by: 'user', paths: expect.arrayContaining(['totalApplied']) } },
    ])
    expect(JSON.stringify(rows)).not.toMatch(/4321|4322|八人/)
  })
  it('that is refused leaves nothing', async () => {
    const beike = await desk.actor('school.beike')
    expect(await desk.services.save(beike, { entity: APPLICATION, id, data: { totalApplied: 12, faculty: '' }, then: 'submit' })).toMatchObject({ ok: false })
    expect(await news()).toEqual([])
  })
  it('of the process is told by its outcome, and a deletion as such', async () => {
    const beike = await desk.actor('school.beike')
    got(await desk.services.act(beike, APPLICATION, { button: 'submit', ids: [id] }))
    expect((await news()).filter((r) => r.record === id && r.action === 'record.move')).toMatchObject([{ action: 'record.move', actor: { id: beike.userId }, detail: { by: 'submit' } }])
    const other = await desk.actor('school.other')
    const draft = got(await desk.services.save(other, { entity: APPLICATION, data: { plan: name('application-plan.plan2026'), certificate: name('certificate.high') } })).id
    got(await desk.services.remove(other, APPLICATION, [draft]))
    expect((await news()).filter((r) => r.record === draft).map((r) => r.action)).toEqual(['record.create', 'record.delete'])
  })
})

describe('a set', () => {
  it('imported is one entry for each commit and one for the whole, without a personal number', async () => {
    const school = await desk.h.as('school.beike')
    const people = generatePeople({ seed: 11, count: 250, start: 60_000, school: '北科', majors: [{ name: '市场营销', code: '530605', level: '高职专科' }], idType: '身份证' })
    const path = join(desk.h.dir, 'audited.xlsx')
    await writeCandidateSheet(path, people, { titles: TITLES, faults: { 'wrong-label': 3 } })
    const { id: file } = await desk.h.house.files.put(createReadStream(path), { kind: 'import', name: 'audited.xlsx', mime: 'application/octet-stream', maxBytes: 1e8, encrypt: true, createdBy: school.actor.userId, org: school.actor.orgId })
    const started = got(await startImport(desk.h.house, school, desk.h.def('candidate'), 'candidates', { file, params: { kind: 'SCHOOL' } }))
    await desk.h.house.jobs.drain()
    const rows = await news()
    const made = rows.filter((r) => r.action === 'record.create' && r.entity === CANDIDATE)
    const counted = made.map((r) => Number((r.detail as { count?: number }).count ?? 1))
    expect(counted.reduce((n, c) => n + c, 0)).toBe(247)
    // 250 rows go in batches of at least a hundred
    expect(made.length).toBeLessThanOrEqual(3)
    expect(made[0]).toMatchObject({ actor: { id: school.actor.userId }, detail: { by: 'import:candidates' } })
    expect(rows.at(-1)).toMatchObject({ action: 'import.run', entity: CANDIDATE, actor: { id: school.actor.userId }, detail: { import: 'candidates', job: started.job, ok: 247, failed: 3 } })
    const text = JSON.stringify(rows)
    for (const p of people) expect(text).not.toContain(p.idNo)
  })
  it('exported is told with its size, its file and the numbers it shows whole', async () => {
    const beike = await desk.actor('school.beike')
    got(await desk.services.exports.start(beike, CANDIDATE, 'candidates', { ids: [name('candidate.wang'), name('candidate.li')] }))
    await desk.h.house.jobs.drain()
    expect((await news()).filter((r) => r.action === 'export.make')).toMatchObject([{ entity: CANDIDATE, actor: { id: beike.userId }, detail: { export: 'candidates', count: 2, file: expect.stringMatching(/^\d+$/), plain: expect.arrayContaining(['idNo']) } }])
  })
})

describe('a reading', () => {
  it('of a whole personal number is told with whose it was; a masked one is not', async () => {
    const wang = name('candidate.wang')
    const beike = await desk.actor('school.beike')
    got(await desk.services.api!.read(beike, CANDIDATE, wang))
    const rows = await news()
    expect(rows).toMatchObject([{ action: 'personal.read', entity: CANDIDATE, record: wang, actor: { id: beike.userId, role: beike.role }, detail: { where: 'api', paths: expect.arrayContaining(['idNo', 'mobile']) } }])
    expect(JSON.stringify(rows)).not.toContain('110108200503140610')
    since = rows.at(-1)!.seq
    got(await desk.services.api!.read(await desk.actor('province.bj'), CANDIDATE, wang))
    got(await desk.services.list(await desk.actor('province.bj'), CANDIDATE, undefined, {}))
    expect(await news()).toEqual([])
  })
  it('in a form to be edited is told, also when the form is only asked again', async () => {
    const waiting = name('candidate.sun')
    const beike = await desk.actor('school.beike')
    const { form } = got(await desk.services.form(beike, { entity: CANDIDATE, id: waiting }))
    expect(String(form.data['idNo'])).not.toContain('*')
    got(await desk.services.formRefresh(beike, { entity: CANDIDATE, id: waiting }, {}))
    expect((await news()).map((r) => [r.action, r.record, (r.detail as { where: string }).where])).toEqual([['personal.read', waiting, 'form'], ['personal.read', waiting, 'form']])
  })
  it('of a file is told when somebody else than its uploader has it', async () => {
    const beike = await desk.actor('school.beike')
    const photo = await sharp({ create: { width: 295, height: 413, channels: 3, background: '#c8102e' } }).jpeg().toBuffer()
    const { id: file } = got(await desk.services.files.put(beike, { name: 'photo.jpg', entity: CANDIDATE, path: 'photo', purpose: 'record' }, Readable.from([photo])))
    const sun = name('candidate.sun')
    got(await desk.services.save(beike, { entity: CANDIDATE, id: sun, data: { photo: file } }))
    since = (await news()).at(-1)!.seq
    got(await desk.services.files.get(beike, file))
    expect(await news()).toEqual([])
    const bj = await desk.actor('province.bj')
    got(await desk.services.files.get(bj, file))
    expect((await desk.services.files.get(await desk.actor('school.other'), file)).ok).toBe(false)
    expect(await news()).toMatchObject([{ action: 'file.read', entity: CANDIDATE, record: sun, actor: { id: bj.userId }, detail: { file } }])
  })
})

it('of all kinds are sealed together and prove unchanged', async () => {
  await audit.seal()
  await audit.seal()
  expect(await audit.verifyChain()).toMatchObject({ ok: true })
  expect(new Set(kinds(await audit.list({ limit: 500 })))).toEqual(new Set(['record.create', 'record.update', 'record.move', 'record.delete', 'import.run', 'export.make', 'personal.read', 'file.read', ...kinds(await audit.list({ action: 'account.open' }))]))
})
