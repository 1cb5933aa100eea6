import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatePeople, writeCandidateSheet, writePhotoZip, type Person } from '#server/cli/demo/generator/index.ts'
import { fromColumn } from '#server/platform/json.ts'
import type { Call } from '#server/runtime/context.ts'
import { readSheet } from '#server/runtime/records/excel/index.ts'
import { describeImport, exportRowsNow, importPicked, importRecords, importRowsNow, importTemplate, mayOpenTransferFile, previewImport, startImport } from '#server/runtime/transfer/index.ts'
import { testHouse, type TestHouse } from './support/house.ts'

const TITLES = { name: '学生姓名*', namePinyin: '姓名拼音*', gender: '性别*', idType: '证件类型*', idNo: '证件号码*', mobile: '手机号码*', enrolYear: '入学年份*', majorLevel: '专业层次*', major: '就读专业*', majorCode: '专业代码*' }
const MAJORS = [{ name: '市场营销', code: '530605', level: '高职专科' }]

let t: TestHouse
let school: Call
beforeAll(async () => {
  t = await testHouse()
  school = await t.as('school.beike')
})
afterAll(() => t.close())

const people = (count: number, start: number): Person[] => generatePeople({ seed: 7, count, start, school: '北科', majors: MAJORS, idType: '身份证' })
const upload = async (path: string, call: Call, name = basename(path)): Promise<string> =>
  (await t.house.files.put(createReadStream(path), { kind: 'import', name, mime: 'application/octet-stream', maxBytes: 1e9, encrypt: true, createdBy: call.actor.userId, org: call.actor.orgId })).id
const countOf = async (): Promise<number> => Number((await t.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${t.def('candidate').table}`))!.n)
/** The number of a demo candidate, as the school itself exports it. */
const idNumber = async (name: string): Promise<string> => {
  const found = await exportRowsNow(t.house, school, t.def('candidate'), 'candidates', { ids: [t.names.get(`candidate.${name}`)!] })
  return found.ok ? found.rows[0]![found.columns.indexOf('证件号码')]! : ''
}
/** A row of a table once more, with its lists of references. */
const copyRow = async (entity: string, id: string, changes: Record<string, string | null>): Promise<string> => {
  const def = t.def(entity)
  const stored = (await t.house.db.one<Record<string, string | number | null>>(`SELECT * FROM ${def.table} WHERE id = ?`, [id]))!
  const copy = { ...stored, id: t.house.core.engine.ids.next(), ...changes }
  await t.house.db.insertMany(def.table, Object.keys(copy), [Object.values(copy)])
  for (const { linkTable } of Object.values(def.properties)) {
    const rows = linkTable ? await t.house.db.all<Record<string, string | number | null>>(`SELECT * FROM ${linkTable} WHERE owner_id = ?`, [id]) : []
    if (rows[0]) await t.house.db.insertMany(linkTable!, Object.keys(rows[0]), rows.map((r) => Object.values({ ...r, owner_id: copy.id })))
  }
  return copy.id
}
const importFile = async (id: string, path: string, params: Record<string, unknown>, call = school) => {
  const started = await startImport(t.house, call, t.def('candidate'), id, { file: await upload(path, call), params })
  if (!started.ok) throw new Error(started.problems.map((p) => p.message).join())
  await t.house.jobs.drain()
  const job = await t.house.jobs.get(started.job)
  return { job, record: (await t.house.db.one<Record<string, unknown>>('SELECT * FROM imports WHERE id = ?', [started.import]))! }
}
const sheetRows = async (file: string): Promise<string[][]> => {
  const path = join(t.dir, `read-${file}.xlsx`)
  await writeFile(path, await t.house.files.read(file, 1e8))
  const rows: string[][] = []
  for await (const row of readSheet(path)) rows.push(Object.values(row.cells).map((c) => c.text))
  return rows
}

describe('a sheet of candidates', () => {
  it('stores the good rows, gives the bad ones back with every reason, and keeps no personal number in the clear', async () => {
    const path = join(t.dir, 'candidates.xlsx')
    const expected = await writeCandidateSheet(path, people(60, 0), { titles: TITLES, faults: { 'numeric-id': 1, 'wrong-checksum': 2, 'missing-value': 1, 'duplicate-in-file': 1, 'unknown-major': 2, 'stray-space': 1, 'line-break': 1, 'wrong-label': 1 } })
    const before = await countOf()
    const bad = expected.filter((e) => e.outcome !== 'ok')

    const { job, record } = await importFile('candidates', path, { kind: 'SCHOOL' })

    expect(job.error).toBeNull()
    expect(job.state).toBe('done')
    expect(job.result).toMatchObject({ ok: 50, failed: 10 })
    expect(record).toMatchObject({ ok_count: 50, fail_count: 10, total: 60, state: 'done' })
    expect(await countOf()).toBe(before + 50)
    const [header, ...failed] = await sheetRows(String(record['fail_file']))
    expect(header!.slice(-2)).toEqual(['原行号', '失败原因'])
    expect(failed.map((r) => Number(r.at(-2))).sort((a, b) => a - b)).toEqual(bad.map((e) => e.row).sort((a, b) => a - b))
    const reason = (outcome: string): string => failed.find((r) => Number(r.at(-2)) === bad.find((e) => e.outcome === outcome)!.row)!.at(-1)!
    expect(reason('numeric-id')).toBe('“证件号码”不能是数字格式，请以文本格式填写。')
    expect(reason('wrong-checksum')).toBe('身份证号码不正确')
    expect(reason('missing-value')).toBe('“学生姓名”不能为空，请填写。')
    expect(reason('duplicate-in-file')).toBe('该考生已存在，请勿重复导入')
    expect(reason('unknown-major')).toBe('专业目录中没有该专业名称和专业代码')
    expect(reason('stray-space')).toBe('“学生姓名”的内容前后有空格，请删除空格后重新导入。')
    expect(reason('line-break')).toBe('“姓名拼音”里有换行，请删除换行后重新导入。')
    expect(reason('wrong-label')).toBe('性别只能填写男或女')
    const stored = JSON.stringify([await t.house.db.all('SELECT * FROM jobs'), await t.house.db.all('SELECT * FROM imports'), await t.house.db.all('SELECT * FROM files')])
    for (const person of people(60, 0)) expect(stored).not.toContain(person.idNo)
  })

  it('takes the corrected file of failed rows as it is', async () => {
    const record = (await importRecords(t.house, school, t.def('candidate'), {})).items[0]!
    const path = join(t.dir, 'again.xlsx')
    await writeFile(path, await t.house.files.read(record.failedFile!, 1e8))
    const { job } = await importFile('candidates', path, { kind: 'SCHOOL' })
    expect(job.result).toMatchObject({ ok: 0, failed: 10 })
  })

  it.each([
    ['a renamed column', { ...TITLES, idNo: '身份证件号码' }, '缺少列“证件号码”；E 列的“身份证件号码”可能就是它，请改回模板中的标题。'],
    ['a missing column', { ...TITLES, mobile: undefined }, '缺少列“手机号码”，请下载标准模板，按模板填写后再上传。'],
  ])('with %s is refused as a whole and nothing is stored', async (_, titles, message) => {
    const path = join(t.dir, `header-${message.length}.xlsx`)
    await writeCandidateSheet(path, people(5, 500), { titles: Object.fromEntries(Object.entries(titles).filter(([, v]) => v)) })
    const before = await countOf()
    const { job, record } = await importFile('candidates', path, { kind: 'SCHOOL' })
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { person: message } })
    expect(record).toMatchObject({ state: 'failed', ok_count: 0 })
    expect(fromColumn(record['error'])).toEqual({ code: 'header', person: message })
    expect(await countOf()).toBe(before)
  })

  it('is shown before it is stored, with columns, first rows and what is wrong', async () => {
    const path = join(t.dir, 'preview.xlsx')
    await writeCandidateSheet(path, people(30, 600), { titles: TITLES })
    const shown = await previewImport(t.house, school, t.def('candidate'), 'candidates', { file: await upload(path, school), params: { kind: 'SCHOOL' } })
    expect(shown).toMatchObject({ ok: true, preview: { total: 30, problems: [] } })
    if (!shown.ok) return
    expect(shown.preview.rows).toHaveLength(20)
    expect(shown.preview.rows[0]).toMatchObject({ row: 2 })
    expect(shown.preview.columns[4]).toEqual({ title: '证件号码', found: '证件号码*', required: true })
  })
})

describe('an import', () => {
  it('is not for roles without its right, nor with a file of somebody else, nor with a wrong parameter', async () => {
    const path = join(t.dir, 'small.xlsx')
    await writeCandidateSheet(path, people(2, 700), { titles: TITLES })
    const province = await t.as('province.bj')
    const file = await upload(path, school)
    const start = (call: Call, params: Record<string, unknown>) => startImport(t.house, call, t.def('candidate'), 'candidates', { file, params })
    expect(await start(province, { kind: 'SCHOOL' })).toMatchObject({ ok: false, code: 'FORBIDDEN' })
    expect(await start(await t.as('school.other'), { kind: 'SCHOOL' })).toMatchObject({ ok: false, code: 'NOT_FOUND' })
    expect(await start(school, { kind: 'NOBODY' })).toMatchObject({ ok: false, problems: [{ path: 'kind' }] })
  })

  it('takes a parameter only from what its condition leaves', async () => {
    const call = await t.as('school.other')
    const rows = await importRowsNow(t.house, call, t.def('registration'), 'byCertificate', { plan: t.names.get('exam-plan.plan2026') }, [])
    expect(rows.refused ?? []).not.toContain('请先选择考试计划')
    expect(await importRowsNow(t.house, school, t.def('registration'), 'byCertificate', {}, [])).toMatchObject({ refused: ['请先选择考试计划'] })
    expect(await importRowsNow(t.house, school, t.def('registration'), 'byCertificate', { plan: '1' }, [])).toMatchObject({ refused: ['考试计划：所选记录不在可选范围内，请重新选择'] })
  })

  it('describes itself and hands out a template that it takes back', async () => {
    const found = describeImport(school, t.def('candidate'), 'candidates')
    expect(found).toMatchObject({ ok: true, view: { kind: 'sheet', accept: ['.xlsx', '.xls'], params: { schema: { required: ['kind'] } } } })
    const template = await importTemplate(school, t.def('candidate'), 'candidates')
    if (!template.ok) throw new Error('no template')
    const path = join(t.dir, 'template.xlsx')
    await writeFile(path, template.file.bytes)
    const titles: string[] = []
    for await (const row of readSheet(path)) titles.push(...Object.values(row.cells).map((c) => c.text))
    expect(titles).toEqual(Object.values(TITLES))
  })

  it('is seen by its organisation alone, and its failed rows by those who may send such files', async () => {
    const mine = await importRecords(t.house, school, undefined, {})
    expect(mine.total).toBeGreaterThan(0)
    expect(mine.items.at(-1)).toMatchObject({ title: '批量导入考生信息', who: '北科管理员', ok: 50, failed: 10, state: 'done', fileName: 'candidates.xlsx' })
    expect((await importRecords(t.house, await t.as('school.other'), undefined, {})).total).toBe(0)
    const platform = await importRecords(t.house, await t.as('platform.admin'), undefined, {})
    expect(platform.total).toBe(mine.total)
    expect(platform.items.some((i) => i.failedFile)).toBe(false)
    const file = mine.items.at(-1)!.failedFile!
    expect(await mayOpenTransferFile(t.house, school, file)).toBe(true)
    expect(await mayOpenTransferFile(t.house, await t.as('school.other'), file)).toBe(false)
  })

  it('changes the record that its key names, once per file', async () => {
    const idNo = people(1, 3)[0]!.idNo
    const row = (mobile: string) => ({ 证件号码: idNo, 手机号码: mobile })
    const result = await importRowsNow(t.house, school, t.def('candidate'), 'modify', {}, [row('15400000091'), row('15400000092'), { 证件号码: '110105190001010000', 手机号码: '15400000093' }])
    expect(result).toMatchObject({ ok: 1, failed: 2, errors: { 3: ['与第 2 行是同一条记录，请只保留一行'], 4: ['没有找到对应的记录'] } })
  })

  it('knows a personal number by what a look-up compares it with, and does not take it from a number', async () => {
    const row = { 考生姓名: '王小八', 证件号码: 110105200601011200, 考生类型: '院校考生', 证书编号: '1630054223020943', 报考证书: '数字营销技术应用', 证书等级: '中级', 考核站点编号: '110000007' }
    const result = await importRowsNow(t.house, school, t.def('registration'), 'byCertificate', { plan: t.names.get('exam-plan.plan2026') }, [row])
    expect(result).toMatchObject({ ok: 0, errors: { 2: ['“证件号码”不能是数字格式，请以文本格式填写。'] } })
  })

  it('stores a row with all it makes or nothing of it, and a row refused by its key leaves the others alone', async () => {
    const numbers = await t.house.db.all<{ id: number }>(`SELECT id FROM ${t.def('entry').table}`)
    const idOf = async (name: string): Promise<string> => String(await idNumber(name))
    const row = (name: string, idNo: string, site = '110000007') => ({ 考生姓名: name, 证件号码: idNo, 考生类型: '院校考生', 证书编号: '1630054223020943', 报考证书: '数字营销技术应用', 证书等级: '中级', 考核站点编号: site })
    const [wang, li] = [await idOf('wang'), await idOf('li')]
    const result = await importRowsNow(t.house, school, t.def('registration'), 'byCertificate', { plan: t.names.get('exam-plan.plan2026') }, [row('王小八', wang), row('王小八', wang), row('李大伟', li), row('李大伟', wang)])
    expect(result).toMatchObject({ ok: 2, failed: 2, errors: { 3: ['该考生在本计划中已报考此证书'], 5: ['姓名与证件号码不一致'] } })
    const after = await t.house.db.all<{ id: number }>(`SELECT id FROM ${t.def('entry').table}`)
    expect(after.length - numbers.length).toBe(2)
    const registrations = await t.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${t.def('registration').table}`)
    expect(registrations!.n).toBe(4)
  })

  it('of another school does not reach a record of this one', async () => {
    const result = await importRowsNow(t.house, await t.as('school.other'), t.def('candidate'), 'modify', {}, [{ 证件号码: people(1, 3)[0]!.idNo, 手机号码: '15400000094' }])
    expect(result).toMatchObject({ ok: 0, errors: { 2: ['没有找到对应的记录'] } })
  })
})

describe('a chooser', () => {
  it('takes chosen records into new ones by the same rules, and leaves out what its condition leaves out', async () => {
    const [plan, room] = [t.names.get('exam-plan.plan2026')!, [...t.names].find(([k]) => k.startsWith('room.'))![1]]
    const same = await importPicked(t.house, school, t.def('room'), 'reuse', { params: { plan }, ids: [room, '77'] })
    expect(same).toMatchObject({ ok: true, done: 0, refused: [{ id: room }, { id: '77' }] })

    // the same plan with its subjects once more, under another number
    const copy = await copyRow('exam-plan', plan, { plan_no: 'COPY', process_id: null })
    for (const { id } of await t.house.db.all<{ id: number }>(`SELECT id FROM ${t.def('plan-subject').table} WHERE plan = ?`, [plan])) await copyRow('plan-subject', String(id), { plan: copy })
    const made = await importPicked(t.house, school, t.def('room'), 'reuse', { params: { plan: copy }, ids: [room] })
    expect(made).toMatchObject({ ok: true, done: 1, refused: [] })
    const rooms = await t.house.db.all<{ name: string; plan: number }>(`SELECT name, plan FROM ${t.def('room').table} WHERE id IN (?, ?) ORDER BY id`, [room, made.ok ? made.made[0]! : '0'])
    expect(rooms.map((r) => String(r.plan))).toEqual([plan, copy])
    expect(new Set(rooms.map((r) => r.name)).size).toBe(1)
  })
})

describe('a package of photos', () => {
  it('gives each record its photo by the number in the name, and lists the rest with reasons', async () => {
    const path = join(t.dir, 'photos.zip')
    const stored = (await t.house.db.all<{ id: number }>(`SELECT id FROM ${t.def('candidate').table} WHERE photo IS NULL AND status = 'NO_PHOTO'`)).length
    const all = people(60, 0)
    const known = await importRowsNow(t.house, school, t.def('candidate'), 'modify', {}, all.map((p) => ({ 证件号码: p.idNo })))
    const mine = all.filter((_, i) => !known.errors[String(i + 2)]).slice(0, 12)
    const expected = await writePhotoZip(path, mine, { at: 0, faults: { 'wrong-size': 1, 'wrong-extension': 1, 'not-an-image': 1, 'unknown-person': 1 }, leftovers: true })
    expect(stored).toBeGreaterThan(12)

    const { job, record } = await importFile('photos', path, {})

    expect(job.error).toBeNull()
    expect(job.result).toMatchObject({ ok: 8, failed: 4 })
    const failed = await sheetRows(String(record['fail_file']))
    const reason = (outcome: string): string => failed.find((r) => r[0] === expected.find((e) => e.outcome === outcome)!.name)!.at(-1)!
    expect(reason('wrong-size')).toBe('图片为 413×626 像素，应为 295×413 像素，请调整后重新上传。')
    expect(reason('not-an-image')).toBe('文件不是 JPG 或 PNG 图片，请检查后重新上传。')
    expect(reason('unknown-person')).toBe('没有找到对应的记录')
    const photos = await t.house.db.all<{ photo: number; status: string }>(`SELECT photo, status FROM ${t.def('candidate').table} WHERE photo IS NOT NULL AND status = 'PENDING_VERIFY'`)
    expect(photos.length).toBeGreaterThanOrEqual(8)
    const files = await t.house.db.all<{ key_id: string | null; expires_at: number | null }>(`SELECT key_id, expires_at FROM files WHERE path = 'photo'`)
    expect(files).toHaveLength(8)
    expect(files.every((f) => f.key_id !== null && f.expires_at === null)).toBe(true)
  })
})
