import { afterAll, beforeAll, expect, it } from 'vitest'
import { transfers, type Transfers } from './support.ts'

const ROWS = 2_600
let x: Transfers
beforeAll(async () => { x = await transfers() })
afterAll(() => x.t.close())

it('a sheet of many batches is stored as one after the other would be: rows that repeat others, in their own batch or a far one, are the only ones refused', async () => {
  const people = x.people(ROWS)
  const [stored, ...others] = people
  await x.store([stored!])
  const rows = people.map((p) => x.row(p))
  // of a batch before, of the batch just before, of the same, and of a record that was there already (row 2)
  rows[1_500] = x.row(people[20]!)
  rows[2_400] = x.row(people[2_390]!)
  rows[700] = x.row(people[701]!)
  rows[900] = x.row(others[0]!, { 就读专业: '没有这个专业' })

  const seen = await x.send('candidates', await x.sheet('large.xlsx', rows))

  const taken = '该考生已存在，请勿重复导入'
  expect(seen.reasons).toEqual({ 2: taken, 703: taken, 902: '专业目录中没有该专业名称和专业代码', 1502: taken, 2402: taken })
  expect(seen).toMatchObject({ refused: null, ok: ROWS - 5, failed: 5, made: ROWS - 5, attempts: 1 })
  const numbers = (await x.t.house.db.all<{ number: string }>(`SELECT number FROM ${x.t.def('candidate').table} WHERE number IS NOT NULL`)).map((r) => r.number)
  expect(new Set(numbers).size).toBe(numbers.length)
}, 60_000)
