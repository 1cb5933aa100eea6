import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { got, messages, openDesk, type Desk } from './support.ts'

const APPLICATION = 'vslc/pilot-application'
let desk: Desk
let plan: string
let byMajor: string
let high: string
beforeAll(async () => {
  desk = await openDesk()
  plan = desk.h.names.get('application-plan.plan2026')!
  byMajor = desk.h.names.get('application-plan.city2026')!
  high = desk.h.names.get('certificate.high')!
})
afterAll(() => desk.close())

const properties = (form: { schema: JsonObject }): JsonObject => form.schema['properties'] as JsonObject

describe('the form of a pilot application', () => {
  it('is filled with what follows from the plan, and asks for a total when the plan is not by major', async () => {
    const beike = await desk.actor('school.beike')
    const { form } = got(await desk.services.formRefresh(beike, { entity: APPLICATION }, { plan, certificate: high }))
    expect(form.data).toMatchObject({ year: 2026, batch: '第一批', school: beike.orgId })
    expect(form.schema['required']).toEqual(expect.arrayContaining(['plan', 'certificate', 'totalApplied', 'faculty']))
    expect(form.labels['plan']).toBe('2026年第一批')
    expect(form.live).toContain('plan')
    expect(form.buttons.map((b) => b.id)).toEqual(['save', 'submit'])
  })
  it('adds the total up itself when the plan is by major', async () => {
    const major = desk.h.names.get([...desk.h.names.keys()].find((k) => k.startsWith('major.'))!)!
    const { form } = got(await desk.services.formRefresh(await desk.actor('school.beike'), { entity: APPLICATION }, { plan: byMajor, certificate: high, majors: [{ major, applied: 20 }, { major, applied: 15 }] }))
    expect(form.data['totalApplied']).toBe(35)
    expect(properties(form)['totalApplied']).toMatchObject({ readOnly: true })
    expect(form.schema['required']).toContain('majors')
  })
  it('offers only plans of the own province that are open, by their words', async () => {
    const { options } = got(await desk.services.references(await desk.actor('school.beike'), { entity: APPLICATION, path: 'plan' }))
    expect(options.map((o) => o.label).sort()).toEqual(['2026年第一批', '2026年第二批'])
    const found = got(await desk.services.references(await desk.actor('school.beike'), { entity: APPLICATION, path: 'certificate', data: { plan: byMajor }, search: '高级' })).options
    expect(found.map((o) => o.value)).toEqual([high])
  })
  it('shows nothing of a record that is put in as a reference without being on offer', async () => {
    const foreign = desk.h.names.get('application-plan.late2026')!
    const { form } = got(await desk.services.formRefresh(await desk.actor('school.beike'), { entity: APPLICATION }, { plan: foreign }))
    expect(form.data['plan']).toBeUndefined()
    expect(form.data['batch']).toBeUndefined()
  })
  it('is not there for a role that may not create', async () => {
    expect(await desk.services.form(await desk.actor('province.bj'), { entity: APPLICATION })).toMatchObject({ ok: false, status: 403 })
  })
})

describe('an application from its first save to the decision', () => {
  const draft = (): JsonObject => ({ plan, certificate: high, totalApplied: 40, faculty: '<p>专任教师<script>alert(1)</script>8人</p>' })
  let id: string

  it('refuses what a submit needs and saves nothing then', async () => {
    const beike = await desk.actor('school.beike')
    const refused = await desk.services.save(beike, { entity: APPLICATION, data: { plan, certificate: high, totalApplied: 40 }, then: 'submit' })
    expect(messages(refused)).toContain('师资情况：必填')
    expect(got(await desk.services.list(beike, APPLICATION, 'applications', {})).view.total).toBe(2)
  })
  it('saves and submits in one go, cleaned of scripts', async () => {
    const beike = await desk.actor('school.beike')
    const saved = got(await desk.services.save(beike, { entity: APPLICATION, data: draft(), then: 'submit' }))
    id = saved.id
    const { view } = got(await desk.services.record(beike, APPLICATION, id))
    expect(view.status).toMatchObject({ code: 'PENDING_FIRST', label: '待初审' })
    expect(JSON.stringify(view.sections)).not.toContain('script')
    expect(view.waitingFor).toMatchObject([{ role: '省级教育行政部门' }])
    expect(view.review.map((r) => r.what)).toEqual(['保存并提交'])
    expect(view.process?.at).toEqual(['first'])
    expect(view.buttons).toEqual([])
  })
  it('is in the province\'s inbox and nobody else\'s', async () => {
    const mine = await desk.services.tasks(await desk.actor('province.bj'), {})
    expect(mine.items.map((t) => t.record)).toContain(id)
    expect((await desk.services.tasks(await desk.actor('school.beike'), {})).items.map((t) => t.record)).not.toContain(id)
    expect((await desk.services.shell(await desk.actor('province.bj'))).tasks).toBe(mine.total)
  })
  it('is not there for another school', async () => {
    const other = await desk.actor('school.other')
    expect(await desk.services.record(other, APPLICATION, id)).toMatchObject({ ok: false, status: 404 })
    expect(await desk.services.save(other, { entity: APPLICATION, id, data: { totalApplied: 1 } })).toMatchObject({ ok: false, status: 404 })
    expect(await desk.services.act(other, APPLICATION, { button: 'approve', ids: [id] })).toMatchObject({ ok: false })
  })
  it('asks the province for the approved total and refuses more than was applied for', async () => {
    const bj = await desk.actor('province.bj')
    const button = got(await desk.services.record(bj, APPLICATION, id)).view.buttons.find((b) => b.id === 'approve')
    expect(button).toMatchObject({ kind: 'outcome', form: true, comment: 'optional' })
    const { form } = got(await desk.services.form(bj, { entity: APPLICATION, button: 'approve', ids: [id] }))
    expect(form.data['totalApproved']).toBe(40)
    expect(form.schema['required']).toContain('totalApproved')
    expect(messages(await desk.services.act(bj, APPLICATION, { button: 'approve', ids: [id], input: { totalApproved: 41 } }))).toEqual(['批准人数不能超过申请人数'])
    expect(got(await desk.services.act(bj, APPLICATION, { button: 'approve', ids: [id], input: { totalApproved: 35 } }))).toMatchObject({ done: 1, refused: [] })
    const { view } = got(await desk.services.record(bj, APPLICATION, id))
    expect(view.status?.code).toBe('APPROVED')
    expect(view.sections.flatMap((s) => s.fields).find((f) => f.path === 'totalApproved')?.cell).toMatchObject({ text: '35' })
  })
  it('tells the loser of two at once that somebody was faster', async () => {
    const bj = await desk.actor('province.bj')
    expect(await desk.services.act(bj, APPLICATION, { button: 'approve', ids: [id], input: { totalApproved: 35 } })).toMatchObject({ ok: false })
    expect(await desk.services.save(await desk.actor('school.beike'), { entity: APPLICATION, id, rev: 1, data: { totalApplied: 1 } })).toMatchObject({ ok: false, status: 409 })
  })
})

describe('the start page', () => {
  it('shows figures that the lists behind them confirm, and the season\'s windows', async () => {
    const bj = await desk.actor('province.bj')
    const view = await desk.services.dashboard(bj)
    expect(view.tasks.total).toBe((await desk.services.tasks(bj, {})).total)
    const figures = view.figures.filter((f) => f.href.startsWith('/l/'))
    expect(figures.length).toBeGreaterThan(0)
    for (const f of figures) {
      const url = new URL(f.href, 'http://localhost')
      const list = got(await desk.services.list(bj, url.pathname.slice(3), url.searchParams.get('list') ?? undefined, { tab: url.searchParams.get('tab') ?? '' }))
      expect(String(list.view.total), f.title).toBe(f.value)
    }
    expect(view.timeline.find((t) => t.title === '2026年第一批')?.phases).toMatchObject([{ state: 'now', from: '2026-03-01T01:00:00.000Z' }])
  })
})

describe('a default that depends on other fields', () => {
  it('is told anew with each change, as it would be stored', async () => {
    const itmc = await desk.actor('eval.itmc')
    const at = async (examStart: string): Promise<string | undefined> => {
      const { form } = got(await desk.services.formRefresh(itmc, { entity: 'vslc/exam-plan' }, { examStart }))
      return form.proposals?.['regWindow.end']?.value as string | undefined
    }
    // the Thursday, 24:00, of the third week before
    expect(await at('2027-09-12T01:00:00.000Z')).toBe('2027-08-19T16:00:00.000Z')
    expect(await at('2027-10-12T01:00:00.000Z')).toBe('2027-09-23T16:00:00.000Z')
  })
  it('stands already in the form of a new record', async () => {
    const { form } = got(await desk.services.formRefresh(await desk.actor('eval.itmc'), { entity: 'vslc/exam-plan' }, { examStart: '2027-09-12T01:00:00.000Z' }))
    expect((form.data['regWindow'] as JsonObject)['end']).toBe(form.proposals?.['regWindow.end']?.value)
  })
})
