import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { countUnread, deliver, listNotices, listOutbox, markRead, notify, retryFailed, type Delivery, type Gateways } from '#server/runtime/notify/index.ts'
import { testHouse, type TestHouse } from '../support/house.ts'
import { nameOf } from '../support/issuances.ts'

let t: TestHouse
let answer: Delivery
let sent: { key: string; to: string }[]
const gateways: Gateways = { sms: { send: async (m) => { sent.push({ key: m.key, to: m.to }); return answer } }, mail: { send: async (m) => { sent.push({ key: m.key, to: m.to }); return answer } } }
beforeAll(async () => { t = await testHouse() })
afterAll(() => t.close())
beforeEach(async () => { await t.house.db.run('DELETE FROM notifications'); sent = []; answer = { ok: true, sent: true } })

const tell = (more: Partial<Parameters<typeof notify>[2]> = {}) => notify(t.house.core.engine, t.clock.now(), { users: [nameOf(t, 'user.wang')], orgs: [], addresses: [], channels: ['portal', 'sms'], title: '考试延期', body: '考试改期', entity: 'vslc/exam-plan', record: nameOf(t, 'exam-plan.plan2026'), key: 'k', ...more })
const run = () => deliver(t.house.core.engine, gateways, t.clock.now(), new AbortController().signal)
const states = async () => (await listOutbox(t.house.db)).items.map((i) => [i.state, i.attempts])

it('a message goes out once, to the phone of its user; the portal shows it at once', async () => {
  await tell()
  await tell()
  expect(await run()).toEqual({ sent: 1, kept: 0, failed: 0, later: 0 })
  expect(await run()).toEqual({ sent: 0, kept: 0, failed: 0, later: 0 })
  expect(sent.map((s) => s.to)).toEqual([expect.stringMatching(/^1\d{10}$/)])
  expect(await countUnread(t.house.db, nameOf(t, 'user.wang'))).toBe(1)
})

it('two senders at work at once do not send a message twice', async () => {
  for (let i = 0; i < 20; i++) await tell({ key: `k${i}` })
  const [a, b] = await Promise.all([run(), run()])
  expect(a.sent + b.sent).toBe(20)
  expect(new Set(sent.map((s) => s.key)).size).toBe(20)
  expect(sent).toHaveLength(20)
})

it('an address that was given is sealed in the database and used as it was', async () => {
  await tell({ users: [], addresses: ['13912345678'] })
  const rows = JSON.stringify(await t.house.db.all('SELECT * FROM notifications'))
  expect(rows).not.toContain('13912345678')
  await run()
  expect(sent.map((s) => s.to)).toEqual(['13912345678'])
})

it('is tried again after 1, 5 and 30 minutes and later, then given up, and can be asked for anew', async () => {
  answer = { ok: false, code: 'UNREACHABLE', message: '短信服务无法连接，请稍后重试', retry: true }
  await tell({ channels: ['sms'] })
  expect(await run()).toMatchObject({ later: 1 })
  expect(await run()).toMatchObject({ later: 0 })
  for (const minutes of [1, 4, 25, 90]) { t.clock.advance(minutes * 60_000); expect(await run()).toMatchObject({ later: 1 }) }
  t.clock.advance(4 * 3_600_000)
  expect(await run()).toMatchObject({ failed: 1 })
  expect((await listOutbox(t.house.db, { state: 'failed' })).items[0]).toMatchObject({ attempts: 6, error: '短信服务无法连接，请稍后重试' })
  answer = { ok: true, sent: true }
  expect(await retryFailed(t.house.db, (await listOutbox(t.house.db)).items.map((i) => i.id), t.clock.now())).toBe(1)
  expect(await run()).toMatchObject({ sent: 1 })
})

it('a final refusal and a missing address are not tried again', async () => {
  answer = { ok: false, code: 'HTTP_400', message: '短信服务拒绝了请求', retry: false }
  await tell({ channels: ['sms', 'email'] })
  expect(await run()).toEqual({ sent: 0, kept: 0, failed: 2, later: 0 })
  expect((await listOutbox(t.house.db)).items.map((i) => i.error).sort()).toEqual(['收件人没有邮箱地址', '短信服务拒绝了请求'])
})

it('without a gateway the message is kept where administrators read it', async () => {
  await tell()
  await t.house.jobs.enqueue('notify.send', {})
  await t.house.jobs.drain()
  expect(await states()).toEqual([['outbox', 1]])
})

it('a user reads the own notices and nobody else marks them', async () => {
  await tell({ key: 'a' })
  t.clock.advance(1000)
  await tell({ key: 'b', title: '成绩公示' })
  const wang = nameOf(t, 'user.wang')
  const list = await listNotices(t.house.db, wang)
  expect(list.map((n) => [n.title, n.read])).toEqual([['成绩公示', false], ['考试延期', false]])
  expect(await markRead(t.house.db, nameOf(t, 'user.li'), list.map((n) => n.id), t.clock.now())).toBe(0)
  expect(await markRead(t.house.db, wang, [list[0]!.id, 'x'], t.clock.now())).toBe(1)
  expect((await listNotices(t.house.db, wang)).map((n) => [n.title, n.read])).toEqual([['考试延期', false], ['成绩公示', true]])
  expect(await countUnread(t.house.db, wang)).toBe(1)
})
