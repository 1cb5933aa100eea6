import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dict, ImportColumn } from '#server/runtime/definitions/model.ts'
import { checkImage } from '#server/runtime/files/image/check-image.ts'
import { readArchive } from '#server/runtime/records/archive/read-archive.ts'
import { readImportRows } from '#server/runtime/records/excel/match/import-rows.ts'
import type { ImportRow } from '#server/runtime/records/excel/match/import-rows.ts'
import { drawFace, generatePeople, writeCandidateSheet, writePhotoZip, writeRegistrationSheet, writeScoreSheet } from './index.ts'
import type { Person } from './index.ts'
import { encodeGbk } from './gbk.ts'
import { checkCharacter, isIdNumber } from './id-number.ts'

const AT = Date.UTC(2026, 2, 1)
const MAJORS = [{ name: '电子商务', code: '530701', level: '专科' }, { name: '市场营销', code: '120202', level: '本科' }]
const people = (count: number, seed = 7, start = 0): Person[] => generatePeople({ seed, count, start, school: 'S1', majors: MAJORS })
const TITLES = { name: '学生姓名*', namePinyin: '姓名拼音*', gender: '性别*', idType: '证件类型*', idNo: '证件号码*', mobile: '手机号码*', enrolYear: '入学年份*', majorLevel: '专业层次*', major: '就读专业*', majorCode: '专业代码*' }
const COLUMNS: Dict<ImportColumn> = Object.fromEntries(Object.entries(TITLES).map(([id, title]) => [id, { title: title.slice(0, -1), required: true }]))
COLUMNS.idNo = { ...COLUMNS.idNo as ImportColumn, sensitive: 'idNumber' }
COLUMNS.gender = { ...COLUMNS.gender as ImportColumn, values: { 男: 'MALE', 女: 'FEMALE' } }
COLUMNS.enrolYear = { ...COLUMNS.enrolYear as ImportColumn, kind: 'integer' }

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'generator-')) })
afterAll(() => rm(folder, { recursive: true }))
const list = async (path: string, columns: Dict<ImportColumn>): Promise<ImportRow[]> => {
  const rows: ImportRow[] = []
  for await (const row of readImportRows(path, columns)) rows.push(row)
  return rows
}

describe('people', () => {
  it('are the same for a seed and others for another', () => {
    expect(people(50)).toEqual(people(50))
    expect(people(50)).not.toEqual(people(50, 8))
  })

  it('have valid identity numbers and phones that are theirs alone', () => {
    const all = [...people(5000), ...people(5000, 9, 5000)]
    expect(all.every((p) => isIdNumber(p.idNo) && Number(p.idNo[16]) % 2 === (p.gender === '男' ? 1 : 0))).toBe(true)
    expect(new Set(all.map((p) => p.idNo)).size).toBe(10_000)
    expect(new Set(all.map((p) => p.mobile)).size).toBe(10_000)
    expect(all.every((p) => /^154\d{8}$/.test(p.mobile))).toBe(true)
    expect(all.some((p) => p.idNo.endsWith('X'))).toBe(true)
  })

  it('have check characters as the standard computes them', () => {
    // the example of GB 11643-1999
    expect([checkCharacter('11010519491231002'), checkCharacter('44052418800101001')]).toEqual(['X', '4'])
  })

  it('have names of all kinds with pinyin, in small files too', () => {
    const few = people(30)
    expect(few.some((p) => p.name.includes('·'))).toBe(true)
    expect(few.some((p) => p.name.includes('𠮷'))).toBe(true)
    expect(people(2000).every((p) => /^[a-z]+ [a-z]+$/.test(p.namePinyin) && [...p.name].length >= 2 && [...p.name].length <= 8)).toBe(true)
    expect(new Set(people(2000).map((p) => p.name)).size).toBeGreaterThan(1500)
  })
})

describe('sheets', () => {
  it('give candidates with the faults asked for, each of which the import finds where it can be seen in the file', async () => {
    const path = join(folder, 'candidates.xlsx')
    const faults = { 'numeric-id': 2, 'wrong-checksum': 1, 'missing-value': 2, 'duplicate-in-file': 1, 'unknown-major': 1, 'stray-space': 2, 'line-break': 1, 'wrong-label': 1 } as const
    const all = people(60)
    const expected = await writeCandidateSheet(path, all, { titles: TITLES, faults, above: ['本校学生导入模板'] })
    const rows = await list(path, COLUMNS)
    expect(rows.map((r) => r.row)).toEqual(expected.map((e) => e.row))
    const seen: Dict<string> = { 'numeric-id': 'as-text', 'missing-value': 'required', 'stray-space': 'stray-space', 'line-break': 'stray-space', 'wrong-label': 'not-allowed' }
    expect(rows.map((r) => r.errors.map((e) => [e.column, e.code]))).toEqual(expected.map((e) => (seen[e.outcome] ? [[e.field, seen[e.outcome]]] : [])))
    expect(expected.filter((e) => e.outcome !== 'ok')).toHaveLength(11)
    const wrong = rows.filter((r) => typeof r.values.idNo === 'string' && !isIdNumber(r.values.idNo)).map((r) => r.row)
    expect(wrong).toEqual(expected.filter((e) => e.outcome === 'wrong-checksum').map((e) => e.row))
    const twice = rows.filter((r) => r.values.idNo === all[0]?.idNo).map((r) => r.row)
    expect(twice).toEqual([expected[0]?.row, expected.find((e) => e.outcome === 'duplicate-in-file')?.row])
    expect(rows.filter((r) => r.values.majorCode === '999999')).toHaveLength(1)
    expect(expected[0]?.outcome).toBe('ok')
  })

  it('give registrations and scores under the titles of the definition', async () => {
    const titles = { name: '考生姓名*', idNo: '证件号码*', certNo: '证书编号*', siteNo: '考核站点编号*' }
    const columns = Object.fromEntries(Object.entries(titles).map(([id, title]) => [id, { title: title.slice(0, -1), required: true }]))
    const path = join(folder, 'registration.xlsx')
    const expected = await writeRegistrationSheet(path, people(20), { type: '院校考生', certNo: '1630054223010588', cert: '证书', level: '初级', siteNo: 'KD000001' }, { titles, faults: { 'unknown-person': 1, 'numeric-id': 1, 'unknown-site': 1 } })
    const rows = await list(path, columns)
    expect(rows.filter((r) => r.errors.length > 0).map((r) => r.row)).toEqual(expected.filter((e) => e.outcome === 'numeric-id').map((e) => e.row))
    expect(rows.filter((r) => String(r.values.idNo).startsWith('990000')).map((r) => r.row)).toEqual(expected.filter((e) => e.outcome === 'unknown-person').map((e) => e.row))
    expect(rows.filter((r) => r.values.siteNo === 'KD0000019')).toHaveLength(1)

    const scores = join(folder, 'scores.xlsx')
    const sittings = people(40).map((p, i) => ({ ticketNo: `20260301000100000000100${String(i).padStart(3, '0')}`, name: p.name, subjectNo: 'K1' }))
    const scoreTitles = { ticketNo: '准考证号*', name: '考生姓名*', subjectNo: '科目编号*', score: '考试成绩*' }
    const outcome = await writeScoreSheet(scores, sittings, { titles: scoreTitles, faults: { 'score-not-a-number': 2, 'numeric-id': 1 } })
    const scoreColumns: Dict<ImportColumn> = Object.fromEntries(Object.entries(scoreTitles).map(([id, title]) => [id, { title: title.slice(0, -1), required: true, ...(id === 'score' ? { kind: 'number' as const, values: { 缺考: 'ABSENT' } } : {}) }]))
    const read = await list(scores, scoreColumns)
    expect(read.filter((r) => r.errors.length > 0).map((r) => r.row)).toEqual(outcome.filter((e) => e.outcome !== 'ok').map((e) => e.row))
    expect(read.some((r) => r.values.score === 'ABSENT') && read.some((r) => r.values.score === 60)).toBe(true)
  })

  it('refuse more faults than rows', async () => {
    await expect(writeCandidateSheet(join(folder, 'x.xlsx'), people(2), { titles: TITLES, faults: { 'numeric-id': 2 } })).rejects.toThrow(RangeError)
  })
})

describe('photos', () => {
  it('differ from person to person and pass as portraits on red', async () => {
    const faces = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => drawFace(seed)))
    expect(new Set(faces.map((face) => face.toString('base64'))).size).toBe(6)
    for (const face of faces) expect(await checkImage(face, { pixels: { w: 295, h: 413, tolerance: 0 }, background: 'red' })).toMatchObject({ ok: true })
  })

  it.each(['utf8', 'gbk'] as const)('come as a package with %s names in which the checks find each fault', async (names) => {
    const path = join(folder, `${names}.zip`)
    const faults = { 'wrong-size': 1, 'wrong-background': 1, 'wrong-extension': 1, 'too-large': 1, 'not-an-image': 1, 'unknown-person': 1 } as const
    const all = people(12)
    const expected = await writePhotoZip(path, all, { at: AT, names, faults, leftovers: true })
    const ids = new Set(all.map((p) => p.idNo))
    const found: [string, string][] = []
    for await (const item of readArchive(path)) {
      const result = await checkImage(await item.read(), { pixels: { w: 295, h: 413, tolerance: 0 }, background: 'red', maxBytes: 5 * 1024 * 1024 }, item.name)
      found.push([item.name, ids.has(item.name.slice(0, 18)) ? (result.problems[0]?.code ?? 'ok') : 'unknown-person'])
    }
    expect(found).toEqual(expected.map((e) => [e.name, e.outcome]))
    expect(expected.filter((e) => e.outcome !== 'ok')).toHaveLength(6)
  })

  it('have names in the code page of Chinese Windows', async () => {
    expect(encodeGbk('张a·𠮷')).toEqual(Buffer.from([0xd5, 0xc5, 0x61, 0xa1, 0xa4, 0x3f]))
    const path = join(folder, 'gbk2.zip')
    await writePhotoZip(path, people(1), { at: AT, names: 'gbk' })
    expect((await readFile(path)).includes(encodeGbk('考生照片/'))).toBe(true)
  })
})
