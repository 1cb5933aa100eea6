import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCertflow } from '#server/index.ts'
import { setUp } from '#server/cli/set-up.ts'
import { loadConfig } from '#server/platform/config.ts'
import { formatFinding } from '#server/runtime/definitions/index.ts'
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

interface Breakage { what: string; file: string; change: (text: string) => string | Buffer; line: RegExp }
const BREAKAGES: Breakage[] = [
  { what: 'JSON', file: 'forms/vslc/candidate/schema.json', change: (s) => s.replace('"type": "object",', '"type": "object"'), line: /^forms\/vslc\/candidate\/schema\.json:6: error json: not JSON \(CommaExpected\); put a comma between two members$/ },
  { what: 'an encoding', file: 'forms/vslc/candidate/form.json', change: (s) => Buffer.from(`\ufeff${s}`, 'utf16le'), line: /^forms\/vslc\/candidate\/form\.json:1: error encoding: .*; save the file with the encoding UTF-8$/ },
  { what: 'FEEL', file: 'forms/vslc/candidate/schema.json', change: (s) => s.replace('"count(entries)"', '"cuont(entries)"'), line: /^forms\/vslc\/candidate\/schema\.json:\d+: error feel: There is no function `cuont`\..*Near it: count\./ },
  { what: 'BPMN', file: 'workflows/vslc/candidate/candidate.bpmn', change: (s) => s.replace('</bpmn:process>', ''), line: /^workflows\/vslc\/candidate\/candidate\.bpmn:\d+: error bpmn\.xml: not well-formed XML: .*; correct the XML at this line$/ },
  { what: 'Handlebars', file: 'templates/vslc/certificate/template.hbs', change: (s) => `${s}\n{{#if name}}`, line: /^templates\/vslc\/certificate\/template\.hbs:\d+: error TEMPLATE_SYNTAX: .*Close every \{\{#…\}\} with its \{\{\/…\}\}/ },
]

it('says of each kind of spoilt file which line it is while the last good version runs, and runs the mended files after that', async () => {
  const place = await mkdtemp(join(tmpdir(), 'certflow-spoilt-'))
  try {
    for (const folder of ['forms', 'workflows', 'templates', 'seeds']) await cp(join(ROOT, folder), join(place, folder), { recursive: true })
    const start = (): ReturnType<typeof createCertflow> => createCertflow(loadConfig({ CERTFLOW_VAR: 'var', CERTFLOW_DEFINITIONS: '.', CERTFLOW_CLOCK: '2026-05-06T10:00+08:00', CERTFLOW_LOG: 'silent', CERTFLOW_WORKER: 'off' }, place))
    const running = async (): Promise<{ version: string; stale: string[] }> => {
      const certflow = await start()
      try { return { version: certflow.house.options.definitions.version, stale: certflow.stale.map(formatFinding) } } finally { await certflow.close() }
    }
    const [first] = BREAKAGES
    const whole = await readFile(join(place, first!.file), 'utf8')
    await writeFile(join(place, first!.file), first!.change(whole))
    await expect(start()).rejects.toMatchObject({ code: 'DEFINITION_INVALID', message: expect.stringContaining(`${first!.file}:6: error json`) as string })
    await writeFile(join(place, first!.file), whole)

    const good = await running()
    expect(good.stale).toEqual([])
    for (const { what, file, change, line } of BREAKAGES) {
      const before = await readFile(join(place, file), 'utf8')
      await writeFile(join(place, file), change(before))
      const now = await running()
      expect(now.version, what).toBe(good.version)
      expect(now.stale.filter((l) => line.test(l)), `${what}: ${now.stale.join('\n')}`).toHaveLength(1)
      await writeFile(join(place, file), before)
    }
    const changed = join(place, first!.file)
    await writeFile(changed, whole.replace('"title": "照片"', '"title": "证件照片"'))
    const after = await running()
    expect(after.stale).toEqual([])
    expect(after.version).not.toBe(good.version)
    await writeFile(changed, first!.change(whole))
    expect((await running()).version).toBe(after.version)
  } finally { await rm(place, { recursive: true, force: true }) }
}, 240_000)
