import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '#server/runtime/definitions/index.ts'
import { got, openDesk, type Desk } from './support.ts'

let desk: Desk
beforeAll(async () => { desk = await openDesk() })
afterAll(() => desk.close())

const fieldsOf = (form: { schema: JsonObject }): string[] => Object.keys(form.schema['properties'] as JsonObject)

describe('the form of a new record', () => {
  it('leaves out what processes write later', async () => {
    const { form } = got(await desk.services.form(await desk.actor('eval.itmc'), { entity: 'vslc/certificate' }))
    expect(fieldsOf(form)).toEqual(['number', 'name', 'shortName', 'level', 'category', 'issuer', 'majors', 'examinable'].filter((f) => fieldsOf(form).includes(f)))
    expect(fieldsOf(form)).toEqual(expect.arrayContaining(['number', 'name', 'level', 'majors']))
  })
  it('leaves out numbers and counts that a new record has none of', async () => {
    const { form } = got(await desk.services.form(await desk.actor('school.beike'), { entity: 'vslc/candidate' }))
    for (const later of ['number', 'entriesCount', 'status']) expect(fieldsOf(form)).not.toContain(later)
    expect(fieldsOf(form)).toEqual(expect.arrayContaining(['name', 'idNo', 'photo']))
  })
  it('offers a dictionary in the order it is kept in', async () => {
    const { form } = got(await desk.services.form(await desk.actor('eval.itmc'), { entity: 'vslc/subject' }))
    const mode = (form.schema['properties'] as Record<string, { oneOf: { const: string }[] }>)['mode']!
    expect(mode.oneOf.map((choice) => choice.const)).toEqual(['笔试', '机考', '实操', '机考+实操', '笔试+实操'])
  })
})

describe('saving a new record', () => {
  it('keeps nobody\'s word for what a process writes, inside an object too', async () => {
    const itmc = await desk.actor('eval.itmc')
    const major = desk.h.names.get([...desk.h.names.keys()].find((k) => k.startsWith('major.'))!)!
    const saved = got(await desk.services.save(itmc, { entity: 'vslc/certificate', data: { number: '16300542', name: '直播运营', level: '初级', issuer: itmc.orgId!, majors: [major], chain: { txHash: 'forged', blockHeight: 7 } } }))
    const row = await desk.h.house.db.one<{ data: string }>('SELECT data FROM e_vslc_certificate WHERE id = ?', [Number(saved.id)])
    expect(row!.data).not.toContain('forged')
  })
  it('draws the number after the highest that was there before', async () => {
    const other = await desk.actor('school.other')
    const saved = got(await desk.services.save(other, { entity: 'vslc/exam-site', data: { evalOrg: desk.h.names.get('organisation.itmc')!, address: '某路1号', contactName: '赵某' } }))
    const { view } = got(await desk.services.record(other, 'vslc/exam-site', saved.id))
    expect(JSON.stringify(view.sections)).toContain('110000008')
  })
})
