import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { generatePeople, type Person } from '#server/cli/demo/generator/index.ts'
import type { Call } from '#server/runtime/context.ts'
import { readSheet } from '#server/runtime/records/excel/index.ts'
import { textRow, writeRawWorkbook, type RawWorkbook } from '#server/runtime/records/excel/fixtures/raw-workbook.ts'
import { importRowsNow, previewImport, startImport } from '#server/runtime/transfer/index.ts'
import { testHouse, type TestHouse } from '../support/house.ts'

export const TITLES = ['学生姓名', '姓名拼音', '性别', '证件类型', '证件号码', '手机号码', '入学年份', '专业层次', '就读专业', '专业代码']

/** What a person sees of one import: before (preview), as a whole, and row by row; `made` = records there are more now. */
export interface Seen { preview: string[]; total: number | undefined; refused: string | null; ok: number; failed: number; made: number; reasons: Record<number, string>; attempts: number }

export interface Transfers {
  t: TestHouse
  school: Call
  file(name: string): string
  people(count: number): Person[]
  /** cells of one person in the order of TITLES, some of them changed */
  row(person: Person, over?: Record<string, string>): string[]
  /** a workbook of bare XML with the header in row 1 */
  sheet(name: string, rows: (string | undefined)[][], more?: Partial<RawWorkbook>): Promise<string>
  store(people: Person[]): Promise<void>
  /** previews, then imports, both through the services */
  send(importId: string, path: string, name?: string): Promise<Seen>
  count(): Promise<number>
}

export async function transfers(): Promise<Transfers> {
  const t = await testHouse()
  const school = await t.as('school.beike')
  const candidate = t.def('candidate')
  let next = 5000
  const file = (name: string): string => join(t.dir, name)
  const row = (p: Person, over: Record<string, string> = {}): string[] => {
    const cells: Record<string, string> = { 学生姓名: p.name, 姓名拼音: p.namePinyin, 性别: p.gender, 证件类型: '身份证', 证件号码: p.idNo, 手机号码: p.mobile, 入学年份: String(p.enrolYear), 专业层次: '高职专科', 就读专业: '市场营销', 专业代码: '530605', ...over }
    return TITLES.map((title) => cells[title]!)
  }
  const upload = async (path: string, name: string): Promise<string> =>
    (await t.house.files.put(createReadStream(path), { kind: 'import', name, mime: 'application/octet-stream', maxBytes: 1e9, encrypt: true, createdBy: school.actor.userId, org: school.actor.orgId })).id
  const count = async (): Promise<number> => Number((await t.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${candidate.table}`))!.n)
  const reasonsOf = async (failFile: string): Promise<Record<number, string>> => {
    const path = file(`failed-${failFile}.xlsx`)
    await writeFile(path, await t.house.files.read(failFile, 1e9))
    const reasons: Record<number, string> = {}
    for await (const { row: at, cells } of readSheet(path)) {
      const [from, why] = Object.values(cells).slice(-2)
      if (at > 1) reasons[Number(from!.text)] = why!.text
    }
    return reasons
  }
  return {
    t, school, file, row, count,
    people: (n) => { next += n; return generatePeople({ seed: 7, count: n, start: next - n, school: '北科', majors: [{ name: '市场营销', code: '530605', level: '高职专科' }], idType: '身份证' }) },
    sheet: (name, rows, more = {}) => writeRawWorkbook(file(name), { sheet: textRow(1, TITLES) + rows.map((r, i) => textRow(i + 2, r)).join(''), ...more }),
    async store(people) {
      const stored = await importRowsNow(t.house, school, candidate, 'candidates', { kind: 'SCHOOL' }, people.map((p) => Object.fromEntries(row(p).map((v, i) => [TITLES[i]!, v]))))
      if (stored.ok !== people.length) throw new Error(JSON.stringify(stored))
    },
    async send(id, path, name = basename(path)) {
      const before = await count()
      const params = Object.fromEntries(Object.entries({ kind: 'SCHOOL' }).filter(([k]) => candidate.form.imports[id]!.params[k]))
      const shown = await previewImport(t.house, school, candidate, id, { file: await upload(path, name), params })
      const seen: Seen = { preview: (shown.ok ? shown.preview.problems : shown.problems).map((p) => p.message), total: shown.ok ? shown.preview.total : undefined, refused: null, ok: 0, failed: 0, made: 0, reasons: {}, attempts: 0 }
      const started = await startImport(t.house, school, candidate, id, { file: await upload(path, name), params })
      if (!started.ok) return { ...seen, refused: started.problems.map((p) => p.message).join('\n') }
      await t.house.jobs.drain()
      const job = await t.house.jobs.get(started.job)
      const record = (await t.house.db.one<{ ok_count: number; fail_count: number; fail_file: string | null }>('SELECT ok_count, fail_count, fail_file FROM imports WHERE id = ?', [started.import]))!
      return {
        ...seen, refused: job.error?.person ?? null, ok: Number(record.ok_count), failed: Number(record.fail_count), made: (await count()) - before, attempts: job.attempts,
        reasons: record.fail_file ? await reasonsOf(String(record.fail_file)) : {},
      }
    },
  }
}
