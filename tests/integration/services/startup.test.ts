import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCertflow } from '#server/index.ts'
import { setUp } from '#server/cli/set-up.ts'
import { loadConfig } from '#server/platform/config.ts'
import { got } from './support.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'certflow-start-'))
  for (const folder of ['forms', 'workflows', 'templates', 'seeds']) await cp(join(ROOT, folder), join(dir, folder), { recursive: true })
})
afterAll(() => rm(dir, { recursive: true, force: true }))
const config = (worker: 'off' | 'thread') => loadConfig({ CERTFLOW_VAR: 'var', CERTFLOW_DEFINITIONS: '.', CERTFLOW_CLOCK: '2026-05-06T10:00+08:00', CERTFLOW_LOG: 'silent', CERTFLOW_WORKER: worker }, dir)

it('starts, works jobs in its thread, and runs on with the last good definitions when a file is spoilt', async () => {
  const first = await createCertflow(config('thread'))
  try {
    expect((await setUp(first.house, first.house.options.definitions, ['one-province'])).problems).toEqual([])
    const { token } = got(await first.services.session.signIn({ account: 'beike', password: 'Certflow-2026', address: '127.0.0.1' }))
    const { actor } = (await first.services.session.resolve(token))!
    const { job } = got(await first.services.exports.start(actor, 'vslc/candidate', 'candidates', { list: 'school', query: {} }))
    let state = 'waiting'
    for (let n = 0; n < 200 && (state === 'waiting' || state === 'running'); n++) { await new Promise((r) => setTimeout(r, 100)); state = got(await first.services.jobs.get(actor, job)).job.state }
    const done = got(await first.services.jobs.get(actor, job)).job
    expect(done).toMatchObject({ state: 'done', result: { ok: 6 } })
    expect((await first.services.files.get(actor, done.result!.files![0]!.id)).ok).toBe(true)
    expect((await first.services.health()).checks.find((c) => c.name === 'definitions')).toMatchObject({ ok: true })
  } finally { await first.close() }

  const file = join(dir, 'forms/vslc/candidate/schema.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"type": "object"', '"type": object'))
  const second = await createCertflow(config('off'))
  try {
    const health = await second.services.health()
    expect(health.ok).toBe(false)
    expect(health.checks.find((c) => c.name === 'definitions')?.detail).toContain('forms/vslc/candidate/schema.json')
    const { token } = got(await second.services.session.signIn({ account: 'beike', password: 'Certflow-2026', address: '127.0.0.1' }))
    const { actor } = (await second.services.session.resolve(token))!
    expect(got(await second.services.list(actor, 'vslc/candidate', 'school', {})).view.total).toBe(6)
  } finally { await second.close() }
}, 90_000)
