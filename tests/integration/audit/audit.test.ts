import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '#server/data/index.ts'
import { createKeyring, generateSecrets } from '#server/platform/crypto.ts'
import { createAudit, publishToFile, type Audit } from '#server/runtime/audit/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { testParts } from '../support/runtime.ts'

let t: TestDatabase
let audit: Audit
const { clock, log } = testParts()
const keyring = createKeyring(generateSecrets())
beforeEach(async () => {
  t = await testDatabase()
  audit = createAudit({ db: t.db, clock, keyring, log, publish: publishToFile(join(t.dir, 'heads.jsonl')) })
})
afterEach(() => t.close())

const entry = (n: number) => ({ actor: { id: '7', role: 'r', org: '8' }, action: 'record.update', entity: 'e', record: String(n), detail: { n } })
const write = (from: number, to: number) => t.db.tx((x) => audit.write(x, Array.from({ length: to - from }, (_, i) => entry(from + i))))
const settle = () => audit.seal()

it('is written with the business transaction or not at all', async () => {
  await expect(t.db.tx(async (x) => { await audit.write(x, entry(1)); throw new Error('undone') })).rejects.toThrow('undone')
  await write(2, 3)
  expect(await audit.list({ record: '2' })).toMatchObject([{ actor: { id: '7', role: 'r', org: '8', ip: null }, action: 'record.update', record: '2', detail: { n: 2 } }])
  expect(await audit.list({})).toHaveLength(1)
})

it('chains what was written and proves it unchanged, over transactions that were undone', async () => {
  await write(0, 10)
  await t.db.tx(async (x) => { await audit.write(x, entry(99)); throw new Error('undone') }).catch(() => undefined)
  await write(10, 20)
  expect(await settle()).toBe(20)
  await write(20, 25)
  expect(await settle()).toBe(5)
  expect(await audit.verifyChain()).toMatchObject({ ok: true, rows: 25, head: await audit.head() })
  const published = (await readFile(join(t.dir, 'heads.jsonl'), 'utf8')).trim().split('\n')
  expect(JSON.parse(published.at(-1)!)).toEqual(await audit.head())
})

it('names the seal whose rows were changed, removed or added', async () => {
  await write(0, 5)
  await settle()
  await write(5, 10)
  await settle()
  const seqs = (await audit.list({})).map((r) => r.seq).reverse()
  await t.db.run('UPDATE audit SET actor_id = 1 WHERE seq = ?', [seqs[6]!])
  expect(await audit.verifyChain()).toMatchObject({ ok: false, rows: 5, problem: { seal: 2, what: 'rows changed' } })
  await t.db.run('DELETE FROM audit WHERE seq = ?', [seqs[1]!])
  expect(await audit.verifyChain()).toMatchObject({ ok: false, problem: { seal: 1, what: 'rows missing or added' } })
})

it('notices a chain that was cut off at its end when the published head is known', async () => {
  await write(0, 5)
  await settle()
  await write(5, 10)
  await settle()
  const head = (await audit.head())!
  await t.db.run('DELETE FROM audit_seals WHERE seq = ?', [head.seal])
  await t.db.run('DELETE FROM audit WHERE record_id >= 5')
  expect(await audit.verifyChain()).toMatchObject({ ok: true })
  expect(await audit.verifyChain(head)).toMatchObject({ ok: false, problem: { what: 'head missing' } })
})

it('cannot be forged without the key', async () => {
  await write(0, 3)
  await settle()
  const other = createAudit({ db: t.db, clock, keyring: createKeyring(generateSecrets()), log })
  expect(await other.verifyChain()).toMatchObject({ ok: false, problem: { what: 'rows changed' } })
})

it('seals what an open transaction wrote once it is committed, whatever its number', async () => {
  if (!t.db.dialect.skipLocked) return
  const second = await openDatabase({ url: t.url })
  let finish: () => void = () => undefined
  const gate = new Promise<void>((go) => { finish = go })
  let open: () => void = () => undefined
  const opened = new Promise<void>((go) => { open = go })
  const late = second.tx(async (x) => { await createAudit({ db: second, clock, keyring, log }).write(x, entry(1)); open(); await gate })
  await opened
  await write(2, 5)
  expect(await settle()).toBe(3)
  finish()
  await late
  await second.close()
  expect(await settle()).toBe(1)
  expect((await audit.list({})).map((r) => r.record)).toEqual(['4', '3', '2', '1'])
  expect(await audit.verifyChain()).toMatchObject({ ok: true, rows: 4, seals: 2 })
})

it('lets one of two sealers have a row, never both', async () => {
  await write(0, 40)
  const others = Array.from({ length: 4 }, () => createAudit({ db: t.db, clock, keyring, log }))
  await Promise.all([audit, ...others].map((a) => a.seal()))
  await settle()
  expect(await audit.verifyChain()).toMatchObject({ ok: true, rows: 40 })
})

it('masks a personal number that got into a detail', async () => {
  await t.db.tx((x) => audit.write(x, { ...entry(1), detail: { text: 'of 37068219900101354X' } }))
  expect(JSON.stringify(await audit.list({}))).not.toContain('19900101')
})
