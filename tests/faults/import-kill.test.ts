import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generatePeople, writeCandidateSheet } from '#server/cli/demo/generator/index.ts'
import { readSheet } from '#server/runtime/records/excel/index.ts'
import { startImport } from '#server/runtime/transfer/index.ts'
import { testHouse, type TestHouse } from '../integration/support/house.ts'

const TITLES = { name: '学生姓名*', namePinyin: '姓名拼音*', gender: '性别*', idType: '证件类型*', idNo: '证件号码*', mobile: '手机号码*', enrolYear: '入学年份*', majorLevel: '专业层次*', major: '就读专业*', majorCode: '专业代码*' }
const ROWS = 3000
let t: TestHouse
beforeAll(async () => { t = await testHouse() })
afterAll(() => t.close())

/** Runs a worker process; kills it without warning once `after` rows are committed. */
const work = (owner: string, after = Infinity): Promise<{ code: number | null; rows: number }> => new Promise((resolve, reject) => {
  const given = JSON.stringify({ url: t.url, dir: t.dir, secrets: t.secrets, now: t.clock.now(), owner })
  const child = spawn(process.execPath, ['--import', 'tsx', new URL('./import-process.ts', import.meta.url).pathname, given], { stdio: ['ignore', 'pipe', 'inherit'] })
  let rows = 0
  child.stdout.on('data', (data: Buffer) => {
    rows = Math.max(rows, ...data.toString().split('\n').map(Number).filter(Number.isFinite))
    if (rows >= after) child.kill('SIGKILL')
  })
  child.on('error', reject)
  child.on('exit', (code) => resolve({ code, rows }))
})

it('finishes an import whose process is killed in the middle: every row once, every failed row once', async () => {
  const school = await t.as('school.beike')
  const path = join(t.dir, 'many.xlsx')
  const people = generatePeople({ seed: 3, count: ROWS, start: 10_000, school: '北科', majors: [{ name: '市场营销', code: '530605', level: '高职专科' }], idType: '身份证' })
  const expected = await writeCandidateSheet(path, people, { titles: TITLES, faults: { 'wrong-label': 40, 'unknown-major': 30 } })
  const { id: file } = await t.house.files.put(createReadStream(path), { kind: 'import', name: 'many.xlsx', mime: 'application/octet-stream', maxBytes: 1e9, encrypt: true, createdBy: school.actor.userId })
  const started = await startImport(t.house, school, t.def('candidate'), 'candidates', { file, params: { kind: 'SCHOOL' } })
  if (!started.ok) throw new Error('refused')
  const table = t.def('candidate').table
  const before = Number((await t.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))!.n)

  const first = await work('first', 400)
  expect(first.code).toBeNull()
  const between = (await t.house.db.one<{ ok_count: number; fail_count: number }>('SELECT ok_count, fail_count FROM imports'))!
  expect(between.ok_count + between.fail_count).toBeLessThan(ROWS)
  expect(Number((await t.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))!.n)).toBe(before + between.ok_count)
  // the dead worker's lease has run out
  await t.house.db.run(`UPDATE jobs SET lease_until = 1 WHERE state = 'running'`)
  const second = await work('second')
  expect(second.code).toBe(0)

  expect(await t.house.jobs.get(started.job)).toMatchObject({ state: 'done', result: { ok: ROWS - 70, failed: 70 } })
  const stored = await t.house.db.one(`SELECT COUNT(*) AS n, COUNT(DISTINCT id_no_bix) AS people FROM ${table} WHERE created_by = ?`, [school.actor.userId])
  expect(stored).toEqual({ n: ROWS - 70, people: ROWS - 70 })
  const record = (await t.house.db.one<{ fail_file: number }>('SELECT fail_file FROM imports'))!
  const failed = join(t.dir, 'failed.xlsx')
  await writeFile(failed, await t.house.files.read(String(record.fail_file), 1e8))
  const rows: number[] = []
  for await (const row of readSheet(failed)) rows.push(Number(Object.values(row.cells).at(-2)!.text))
  expect(rows.slice(1)).toEqual(expected.filter((e) => e.outcome !== 'ok').map((e) => e.row))
  expect(await readdir(join(t.dir, 'transfer'))).toEqual([])
}, 180_000)
