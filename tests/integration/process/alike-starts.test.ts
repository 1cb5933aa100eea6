import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { saveSet } from '#server/runtime/records/index.ts'
import { testHouse, type TestHouse } from '../support/house.ts'

let t: TestHouse
beforeAll(async () => { t = await testHouse() })
afterAll(() => t.close())

describe('processes of new records that are started together', () => {
  it('go each the way that its own record says, and share their marking with those that go the same way', async () => {
    const { core, db } = t.house
    const def = t.def('candidate')
    const school = await t.as('school.beike')
    const majors = await db.one<{ id: number }>(`SELECT id FROM ${t.def('major').table} WHERE code = '530605'`)
    const whole = { namePinyin: 'Zhang San', gender: '男', mobile: '13800138000', enrolYear: 2024, majorLevel: 'JUNIOR', major: String(majors!.id) }
    const person = (n: number, more: Record<string, unknown>) => ({ data: { kind: 'SCHOOL', name: `学生${n}`, idType: 'PASSPORT', idNo: `E1234567${n}`, school: school.actor.orgId, ...more } })
    const drafts = await saveSet(core.engine, core.system(t.programme), def, [person(1, whole), person(2, {}), person(3, whole), person(4, { ...whole, gender: undefined }), person(5, whole)], { via: { kind: 'effect' }, lenient: true })
    expect(drafts.flatMap((d) => d.problems)).toEqual([])

    const these = db.idsIn('c.id', drafts.map((d) => d.id))
    const rows = await db.all<{ status: string; marking: number }>(`SELECT c.status, p.marking_id AS marking FROM ${def.table} c JOIN process_instances p ON p.record_id = c.id AND p.entity = ? WHERE ${these.sql} ORDER BY c.id`, [def.id, ...these.params])
    expect(rows.map((r) => r.status)).toEqual(['NO_PHOTO', 'INCOMPLETE', 'NO_PHOTO', 'INCOMPLETE', 'NO_PHOTO'])
    expect(drafts.map((d) => d.status)).toEqual(rows.map((r) => r.status))
    const [whole1, part1, whole2, part2, whole3] = rows.map((r) => r.marking)
    expect([whole2, whole3, part2]).toEqual([whole1, whole1, part1])
    expect(part1).not.toBe(whole1)
  })
})
