import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Call } from '#server/runtime/context.ts'
import { readSheet } from '#server/runtime/records/excel/index.ts'
import { saveSet } from '#server/runtime/records/index.ts'
import { countExport, exportRowsNow, importRowsNow, mayOpenTransferFile, startExport, type ExportAsk } from '#server/runtime/transfer/index.ts'
import { testHouse, type TestHouse } from './support/house.ts'

let t: TestHouse
let school: Call
beforeAll(async () => {
  t = await testHouse()
  school = await t.as('school.beike')
})
afterAll(() => t.close())

const rowsOf = async (call: Call, entity: string, id: string, ask: ExportAsk = {}): Promise<{ columns: string[]; rows: string[][]; at(title: string): string[] }> => {
  const found = await exportRowsNow(t.house, call, t.def(entity), id, ask)
  if (!found.ok) throw new Error(found.problems.map((p) => p.message).join())
  return { ...found, at: (title) => found.rows.map((r) => r[found.columns.indexOf(title)]!) }
}
const ids = (...names: string[]): string[] => names.map((n) => t.names.get(n)!)

describe('an export of candidates', () => {
  it('has the columns of its definition with labels for codes, and only what the school may see', async () => {
    const own = await rowsOf(school, 'candidate', 'candidates', { ids: ids('candidate.wang', 'candidate.li') })
    expect(own.columns).toEqual(['序号', '学生姓名', '姓名拼音', '性别', '证件类型', '证件号码', '手机号码', '入学年份', '专业层次', '就读专业', '专业代码', '考生编号', '考生类型', '已报考证书', '所属院校', '状态'])
    expect(own.at('序号')).toEqual(['1', '2'])
    expect(own.at('学生姓名')).toEqual(['王小八', '李大伟'])
    expect(own.at('证件类型')).toEqual(['身份证', '身份证'])
    expect(own.at('状态')).toEqual(['信息准确', '信息准确'])
    const foreign = await rowsOf(await t.as('school.other'), 'candidate', 'candidates', { ids: ids('candidate.wang', 'candidate.li') })
    expect(foreign.rows).toEqual([])
  })

  it('shows whole personal numbers to those who may see them, and masks them for others', async () => {
    const whole = (await rowsOf(school, 'candidate', 'candidates', { ids: ids('candidate.wang') })).at('证件号码')[0]!
    expect(whole).toMatch(/^\d{17}[\dX]$/)
    const access = school.programme.entities['candidate']!.form.access['school']!
    const { can } = access
    access.can = can.filter((c) => c !== 'unmask')
    try {
      const masked = await rowsOf(school, 'candidate', 'candidates', { ids: ids('candidate.wang') })
      expect(masked.at('证件号码')).toEqual([`${whole.slice(0, 3)}${'*'.repeat(11)}${whole.slice(-4)}`])
      expect(masked.at('手机号码')[0]).toMatch(/^\d{3}\*{4}\d{4}$/)
    } finally { access.can = can }
  })

  it('follows the query of the list, its filters, its tab and its order', async () => {
    const named = await rowsOf(school, 'candidate', 'candidates', { query: { filters: { name: '王小八' } } })
    expect(named.at('学生姓名')).toEqual(['王小八'])
    const blind = await rowsOf(school, 'candidate', 'candidates', { query: { filters: { idNo: named.at('证件号码')[0]! } } })
    expect(blind.at('学生姓名')).toEqual(['王小八'])
    const verified = await rowsOf(school, 'candidate', 'candidates', { query: { tab: 'VERIFIED', sort: 'name' } })
    expect(new Set(verified.at('状态'))).toEqual(new Set(['信息准确']))
    expect(verified.at('学生姓名')).toEqual([...verified.at('学生姓名')].sort())
    const count = await countExport(t.house, school, t.def('candidate'), 'candidates', { query: { tab: 'VERIFIED' } })
    expect(count).toEqual({ ok: true, count: verified.rows.length })
    expect(await countExport(t.house, school, t.def('candidate'), 'candidates', { query: { tab: 'NOWHERE' } })).toMatchObject({ ok: false, code: 'QUERY_INVALID' })
  })

  it('leaves out what a field rule hides, also of a field that only some rows hide', async () => {
    const access = school.programme.entities['candidate']!.form.access['school']!
    const { fields } = access
    access.fields = { mobile: { hidden: true }, enrolYear: { hidden: 'name = "王小八"' } }
    try {
      const seen = await rowsOf(school, 'candidate', 'candidates', { ids: ids('candidate.wang', 'candidate.li') })
      expect(seen.at('手机号码')).toEqual(['', ''])
      expect(seen.at('入学年份')[0]).toBe('')
      expect(seen.at('入学年份')[1]).toMatch(/^20\d\d$/)
      const reached = await rowsOf(school, 'registration', 'registrations', {})
      expect(reached.columns).toContain('身份证号')
    } finally { access.fields = fields }
  })

  it('is refused to a role without the right, and for an export that is not there', async () => {
    expect(await startExport(t.house, await t.as('province.bj'), t.def('candidate'), 'candidates', {})).toMatchObject({ ok: false, code: 'FORBIDDEN' })
    expect(await startExport(t.house, school, t.def('candidate'), 'constructor', {})).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  })

  it('becomes an encrypted sheet that goes after seven days and is for its owner alone', async () => {
    const [draft] = await saveSet(t.house.core.engine, school, t.def('candidate'), [{ id: t.names.get('candidate.li')!, data: { namePinyin: '=cmd|calc' } }], { via: { kind: 'effect' } })
    expect(draft!.problems).toEqual([])
    const idNo = (await rowsOf(school, 'candidate', 'candidates', { ids: ids('candidate.li') })).at('证件号码')[0]!

    const started = await startExport(t.house, school, t.def('candidate'), 'candidates', { query: { filters: { idNo } } })

    if (!started.ok) throw new Error('refused')
    expect(started.count).toBe(1)
    await t.house.jobs.drain()
    const job = await t.house.jobs.get(started.job)
    expect(job).toMatchObject({ state: 'done', error: null, result: { ok: 1, files: [{ name: '批量导出考生信息-202605061000.xlsx' }] } })
    const [file] = (job.result as { files: { id: string }[] }).files
    const stored = await t.house.files.get(file!.id)
    expect(stored).toMatchObject({ encrypted: true, expiresAt: t.clock.now() + 7 * 86_400_000 })
    const path = join(t.dir, 'export.xlsx')
    await writeFile(path, await t.house.files.read(file!.id, 1e8))
    const cells = []
    for await (const row of readSheet(path)) cells.push(row.cells)
    expect(cells).toHaveLength(2)
    expect(cells[1]![3]).toEqual({ kind: 'string', text: '=cmd|calc' })
    expect(cells[1]![6]).toEqual({ kind: 'string', text: idNo })
    expect(JSON.stringify([await t.house.db.all('SELECT * FROM exports'), await t.house.db.all('SELECT * FROM jobs')])).not.toContain(idNo)
    expect(await mayOpenTransferFile(t.house, school, file!.id)).toBe(true)
    expect(await mayOpenTransferFile(t.house, await t.as('school.other'), file!.id)).toBe(false)
    expect(await mayOpenTransferFile(t.house, school, '1')).toBeNull()
  })
})

describe('columns of an export', () => {
  it('that go through an array give one row per item', async () => {
    const id = t.names.get('pilot-application.beike-mid')!
    const majors = [{ major: t.names.get('major.marketing'), enrolled: 320, teachers: 12, applied: 40 }, { major: t.names.get('major.ecommerce'), enrolled: 150, applied: 20 }]
    const [draft] = await saveSet(t.house.core.engine, t.house.core.system(t.programme), t.def('pilot-application'), [{ id, data: { majors } }], { via: { kind: 'seed' } })
    expect(draft!.problems).toEqual([])

    const found = await rowsOf(school, 'pilot-application', 'detail', { ids: ids('pilot-application.beike-mid', 'pilot-application.beike-low') })

    expect(found.at('拟申报专业')).toEqual(['市场营销', '电子商务', ''])
    expect(found.at('专业代码')).toEqual(['530605', '530701', ''])
    expect(found.at('本专业在校学生数')).toEqual(['320', '150', ''])
    expect(found.at('本专业专任教师数')).toEqual(['12', '', ''])
    expect(found.at('证书等级')).toEqual(['中级', '中级', '初级'])
  })

  it('show a slot of one day with the end time alone, in the zone of the family', async () => {
    const wang = (await rowsOf(school, 'candidate', 'candidates', { ids: ids('candidate.wang') })).at('证件号码')[0]!
    const made = await importRowsNow(t.house, school, t.def('registration'), 'byCertificate', { plan: t.names.get('exam-plan.plan2026') },
      [{ 考生姓名: '王小八', 证件号码: wang, 考生类型: '院校考生', 证书编号: '1630054223020943', 报考证书: '数字营销技术应用', 证书等级: '中级', 考核站点编号: '110000007' }])
    expect(made).toMatchObject({ ok: 1, failed: 0 })
    const found = await rowsOf(school, 'registration', 'registrations')
    expect(found.rows).toHaveLength(2)
    expect(found.at('身份证号')[0]).toBe(`${wang.slice(0, 6)}*****${wang.slice(-6)}`)
    const plan = t.def('plan-subject').form.exports['arrangement']!
    expect(plan).toBeDefined()
    const arrangement = await rowsOf(school, 'plan-subject', 'arrangement')
    expect(arrangement.at('考试时段')).toContain('2026-05-20 09:00~11:00')
  })
})
