import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { got, openDesk, type Desk } from './support.ts'

const APPLICATION = 'vslc/pilot-application'
const CANDIDATE = 'vslc/candidate'
let desk: Desk
beforeAll(async () => { desk = await openDesk() })
afterAll(() => desk.close())

type Told = { ok: boolean; code?: string; status?: number; problems?: { code: string; message: string; path?: string }[] }
const told = (r: Told) => ({ status: r.status, paths: r.problems?.map((p) => p.path), text: r.problems?.map((p) => p.message).join('；') ?? '' })

describe('what is not there is told with what there is, never passed over', () => {
  it('of a list: filter, tab and order', async () => {
    const bj = await desk.actor('province.bj')
    const { list, filters, tabs } = got(await desk.services.list(bj, APPLICATION, undefined, {})).view
    const answer = told(await desk.services.list(bj, APPLICATION, list, { filters: { colour: 'red' }, tab: 'NOWHERE', sort: '-shoeSize' }))
    expect(answer).toMatchObject({ status: 400, paths: ['filter.colour', 'tab', 'sort'] })
    expect(answer.text).toContain(`没有筛选条件“colour”，可用：${filters.map((f) => f.id).join('、')}`)
    expect(answer.text).toContain(`没有页签“NOWHERE”，可用：${tabs.flatMap((t) => t.id || []).join('、')}`)
    expect(answer.text).toMatch(/不能按“shoeSize”排序，可用：.+/)
  })
  it('of a selection by query: nothing is done to records that were not meant', async () => {
    const bj = await desk.actor('province.bj')
    const { list } = got(await desk.services.list(bj, APPLICATION, undefined, {})).view
    const query = { list, query: { filters: { colour: 'red' } } }
    expect(told(await desk.services.act(bj, APPLICATION, { button: 'return', query, comment: 'x' }))).toMatchObject({ status: 400, paths: ['filter.colour'] })
    expect(told(await desk.services.documents.start(bj, APPLICATION, 'application', query))).toMatchObject({ status: 400, paths: ['filter.colour'] })
  })
  it('of an export and of a report', async () => {
    const beike = await desk.actor('school.beike')
    expect(told(await desk.services.exports.start(beike, CANDIDATE, 'candidates', { list: 'school', query: { filters: { colour: 'red' }, sort: 'idNo' } }))).toMatchObject({ paths: ['filter.colour', 'sort'] })
    const other = told(await desk.services.exports.count(beike, CANDIDATE, 'candidates', { list: 'nothing' }))
    expect(other).toMatchObject({ status: 404 })
    expect(other.text).toMatch(/没有列表“nothing”，可用：.*school/)
    const admin = await desk.actor('platform.admin')
    const [home] = Object.values((await desk.h.as('platform.admin')).programme.entities).filter((e) => Object.keys(e.form.reports).length > 0 && desk.h.def(e.name))
    const [report] = Object.keys(home!.form.reports)
    expect(told(await desk.services.reports(admin, home!.id, report!, { filters: { colour: 'red' } }))).toMatchObject({ status: 400, paths: ['filter.colour'] })
  })
})

describe('the cursor of a list', () => {
  const page = async (user: string, query: object) => got(await desk.services.list(await desk.actor(user), CANDIDATE, 'school', { size: 2, sort: 'name', ...query })).view
  it('tells nothing of the last row and is good for its owner and query alone', async () => {
    const first = await page('school.beike', {})
    const next = first.next!
    expect(Buffer.from(next, 'base64url').toString()).not.toMatch(/name|[一-鿿]/)
    const second = await page('school.beike', { after: next })
    expect(second.rows.map((r) => r.id)).not.toEqual(first.rows.map((r) => r.id))
    // for another query, or made up, it is as if there were none
    const down = await page('school.beike', { sort: '-name' })
    expect((await page('school.beike', { sort: '-name', after: next })).rows.map((r) => r.id)).toEqual(down.rows.map((r) => r.id))
    const forged = Buffer.from(JSON.stringify({ s: 'name', v: '', i: 9e15 })).toString('base64url')
    expect((await page('school.beike', { after: forged })).rows.map((r) => r.id)).toEqual(first.rows.map((r) => r.id))
  })
})
