import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { got, openDesk, type Desk } from './support.ts'

const APPLICATION = 'vslc/pilot-application'
let desk: Desk
beforeAll(async () => { desk = await openDesk() })
afterAll(() => desk.close())

describe('a list as three kinds of organisation see it', () => {
  it('shows a school its own applications only', async () => {
    const { view } = got(await desk.services.list(await desk.actor('school.beike'), APPLICATION, 'applications', {}))
    expect(view.rows.map((r) => (r.cells['certificate'] as { text: string }).text).sort()).toEqual(['数字营销技术应用职业技能等级证书(中级)', '数字营销技术应用职业技能等级证书(初级)'])
    expect(view.columns.map((c) => c.id)).not.toContain('school')
    expect(view.total).toBe(2)
  })
  it('shows the province the applications of all its schools', async () => {
    const { view } = got(await desk.services.list(await desk.actor('province.bj'), APPLICATION, 'review', {}))
    expect(view.total).toBe(3)
    expect(view.tabs.find((t) => t.id === 'APPROVED')).toMatchObject({ title: '审核通过', count: 3, capped: false })
  })
  it('gives an evaluation organisation its own list and not the one of others', async () => {
    const itmc = await desk.actor('eval.itmc')
    const { view } = got(await desk.services.list(itmc, APPLICATION, 'pilots', {}))
    expect(view.title).toBe('试点院校一览')
    expect(view.rows).toHaveLength(3)
    expect((await desk.services.list(await desk.actor('school.beike'), APPLICATION, 'pilots', {})).ok).toBe(false)
  })
  it('does not know an entity that the role has no right to', async () => {
    expect(await desk.services.list(await desk.actor('wang'), APPLICATION, undefined, {})).toMatchObject({ ok: false, status: 404 })
  })
})

describe('what is asked of a list', () => {
  it('filters by a reference and tells the words of what is chosen', async () => {
    const mid = desk.h.names.get('certificate.mid')!
    const { view } = got(await desk.services.list(await desk.actor('province.bj'), APPLICATION, 'review', { filters: { certificate: mid, year: '2026' } }))
    expect(view.total).toBe(2)
    expect(view.filters.find((f) => f.id === 'certificate')).toMatchObject({ kind: 'ref', value: mid, label: expect.stringContaining('中级') })
    expect(got(await desk.services.list(await desk.actor('province.bj'), APPLICATION, 'review', { filters: { year: '2025' } })).view.total).toBe(0)
  })
  it('finds a personal number only as a whole', async () => {
    const beike = await desk.actor('school.beike')
    const candidate = desk.h.def('candidate')
    const row = await desk.h.house.db.one<{ id: number }>(`SELECT id FROM ${candidate.table} WHERE id = ?`, [Number(desk.h.names.get('candidate.wang'))])
    const opened = got(await desk.services.form(beike, { entity: 'vslc/candidate', id: String(row!.id) }))
    const idNo = desk.h.house.options.definitions.demos['one-province']!.records.find((r) => r.entity.endsWith('candidate'))!.records['wang']!['idNo'] as string
    expect(opened.form.title).toContain('王小八')
    const whole = got(await desk.services.list(beike, 'vslc/candidate', 'school', { filters: { idNo } })).view
    expect(whole.rows.map((r) => r.id)).toEqual([String(row!.id)])
    expect(got(await desk.services.list(beike, 'vslc/candidate', 'school', { filters: { idNo: idNo.slice(0, 10) } })).view.total).toBe(0)
    expect(JSON.stringify(whole)).not.toContain(`"text":"${idNo}"`)
  })
  it('asks for the obligatory filter before it shows anything', async () => {
    const beike = await desk.actor('school.beike')
    const { view } = got(await desk.services.list(beike, 'vslc/registration', 'registration', {}))
    expect(view.need).toContain('考试计划')
    expect(view.rows).toEqual([])
  })
  it('goes on behind a page without repeating or leaving out a row', async () => {
    const admin = await desk.actor('platform.admin')
    const all = got(await desk.services.list(admin, 'vslc/major', 'majors', { size: 100, sort: '-name' })).view
    const seen: string[] = []
    let after: string | undefined
    do {
      const { view } = got(await desk.services.list(admin, 'vslc/major', 'majors', { size: 3, sort: '-name', ...(after ? { after } : {}) }))
      seen.push(...view.rows.map((r) => r.id))
      after = view.next
    } while (after && seen.length < 100)
    expect(all.rows.length).toBeGreaterThan(6)
    expect(seen).toEqual(all.rows.map((r) => r.id))
  })
  it('asks the database no more often for six rows than for two', async () => {
    const beike = await desk.actor('school.beike')
    const count = async (size: number): Promise<number> => {
      const all = vi.spyOn(desk.h.house.db, 'all')
      const one = vi.spyOn(desk.h.house.db, 'one')
      const { view } = got(await desk.services.list(beike, 'vslc/candidate', 'school', { size }))
      expect(view.rows).toHaveLength(size)
      const n = all.mock.calls.length + one.mock.calls.length
      all.mockRestore(); one.mockRestore()
      return n
    }
    const two = await count(2)
    expect(await count(6)).toBeLessThanOrEqual(two)
  })
})
