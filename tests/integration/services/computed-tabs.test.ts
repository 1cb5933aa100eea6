import { afterAll, beforeAll, expect, it } from 'vitest'
import { placeAt } from '#server/runtime/process/index.ts'
import { resolveNames, seedRecords } from '#server/runtime/release/index.ts'
import type { SeedRecords } from '#server/runtime/definitions/index.ts'
import { got, openDesk, type Desk } from './support.ts'

// the first subject began at 9 and takes two hours
const AFTER_ITS_END = '2026-05-20T11:05+08:00'
let desk: Desk
const names = new Map<string, string>()
beforeAll(async () => {
  desk = await openDesk({ now: AFTER_ITS_END })
  for (const [name, id] of desk.h.names) names.set(name, id)
})
afterAll(() => desk.close())

const set = (entity: string, records: SeedRecords['records']): SeedRecords => ({ entity, file: 'test', key: [], records })
async function seed(...sets: SeedRecords[]): Promise<void> {
  const { core } = desk.h.house
  const report = await seedRecords(core.engine, core.system(desk.h.programme), sets, names, (c, def, id, status) => placeAt(core.processes, c, def, id, status))
  expect(report.problems).toEqual([])
}
async function counts(tab?: string): Promise<{ tabs: Record<string, number>; total: number }> {
  const { view } = got(await desk.services.list(await desk.actor('eval.itmc'), 'vslc/registration', 'registration', { filters: { plan: names.get('exam-plan.plan2026')! }, ...(tab ? { tab } : {}) }))
  return { tabs: Object.fromEntries(view.tabs.filter((t) => t.id !== '').map((t) => [t.id, t.count])), total: view.total }
}

it('tabs over a state that moves with the clock count what stands in other records, and notice when it comes', async () => {
  const { tabs: before } = await counts()
  await seed(
    set('entry', { one: { plan: '$exam-plan.plan2026', candidate: '$candidate.wang', certificate: '$certificate.mid', candidateType: 'SCHOOL', site: '$exam-site.beike' } }),
    set('registration', { one: { entry: '$entry.one', planSubject: '$plan-subject.joint1' } }),
  )
  const { registration } = resolveNames({ registration: '$registration.one' }, names)
  const { table } = desk.h.def('registration')
  await desk.h.house.db.run(`UPDATE ${table} SET room = ?, seat_no = 1, exempt = 0 WHERE id = ?`, [Number(names.get('room.r101')), Number(registration)])
  const ended = await counts()
  expect(ended.tabs).toEqual({ ...before, ENDED: before['ENDED']! + 1 })
  expect((await counts('ENDED')).total).toBe(before['ENDED']! + 1)

  // ten more minutes for its room: it is still being examined
  await seed(set('extension', { more: { plan: '$exam-plan.plan2026', room: '$room.r101', minutes: 10, cause: '停电', approved: true } }))
  const examining = await counts()
  expect(examining.tabs).toEqual({ ...before, EXAMINING: before['EXAMINING']! + 1 })
  expect(examining.total).toBe(ended.total)
  expect((await counts('EXAMINING')).total).toBe(before['EXAMINING']! + 1)
  expect((await counts('ENDED')).total).toBe(before['ENDED']!)
})
