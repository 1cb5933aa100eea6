import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor, ListQuery } from '#server/services.ts'
import { got, openDesk, type Desk } from './support.ts'

const CANDIDATE = 'vslc/candidate'
const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
let desk: Desk
let beike: Actor
let other: Actor
let wang: string
beforeAll(async () => {
  desk = await openDesk()
  ;[beike, other] = [await desk.actor('school.beike'), await desk.actor('school.other')]
  wang = desk.h.names.get('candidate.wang')!
})
afterAll(() => desk.close())
type Answer = { ok: boolean; status?: number }

describe('another school', () => {
  it('finds no way to a record by its id', async () => {
    const { services } = desk
    const ways: Record<string, Answer> = {
      record: await services.record(other, CANDIDATE, wang), form: await services.form(other, { entity: CANDIDATE, id: wang }), refresh: await services.formRefresh(other, { entity: CANDIDATE, id: wang }, { name: 'x' }),
      dialog: await services.form(other, { entity: CANDIDATE, button: 'verify', ids: [wang] }), save: await services.save(other, { entity: CANDIDATE, id: wang, data: { name: 'x' } }),
      act: await services.act(other, CANDIDATE, { button: 'verify', ids: [wang] }), read: await services.api!.read(other, CANDIDATE, wang), preview: await services.documents.preview(other, CANDIDATE, 'card', wang),
      print: await services.documents.start(other, CANDIDATE, 'card', { ids: [wang] }), sign: await services.signatures.begin(other, { entity: CANDIDATE, button: 'verify', ids: [wang] }),
    }
    for (const [way, answer] of Object.entries(ways)) expect([way, answer.ok]).toEqual([way, false])
    expect(got(await services.remove(other, CANDIDATE, [wang])).done).toBe(0)
    expect(got(await services.exports.count(other, CANDIDATE, 'candidates', { ids: [wang] })).count).toBe(0)
    expect(JSON.stringify(ways)).not.toContain('王小八')
  })
  it('learns nothing by a filter, a search, a choice or a default', async () => {
    const { services } = desk
    const queries: ListQuery[] = [{ search: '王小八' }, { filters: { idNo: '110108200503140610' } }, { search: 'x\' OR 1=1 --' }, { filters: { org: beike.orgId! } }]
    for (const query of queries) {
      const answer = await services.list(other, CANDIDATE, 'school', query)
      expect(answer.ok ? answer.view.total : 0).toBe(0)
    }
    expect((await services.search!(other, '王小八')).length).toBe(0)
    const chosen = await services.references(other, { entity: 'vslc/entry', path: 'candidate', ids: [wang] })
    expect(chosen.ok ? chosen.options : []).toEqual([])
    const filled = await services.formRefresh(other, { entity: 'vslc/entry' }, { candidate: wang })
    expect(JSON.stringify(filled)).not.toMatch(/王小八|110108200503140610/)
    expect((await services.tasks(other, {})).items.filter((t) => t.record === wang)).toEqual([])
  })
  it('opens neither the job, the export nor the upload of somebody else', async () => {
    const { services } = desk
    const { job } = got(await services.exports.start(beike, CANDIDATE, 'candidates', { ids: [wang] }))
    await desk.h.house.jobs.drain()
    const file = got(await services.jobs.get(beike, job)).job.result!.files![0]!.id
    const upload = got(await services.files.put(beike, { name: 'a.xlsx', entity: CANDIDATE, purpose: 'import' }, Readable.from([Buffer.from('PK\u0003\u0004')]))).id
    for (const who of [other, await desk.actor('sub.beike'), await desk.actor('platform.admin')]) {
      expect((await services.jobs.get(who, job)).ok).toBe(false)
      expect((await services.jobs.cancel(who, job)).ok).toBe(false)
      expect((await services.files.get(who, upload)).ok).toBe(false)
      expect((await services.imports.start(who, CANDIDATE, 'candidates', { file: upload, params: { kind: 'SCHOOL' } })).ok).toBe(false)
    }
    expect((await services.files.get(other, file)).ok).toBe(false)
    expect((await services.jobs.list(other, {})).items.map((j) => j.id)).not.toContain(job)
  })
  it('cannot choose a role or an organisation by what it sends', async () => {
    const saved = await desk.services.save(other, { entity: CANDIDATE, id: desk.h.names.get('candidate.zhou') ?? wang, data: { org: beike.orgId!, school: beike.orgId!, status: 'VERIFIED', rev: 99, createdBy: beike.userId } as never })
    const stored = await desk.h.house.db.all<{ n: number }>(`SELECT COUNT(*) AS n FROM ${desk.h.def('candidate').table} WHERE org = ?`, [Number(beike.orgId)])
    expect(Number(stored[0]!.n)).toBe(6)
    expect(saved.ok && saved.rev > 50).toBe(false)
  })
})

describe('names that every object has', () => {
  it.each(NAMES)('%s is no list, button, document, import, export, report or filter', async (name) => {
    const { services } = desk
    const tries: Record<string, () => Promise<Answer>> = {
      list: () => services.list(beike, CANDIDATE, name, {}), filter: () => services.list(beike, CANDIDATE, 'school', { filters: JSON.parse(`{"${name}":"1"}`) as Record<string, string> }), sort: () => services.list(beike, CANDIDATE, 'school', { sort: name }),
      tab: () => services.list(beike, CANDIDATE, 'school', { tab: name }), act: () => services.act(beike, CANDIDATE, { button: name, ids: [wang] }), dialog: () => services.form(beike, { entity: CANDIDATE, button: name, ids: [wang] }),
      print: () => services.documents.start(beike, CANDIDATE, name, { ids: [wang] }), preview: () => services.documents.preview(beike, CANDIDATE, name, wang), import: () => services.imports.describe(beike, CANDIDATE, name), template: () => services.imports.template(beike, CANDIDATE, name),
      export: () => services.exports.start(beike, CANDIDATE, name, { ids: [wang] }), report: () => services.reports(beike, 'vslc/entry', name, {}), entity: () => services.list(beike, name, undefined, {}), references: () => services.references(beike, { entity: CANDIDATE, path: name }),
      lookup: () => services.lookups.ask({ entity: 'vslc/issuance', id: name, keys: {}, address: '10.0.0.1', lang: 'zh' }), sign: () => services.signatures.begin(beike, { entity: CANDIDATE, button: name, ids: [wang] }),
    }
    for (const [what, run] of Object.entries(tries)) expect([what, (await run()).ok]).toEqual([what, false])
  })
})
