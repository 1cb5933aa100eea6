import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, openDatabase } from '#server/data/index.ts'
import { systemClock } from '#server/platform/clock.ts'
import { createKeyring, loadSecrets } from '#server/platform/crypto.ts'
import { silentLog } from '#server/platform/log.ts'
import { createAudit, publishToFile } from '#server/runtime/audit/index.ts'
import { main } from './main.ts'
import type { Terminal } from './terminal.ts'

const ROOT = join(import.meta.dirname, '../..')
let dir = ''
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'certflow-cli-')) })
afterEach(async () => { await rm(dir, { recursive: true, force: true }) })

const put = async (file: string, text: string): Promise<void> => { await mkdir(dirname(join(dir, file)), { recursive: true }); await writeFile(join(dir, file), text) }
const run = async (argv: string[], lang: Terminal['lang'] = 'en') => {
  const out: string[] = []
  const err: string[] = []
  const code = await main(argv, { out: (line) => out.push(line), err: (line) => err.push(line), lang, cwd: dir, env: { CERTFLOW_VAR: join(dir, 'var'), CERTFLOW_DEFINITIONS: ROOT } })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const FAMILY = '{ "title": { "zh": "图书馆" }, "zone": "Asia/Shanghai" }'

describe('lint', () => {
  test('finds nothing wrong with the shipped definitions', async () => {
    const { code, out } = await run(['lint', '--json'])

    expect(JSON.parse(out)).toMatchObject({ ok: true, errors: 0 })
    expect(code).toBe(0)
  })
  test('names file, line and remedy of a mistake and ends with 1', async () => {
    await put('seeds/families/library/family.json', FAMILY)
    await put('seeds/families/library/roles.json', '{\n  "reader": { "extends": "raeder" }\n}')

    const { code, out } = await run(['lint', '--alone', '--definitions', dir])

    expect(out).toContain('seeds/families/library/roles.json:2: error role-unknown')
    expect(code).toBe(1)
  })
  test('tells of a folder that is not there', async () => {
    const { code, out } = await run(['lint', '--definitions', join(dir, 'nothing')])

    expect(out).toContain('there is no such folder')
    expect(code).toBe(1)
  })
})

describe('scenario run', () => {
  test('refuses a scenario that cannot be read, with its line', async () => {
    await put('s.yaml', 'title: t\nprogram: p\nclock: 2026-01-01T00:00Z\nsteps:\n  - { wait: P1D }\n')

    const { code, err } = await run(['scenario', 'run', 's.yaml'])

    expect(err).toContain('s.yaml:5:')
    expect(code).toBe(1)
  })
  test('names a scenario file that is not there', async () => {
    const { code, err } = await run(['scenario', 'run', 'nowhere.yaml'])

    expect(err).toContain('nowhere.yaml:1: error root-missing: there is no such scenario file')
    expect(code).toBe(1)
  })
  test('reads every scenario of a folder that is named', async () => {
    await put('mine/a.yaml', 'title: t\nprogram: p\nclock: 2026-01-01T00:00Z\nsteps:\n  - { wait: P1D }\n')

    const { code, err } = await run(['scenario', 'run', 'mine'])

    expect(err).toContain('mine/a.yaml:5:')
    expect(code).toBe(1)
  })
  test('does not call nothing a success', async () => {
    await put('seeds/families/library/family.json', FAMILY)

    const { code, err } = await run(['scenario', 'run', '--definitions', dir, '--alone'])

    expect(err).toContain('no scenario')
    expect(code).toBe(1)
  })
})

describe('the command', () => {
  test('answers an unknown command with what there is, and 2', async () => {
    const { code, err } = await run(['fly'])

    expect(err).toContain("unknown command 'fly'")
    expect(err).toContain('doctor')
    expect(code).toBe(2)
  })
  test('lists all settings that are wrong, without their secrets', async () => {
    const out: string[] = []
    const code = await main(['doctor', '--json'], { out: (line) => out.push(line), err: () => undefined, lang: 'en', cwd: dir, env: { PORT: 'many', DATABASE_URL: 'oracle://u:secret@h' } })

    expect(JSON.parse(out.join(''))).toMatchObject({ ok: false, error: { code: 'CONFIG_INVALID' } })
    expect(out.join('')).toMatch(/PORT.*DATABASE_URL|DATABASE_URL.*PORT/s)
    expect(out.join('')).not.toContain('secret')
    expect(code).toBe(1)
  })
  test('speaks Chinese to whoever reads it', async () => {
    const { out } = await run(['--help'], 'zh')

    expect(out).toContain('检查全部定义')
  })
})

test('doctor says what a machine without a database needs, and is content with the rest', async () => {
  const { out } = await run(['doctor', '--json'])

  const { checks } = JSON.parse(out) as { checks: { name: string; ok: boolean; needed: boolean; fix?: string }[] }
  expect(checks.find((c) => c.name === 'database')).toMatchObject({ ok: false, needed: false, fix: 'certflow setup' })
  expect(checks.find((c) => c.name === 'node')).toMatchObject({ ok: true, needed: true })
  expect(checks.find((c) => c.name === 'definitions')).toMatchObject({ ok: true })
})

test('coverage counts every family and names what nothing cites', async () => {
  const { code, out } = await run(['coverage', '--json'])

  const { families } = JSON.parse(out) as { families: { family: string; total: number; covered: number; missing: { id: string }[] }[] }
  expect(families.map((f) => [f.family, f.total])).toEqual([['itmc', 291], ['jjyk', 179], ['vslc', 242], ['zyc', 204]])
  for (const f of families) expect(f.covered + f.missing.length).toBe(f.total)
  expect(code).toBe(0)
})
test('doctor recomputes the audit trail and fails when an entry was changed behind Certflow\'s back', async () => {
  await mkdir(join(dir, 'var'))
  const url = `sqlite:${join(dir, 'var/certflow.sqlite')}`
  const db = await openDatabase({ url })
  await migrate(db)
  const audit = createAudit({ db, clock: systemClock, keyring: createKeyring(loadSecrets(join(dir, 'var/secrets.json'))), log: silentLog(), publish: publishToFile(join(dir, 'var/audit/heads.jsonl')) })
  await db.tx((t) => audit.write(t, [{ actor: { id: '1' }, action: 'record.update' }, { actor: { id: '2' }, action: 'record.update' }]))
  await audit.seal()
  const checkOf = async () => { const { code, out } = await run(['doctor', '--json']); return { code, check: (JSON.parse(out) as { checks: { name: string; ok: boolean; detail: string }[] }).checks.find((c) => c.name === 'audit') } }

  expect((await checkOf()).check).toMatchObject({ ok: true, detail: '2 entries in 1 seals unchanged, head 1 as published' })
  await db.run('UPDATE audit SET actor_id = 9 WHERE actor_id = 2')
  expect(await checkOf()).toMatchObject({ code: 1, check: { ok: false, detail: 'rows changed: seal 1 over entries 1 to 2' } })
  await db.run('DELETE FROM audit_seals')
  expect((await checkOf()).check).toMatchObject({ ok: false, detail: 'head missing: seal 1 over entries 1 to 2' })
  await db.close()
})
