import { createReadStream } from 'node:fs'
import type { Secrets } from '#server/platform/crypto.ts'
import { DEMO, ENTITY, SCHOOL } from '../harness/school.ts'
import { check, timed } from '../harness/measure.ts'
import { openShipped } from '../harness/shipped.ts'

/** Imports a sheet in this process alone, as a worker process does. */
export default async function importHere({ url, dir, file, secrets, rows }: { url: string; dir: string; file: string; secrets: Secrets; rows: number }): Promise<{ ms: number; cpu: number }> {
  const s = await openShipped({ url, dir, ...DEMO, secrets })
  const actor = await s.actor(SCHOOL)
  const stored = await s.services.files.put(actor, { name: 'people.xlsx', entity: ENTITY, purpose: 'import' }, createReadStream(file))
  if (!stored.ok) throw new Error(JSON.stringify(stored.problems))
  let result: { ok?: number; failed?: number } | undefined
  const before = process.cpuUsage()
  const ms = await timed(async () => {
    const started = await s.services.imports.start(actor, ENTITY, 'candidates', { file: stored.id, params: { kind: 'SCHOOL' } })
    if (!started.ok) throw new Error(JSON.stringify(started.problems))
    await s.house.jobs.drain()
    const job = await s.services.jobs.get(actor, started.job)
    result = job.ok ? job.job.result : undefined
  })
  const after = process.cpuUsage(before)
  const cpu = (after.user + after.system) / 1000
  check(result?.ok === rows && !result.failed, `imported ${result?.ok} of ${rows}, ${result?.failed} failed`)
  await s.close()
  return { ms, cpu }
}
