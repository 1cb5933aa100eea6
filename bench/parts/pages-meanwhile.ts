import { createReadStream } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCertflow } from '#server/index.ts'
import { loadConfig } from '#server/platform/config.ts'
import { actorOf } from '#server/runtime/accounts/index.ts'
import { install } from '#server/runtime/release/index.ts'
import { check, median, percentile, timed } from '../harness/measure.ts'
import { DEMO, ENTITY, SCHOOL } from '../harness/school.ts'

/** The whole product in one process: pages are asked for in its web thread while its worker thread imports. */
export default async function pagesMeanwhile({ url, dir, file, rows }: { url: string; dir: string; file: string; rows: number }): Promise<{ p95: number; middle: number; asked: number; ms: number }> {
  const config = loadConfig({ DATABASE_URL: url, CERTFLOW_VAR: `${dir}/meanwhile`, CERTFLOW_LOG: 'error', CERTFLOW_CLOCK: DEMO.now }, process.cwd())
  const { services, house, close } = await createCertflow(config)
  const { names } = await install(house.core.processes, house.options.definitions, (p) => house.core.system(p), [DEMO.demo])
  const actor = await actorOf(house.core.engine, DEMO.programme, { id: names.get(DEMO.programme)!.get(`user.${SCHOOL}`)! })
  check(actor !== null, 'the school has no role')
  const ask = async (): Promise<void> => { const seen = await services.list(actor, ENTITY, 'school', {}); check(seen.ok, 'the list is refused') }
  for (let n = 0; n < 30; n++) await ask()
  const stored = await services.files.put(actor, { name: 'people.xlsx', entity: ENTITY, purpose: 'import' }, createReadStream(file))
  check(stored.ok, 'the file is refused')
  const begun = performance.now()
  const started = await services.imports.start(actor, ENTITY, 'candidates', { file: stored.id, params: { kind: 'SCHOOL' } })
  check(started.ok, 'the import is refused')
  const times: number[] = []
  for (;;) {
    times.push(await timed(ask))
    const { ok, ...answer } = await services.jobs.get(actor, started.job)
    check(ok, 'the job is gone')
    const { job } = answer as unknown as { job: { state: string; result?: { ok?: number } } }
    if (job.state === 'failed') throw new Error('the import failed')
    if (job.state === 'done') { check(job.result?.ok === rows, `imported ${job.result?.ok} of ${rows}`); break }
    await sleep(25)
  }
  const ms = performance.now() - begun
  await close()
  return { p95: percentile(times, 0.95), middle: median(times), asked: times.length, ms }
}
