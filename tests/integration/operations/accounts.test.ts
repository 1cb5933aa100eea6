import { afterAll, beforeAll, expect, it } from 'vitest'
import { press, type CallOperation } from '#server/runtime/desk/index.ts'
import { signIn } from '#server/runtime/accounts/index.ts'
import { cryptoRandom } from '#server/platform/random.ts'
import { testHouse, type TestHouse } from '../support/house.ts'
import { nameOf } from '../support/issuances.ts'

let t: TestHouse
beforeAll(async () => { t = await testHouse() })
afterAll(() => t.close())
const operation: CallOperation = async (id, input, call) => (await t.house.operations.run(id, [{ key: `${id}/test`, input }], call))[0]!
const entry = (account: string, password: string) => signIn(t.house.core.engine, cryptoRandom, [t.programme], { account, password, address: '10.0.0.1' })
const click = async (button: string, ids: string[], entity = 'candidate', user = 'school.beike') => press(t.house.core.processes, await t.as(user), t.def(entity), { button, ids }, operation)
const accountOf = async (id: string) => (await t.house.db.one<{ account: number | null }>(`SELECT account FROM ${t.def('candidate').table} WHERE id = ?`, [id]))!.account

it('a school opens accounts of its candidates; each signs in with the mobile number and has to change the password', async () => {
  const [zhao, sun] = [nameOf(t, 'candidate.zhao'), nameOf(t, 'candidate.sun')]
  const pressed = await click('openAccount', [zhao, sun])

  expect(pressed.refused).toEqual([])
  expect([...pressed.done].sort()).toEqual([zhao, sun].sort())
  for (const id of [zhao, sun]) {
    const { account, password, user } = pressed.outputs![id] as Record<string, string>
    expect(account).toMatch(/^1\d{10}$/)
    expect(String(await accountOf(id))).toBe(user)
    expect(await entry(account!, password!)).toMatchObject({ ok: true, mustChangePassword: true })
    expect((await entry(account!, `${password}x`)).ok).toBe(false)
  }
  expect((await click('openAccount', [zhao])).refused[0]!.problems[0]!.message).toBe('当前状态下不能进行此操作')
})

it('a new password ends the old one', async () => {
  const wang = nameOf(t, 'candidate.wang')
  const { password } = (await click('resetPassword', [wang])).output as { password: string }
  const user = String(await accountOf(wang))
  const { account } = (await t.house.db.one<{ account: string }>('SELECT account FROM credentials WHERE user_id = ?', [user]))!
  expect(await entry(account, password)).toMatchObject({ ok: true, mustChangePassword: true })
  const again = (await click('resetPassword', [wang])).output as { password: string }
  expect(again.password).not.toBe(password)
  expect((await entry(account, password)).ok).toBe(false)
})

it('a candidate of another school cannot be reached', async () => {
  const pressed = await click('resetPassword', [nameOf(t, 'candidate.wang')], 'candidate', 'school.other')
  expect(pressed.done).toEqual([])
  expect(pressed.refused[0]!.problems[0]!.code).toBe('NOT_FOUND')
})

it('a certificate is anchored once and keeps its place', async () => {
  const mid = nameOf(t, 'certificate.mid')
  const pressed = await click('anchor', [mid], 'certificate', 'eval.itmc')
  expect(pressed.output).toMatchObject({ blockHeight: 1 })
  const row = (await t.house.db.one<{ data: string; tx?: string }>(`SELECT * FROM ${t.def('certificate').table} WHERE id = ?`, [mid]))!
  expect(JSON.stringify(row)).toContain(String(pressed.output!['txHash']))
  expect((await click('anchor', [mid], 'certificate', 'eval.itmc')).refused[0]!.problems[0]!.message).toBe('当前状态下不能进行此操作')
})
