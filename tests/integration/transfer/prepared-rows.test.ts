import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Db, SqlValue } from '#server/data/index.ts'
import { generatePeople, type Person } from '#server/cli/demo/generator/index.ts'
import type { Call } from '#server/runtime/context.ts'
import { indexLedBy } from '#server/runtime/records/index.ts'
import { columnsOf } from '#server/runtime/transfer/import/find-import.ts'
import { rowsOfObjects } from '#server/runtime/transfer/import/read-rows.ts'
import { importRows, prepareRows, storeRows, type ImportTask, type PreparedRows } from '#server/runtime/transfer/import/rows.ts'
import { testHouse, type TestHouse } from '../support/house.ts'

let t: TestHouse
let school: Call
let task: ImportTask
let people: Person[] = []
let start = 40_000
beforeAll(async () => {
  t = await testHouse()
  school = await t.as('school.beike')
  const def = t.def('candidate')
  task = { engine: t.house.core.engine, call: school, def, id: 'candidates', spec: def.form.imports['candidates']!, params: { kind: 'SCHOOL' } }
})
afterAll(() => t.close())
beforeEach(() => { people = generatePeople({ seed: 11, count: 3, start: (start += 100), school: '北科', majors: [{ name: '市场营销', code: '530605', level: '高职专科' }], idType: '身份证' }) })

const rowsOf = (list: Person[]) => rowsOfObjects(list.map((p) => ({ 学生姓名: p.name, 姓名拼音: p.namePinyin, 性别: p.gender, 证件类型: '身份证', 证件号码: p.idNo, 手机号码: p.mobile, 入学年份: p.enrolYear, 专业层次: '高职专科', 就读专业: '市场营销', 专业代码: '530605' })), columnsOf(school.programme, task.def, task.spec), school.zone)
const errorsOf = async (prepared: PreparedRows): Promise<string[][]> => (await storeRows(task, prepared)).map((r) => r.errors)
const stored = async (): Promise<number> => Number((await t.house.db.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${task.def.table}`))!.n)
const major = () => t.def('major')

describe('rows that were worked out before the transaction that stores them', () => {
  it('are stored as they are when nothing has happened since, and when something else has', async () => {
    const before = await stored()
    expect(await errorsOf(await prepareRows(task, rowsOf(people.slice(0, 1))))).toEqual([[]])
    const prepared = await prepareRows(task, rowsOf(people.slice(1)))
    await t.house.db.run(`UPDATE sequences SET value = value + 1`)
    expect(await errorsOf(prepared)).toEqual([[], []])
    expect(await stored()).toBe(before + 3)
  })

  it('are refused when somebody has stored the same person meanwhile', async () => {
    const prepared = await prepareRows(task, rowsOf(people))
    await importRows(task, rowsOf([people[1]!]))
    expect(await errorsOf(prepared)).toEqual([[], ['该考生已存在，请勿重复导入'], []])
  })

  it('are refused when what they refer to has gone meanwhile', async () => {
    const prepared = await prepareRows(task, rowsOf(people))
    const before = await stored()
    await t.house.db.run(`UPDATE ${major().table} SET state = 'DISABLED' WHERE code = '530605'`)
    try {
      expect(await errorsOf(prepared)).toEqual(people.map(() => ['专业目录中没有该专业名称和专业代码']))
      expect(await stored()).toBe(before)
    } finally { await t.house.db.run(`UPDATE ${major().table} SET state = 'ENABLED' WHERE code = '530605'`) }
  })

  it('are worked out anew when their transaction is repeated', async () => {
    const prepared = await prepareRows(task, rowsOf(people))
    await expect(t.house.db.tx(async () => { await storeRows(task, prepared); throw new Error('undone') })).rejects.toThrow('undone')
    expect(await errorsOf(prepared)).toEqual([[], [], []])
    const found = await t.house.db.all<{ number: string | null; id_no_enc: string }>(`SELECT number, id_no_enc FROM ${task.def.table} ORDER BY id DESC LIMIT 3`)
    expect(new Set(found.map((r) => r.number)).size).toBe(3)
    for (const r of found) expect(r.id_no_enc).toMatch(/^[\w-]+\.[\w-]{60,}$/)
  })

  it('are refused when the batch before them has named the same record', async () => {
    await importRows(task, rowsOf(people.slice(0, 2)))
    const change: ImportTask = { ...task, id: 'modify', spec: task.def.form.imports['modify']!, params: {}, seen: new Map() }
    const rows = (list: [Person, string][], from: number) => rowsOfObjects(list.map(([p, mobile]) => ({ 证件号码: p.idNo, 手机号码: mobile })), columnsOf(school.programme, task.def, change.spec), school.zone).map((r, i) => ({ ...r, row: from + i }))
    const [one, two] = people as [Person, Person, Person]
    // it writes what is there already: nothing that the second has read differs afterwards
    const first = await prepareRows(change, rows([[one, one.mobile]], 2))
    const second = await prepareRows(change, rows([[one, '15400000082'], [two, '15400000083']], 3))
    expect((await storeRows(change, first)).map((r) => r.errors)).toEqual([[]])
    expect((await storeRows(change, second)).map((r) => r.errors)).toEqual([['与第 2 行是同一条记录，请只保留一行'], []])
  })

  it('that are stored in a transaction which is already running are worked out in it', async () => {
    const errors = await t.house.db.tx(async () => {
      await importRows(task, rowsOf([people[0]!]))
      return errorsOf(await prepareRows(task, rowsOf(people)))
    })
    expect(errors).toEqual([['该考生已存在，请勿重复导入'], [], []])
  })
})

it('finds the records that rows name by the rare column of the key, however many records share the others', async () => {
  const { db } = t.house
  const asked: { sql: string; params: readonly SqlValue[] }[] = []
  const watched: Db = { ...db, all: (sql, params = [], options) => { asked.push({ sql, params }); return db.all(sql, params, options) } }
  await importRows({ ...task, engine: { ...task.engine, db: watched } }, rowsOf(people))
  const { sql, params } = asked.find((a) => a.sql.includes('id_no_bix IN'))!
  if (db.dialect.name === 'sqlite') {
    const plan = await db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params)
    expect(plan[0]!.detail).toMatch(/INDEX \S+ \(id_no_bix=\?\)/)
  } else {
    const plan = await db.all<{ key: string; rows: string | number }>(`EXPLAIN ${sql}`, params)
    expect(plan[0]!.key).toBe(indexLedBy(task.def, 'id_no_bix'))
  }
})

it('finds for each row what its own cells look up, also where others of the batch look up something else', async () => {
  const rows = rowsOfObjects(people.map((p, i) => ({ 学生姓名: p.name, 姓名拼音: p.namePinyin, 性别: p.gender, 证件类型: '身份证', 证件号码: p.idNo, 手机号码: p.mobile, 入学年份: p.enrolYear, 专业层次: '高职专科', 就读专业: i === 1 ? '没有这个专业' : '市场营销', 专业代码: '530605' })), columnsOf(school.programme, task.def, task.spec), school.zone)
  const results = await importRows(task, rows)
  expect(results.map((r) => r.errors)).toEqual([[], ['专业目录中没有该专业名称和专业代码'], []])
})
