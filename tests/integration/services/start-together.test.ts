import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = new URL('../../..', import.meta.url).pathname
let dir: string
beforeAll(async () => { dir = await mkdtemp(join(tmpdir(), 'certflow-together-')) })
afterAll(() => rm(dir, { recursive: true, force: true }))

interface Ended { code: number | null; out: string; err: string }
/** One `certflow` process to its end. */
const certflow = (args: string[], env: Record<string, string>): Promise<Ended> => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, ['bin/certflow.mjs', ...args], { cwd: ROOT, env: { ...process.env, CERTFLOW_LOG: 'error', ...env } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (c) => { said.out += String(c) })
  child.stderr.on('data', (c) => { said.err += String(c) })
  child.once('error', reject)
  child.once('close', (code) => resolve({ code, ...said }))
})

it('two processes that set up the same database at once take turns: the second finds everything there', async () => {
  const env = { CERTFLOW_VAR: join(dir, 'two') }
  const both = await Promise.all([1, 2].map(() => certflow(['setup', '--demo', 'one-province', '--json'], env)))
  expect(both.map((e) => e.err)).toEqual(['', ''])
  const reports = both.map((e) => JSON.parse(e.out) as { ok: boolean; created: number; kept: number; accounts: number })
  expect(reports.map((r) => r.ok)).toEqual([true, true])
  const [second, first] = reports.sort((a, b) => a.created - b.created)
  expect(second).toMatchObject({ created: 0, kept: first!.created + first!.kept, accounts: 0 })
  expect(first!.accounts).toBeGreaterThan(5)
}, 90_000)

it('a taken port is told with the way out before anything is made', async () => {
  const other = createServer()
  await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready))
  const { port } = other.address() as AddressInfo
  try {
    const { code, err } = await certflow(['serve', '--demo', 'one-province', '--port', String(port)], { CERTFLOW_VAR: join(dir, 'never'), LC_ALL: 'en' })
    expect(code).toBe(1)
    expect(err.trim()).toBe(`port ${port} is taken by another program (perhaps by another Certflow); end it, or take another port: PORT=${port + 1} npm start`)
  } finally { other.close() }
}, 30_000)

it.skipIf(process.getuid?.() === 0)('a data folder that cannot be written is named, with the setting that names another', async () => {
  const place = join(dir, 'closed')
  await mkdir(place)
  await chmod(place, 0o500)
  const { code, err } = await certflow(['setup'], { CERTFLOW_VAR: place, LC_ALL: 'en' })
  expect(code).toBe(1)
  expect(err.trim()).toBe(`${place} cannot be written (EACCES); give it to the user that runs Certflow, or name another folder with CERTFLOW_VAR`)
}, 30_000)

it('a data folder whose name a file has is named too', async () => {
  const { code, err } = await certflow(['setup'], { CERTFLOW_VAR: join(ROOT, 'package.json'), LC_ALL: 'en' })
  expect(code).toBe(1)
  expect(err.trim()).toBe(`${join(ROOT, 'package.json')} cannot be written (EEXIST); give it to the user that runs Certflow, or name another folder with CERTFLOW_VAR`)
}, 30_000)
