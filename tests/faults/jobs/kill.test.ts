import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../integration/support/database.ts'

let t: TestDatabase
beforeEach(async () => {
  t = await testDatabase()
  const { id, tableOptions } = t.db.dialect.types
  await t.db.run(`CREATE TABLE filled (n ${id} PRIMARY KEY, pid ${id} NOT NULL)${tableOptions}`)
})
afterEach(() => t.close())

/** Runs the job's process; kills it without warning once it has reported `after` chunks. */
const run = (node: number, after = Infinity): Promise<{ code: number | null; chunks: number }> => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, ['--import', 'tsx', new URL('./chunk-process.ts', import.meta.url).pathname, t.url, String(node)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let chunks = 0
  child.stdout.on('data', (data: Buffer) => {
    chunks += data.toString().split('\n').length - 1
    if (chunks >= after) child.kill('SIGKILL')
  })
  child.on('error', reject)
  child.on('exit', (code) => resolve({ code, chunks }))
})

it('writes every row exactly once although its process is killed twice in the middle', async () => {
  expect((await run(1, 10)).code).toBeNull()
  expect((await run(2, 15)).code).toBeNull()
  const between = (await t.db.one<{ n: number }>('SELECT COUNT(*) AS n FROM filled'))!.n
  expect(between).toBeGreaterThanOrEqual(25 * 20)
  expect(between % 20).toBe(0)
  const last = await run(3)
  expect(last.code).toBe(0)
  expect(last.chunks).toBeLessThanOrEqual(25)
  expect(await t.db.one('SELECT COUNT(*) AS n, MIN(n) AS lo, MAX(n) AS hi, COUNT(DISTINCT pid) AS pids FROM filled')).toEqual({ n: 1000, lo: 0, hi: 999, pids: 3 })
  expect(await t.db.one(`SELECT state FROM jobs WHERE idempotency_key = 'fill'`)).toEqual({ state: 'done' })
}, 120_000)
