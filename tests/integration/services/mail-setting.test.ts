import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createCertflow } from '#server/index.ts'
import { loadConfig } from '#server/platform/config.ts'
import { notify } from '#server/runtime/notify/index.ts'
import { smtpServer } from '../../support/adapters/smtp-server.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end() })

it('sends mail by the server that SMTP_URL names, from SMTP_FROM', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'certflow-mail-'))
  ends.push(() => rm(dir, { recursive: true, force: true }))
  const server = await smtpServer({ user: 'certflow', password: 'secret' })
  ends.push(() => server.close())
  const config = loadConfig({ CERTFLOW_VAR: dir, CERTFLOW_DEFINITIONS: ROOT, CERTFLOW_LOG: 'silent', CERTFLOW_WORKER: 'off', SMTP_URL: `smtp://certflow:secret@127.0.0.1:${server.port}`, SMTP_FROM: 'noreply@exams.example' })
  const certflow = await createCertflow(config)
  ends.push(() => certflow.close())
  const { engine } = certflow.house.core
  await notify(engine, engine.clock.now(), { users: [], orgs: [], addresses: ['wang@school.example'], channels: ['email'], title: '考试安排', body: '请查看。', entity: 'core/user', record: '1', key: 'k' })
  await certflow.house.jobs.enqueue('notify.send', {})
  await certflow.house.jobs.drain()
  expect(server.mails).toMatchObject([{ from: 'noreply@exams.example', to: ['wang@school.example'], user: 'certflow' }])
}, 90_000)
