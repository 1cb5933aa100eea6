import type { House } from '#server/house.ts'
import type { Actor, JobView, Services } from '#server/services.ts'
import { Refused, take } from './refused.ts'

const POLL_MS = 300
const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, POLL_MS) })

/** Works queued jobs until this one has ended; another worker may take it too. A job that failed is a refusal. */
export async function finishJob(parts: { services: Services; house: House; actor: Actor }, id: string): Promise<JobView> {
  const isStill = 'set' in parts.house.options.clock
  for (;;) {
    await parts.house.jobs.drain()
    const { job } = take(await parts.services.jobs.get(parts.actor, id))
    if (job.state === 'failed' || job.state === 'cancelled') throw new Refused(job.problem?.code ?? 'JOB_CANCELLED', job.problem ? [job.problem] : [{ code: 'JOB_CANCELLED', message: job.title }])
    if (job.state === 'done') return job
    // on a clock that stands still a repetition never falls due: say what went wrong
    const { error } = await parts.house.jobs.get(id)
    if (isStill && error) throw new Refused(error.code, [{ code: error.code, message: `${error.person} (${error.message})` }])
    await pause()
  }
}
