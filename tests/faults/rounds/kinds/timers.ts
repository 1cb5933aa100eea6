import { pause, until } from '../wait.ts'
import { expected, LATE_MS, type Kind } from './kind.ts'
import { seedPlan } from './plans.ts'

const DAY = 86_400_000
const MANY = 5

/** Registration of many plans ends at one moment; several workers look for due timers at the same time. */
export const timers: Kind = {
  name: 'timers',
  async begin(site, round) {
    const due = site.clock.now() + 4_000
    const names = Array.from({ length: MANY }, (_, n) => `t${round}x${n}`)
    for (const name of names) await seedPlan(site, name, { registrationEnd: due, seatingEnd: due + 30 * DAY })
    const ids = names.map((n) => site.id(`exam-plan.${n}`))
    const within = `(${ids.map(() => '?').join(',')})`
    const work = async (): Promise<void> => {
      await pause(Math.max(0, due - site.clock.now()))
      for (let n = 0; n < 3; n++) await site.house.jobs.enqueue('process.timers', {})
      await until(async () => await site.count(`SELECT COUNT(*) AS n FROM tasks WHERE element = 'seat' AND completed_at IS NULL AND record_id IN ${within}`, ids) >= MANY, LATE_MS, `the timers of round ${round}`)
    }
    return {
      jobs: ['process.timers'],
      done: work(),
      check: async () => expected(`timers ${round}`, {
        fired: await site.count(`SELECT COUNT(*) AS n FROM history WHERE kind = 'timer' AND element = 'registrationOver' AND record_id IN ${within}`, ids),
        tasks: await site.count(`SELECT COUNT(*) AS n FROM tasks WHERE element = 'seat' AND record_id IN ${within}`, ids),
        left: await site.count(`SELECT COUNT(*) AS n FROM timers t JOIN process_instances p ON p.id = t.instance_id WHERE t.element = 'registrationOver' AND t.fired_at IS NULL AND p.record_id IN ${within}`, ids),
      }, { fired: MANY, tasks: MANY, left: 0 }),
    }
  },
}
