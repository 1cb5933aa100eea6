import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '#server/platform/clock.ts'
import { createKeyring, generateSecrets } from '#server/platform/crypto.ts'
import { silentLog } from '#server/platform/log.ts'
import { createAudit, publishedHead } from '#server/runtime/audit/index.ts'
import { testDatabase, type TestDatabase } from '../integration/support/database.ts'

let t: TestDatabase
const secrets = generateSecrets()
beforeAll(async () => {
  t = await testDatabase()
  const { id, tableOptions } = t.db.dialect.types
  await t.db.run(`CREATE TABLE deeds (who ${id} NOT NULL, n ${id} NOT NULL)${tableOptions}`)
})
afterAll(() => t.close())

/** A process that writes and seals until it is killed without warning after so many transactions. */
const busy = (who: number, most: number): Promise<number> => new Promise((resolve, reject) => {
  const given = JSON.stringify({ url: t.url, secrets, heads: join(t.dir, 'heads.jsonl'), who })
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', new URL('./audit-process.ts', import.meta.url).pathname, given], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = 0
  child.stdout!.on('data', (data: Buffer) => { said = Number(data.toString().trim().split('\n').at(-1)); if (said >= most) child.kill('SIGKILL') })
  child.on('error', reject)
  child.on('exit', (code) => (code === null ? resolve(said) : reject(new Error(`ended by itself with ${code}`))))
})

it('keeps one unbroken chain while three processes write and seal at once and each is killed in the middle', async () => {
  const said = await Promise.all([busy(1, 150), busy(2, 230), busy(3, 310)])
  expect(said.every((n) => n >= 150)).toBe(true)
  const audit = createAudit({ db: t.db, clock: systemClock, keyring: createKeyring(secrets), log: silentLog() })
  const kept = await publishedHead(join(t.dir, 'heads.jsonl'))
  expect(kept).not.toBeNull()
  expect(await audit.verifyChain(kept!)).toMatchObject({ ok: true })

  // the server of a network database notices a dead client a moment later
  for (let round = 0; round < 200 && (await sealed()) < (await written()); round++) { await audit.seal(); await new Promise((go) => { setTimeout(go, 20) }) }
  const deeds = Number((await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM deeds'))!.n)
  const verdict = await audit.verifyChain(kept!)
  // every change that stands has its three entries, none stands without, and all of them are sealed
  expect(verdict).toMatchObject({ ok: true, rows: deeds * 3 })
  expect(await written()).toBe(deeds * 3)
  const seals = await t.db.all<{ seq: number }>('SELECT seq FROM audit_seals ORDER BY seq')
  expect(seals.map((s) => s.seq)).toEqual(seals.map((_, i) => i + 1))
}, 120_000)

const written = async (): Promise<number> => Number((await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM audit'))!.n)
const sealed = async (): Promise<number> => Number((await t.db.one<{ n: number | null }>('SELECT SUM(row_count) AS n FROM audit_seals'))!.n ?? 0)
