import type { Secrets } from '#server/platform/crypto.ts'
import { check, timed } from '../harness/measure.ts'
import { DEMO, ENTITY, SCHOOL } from '../harness/school.ts'
import { openShipped } from '../harness/shipped.ts'

/** Exports everything that the school's list finds, in this process alone. */
export default async function exportHere({ url, dir, secrets, rows }: { url: string; dir: string; secrets: Secrets; rows: number }): Promise<{ ms: number; cpu: number; columns: number; bytes: number }> {
  const s = await openShipped({ url, dir, ...DEMO, secrets })
  const actor = await s.actor(SCHOOL)
  let made: { ok?: number; files?: { bytes: number }[] } | undefined
  const before = process.cpuUsage()
  const ms = await timed(async () => {
    const started = await s.services.exports.start(actor, ENTITY, 'candidates', { list: 'school', query: {} })
    if (!started.ok) throw new Error(JSON.stringify(started.problems))
    await s.house.jobs.drain()
    const job = await s.services.jobs.get(actor, started.job)
    made = job.ok ? job.job.result : undefined
  })
  const after = process.cpuUsage(before)
  const cpu = (after.user + after.system) / 1000
  check((made?.ok ?? 0) >= rows, `exported ${made?.ok} of ${rows}`)
  const columns = Object.keys(s.def('candidate').form.exports['candidates']!.columns).length + 1
  await s.close()
  return { ms, cpu, columns, bytes: made!.files?.[0]?.bytes ?? 0 }
}
