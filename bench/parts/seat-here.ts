import type { Secrets } from '#server/platform/crypto.ts'
import { check, timed } from '../harness/measure.ts'
import { DEMO } from '../harness/school.ts'
import { openShipped } from '../harness/shipped.ts'

interface Input { url: string; dir: string; secrets: Secrets; now: number; plan: string; candidates: number; entity: string; user: string }

/** Presses the button that seats a plan and works until nothing is left to do, in this process alone. */
export default async function seatHere({ url, dir, secrets, now, plan, candidates, entity, user }: Input): Promise<{ ms: number; cpu: number; seats: number }> {
  const s = await openShipped({ url, dir, ...DEMO, secrets })
  s.clock.set(now)
  const actor = await s.actor(user)
  const before = process.cpuUsage()
  const ms = await timed(async () => {
    const pressed = await s.services.act(actor, entity, { button: 'arrange', ids: [plan] })
    check(pressed.ok, JSON.stringify(pressed))
    await s.house.jobs.drain()
  })
  const after = process.cpuUsage(before)
  const cpu = (after.user + after.system) / 1000
  const { table } = s.def('registration')
  const one = async (sql: string): Promise<number> => Number((await s.house.db.one<{ n: number }>(sql, [plan]))!.n)
  const seats = await one(`SELECT COUNT(*) AS n FROM ${table} WHERE plan = ? AND room IS NOT NULL`)
  check(seats >= candidates * 2, `${seats} of ${candidates * 2} are seated`)
  const doubles = await one(`SELECT COUNT(*) AS n FROM (SELECT room, plan_subject, seat_no FROM ${table} WHERE plan = ? AND room IS NOT NULL GROUP BY room, plan_subject, seat_no HAVING COUNT(*) > 1) d`)
  check(doubles === 0, `${doubles} seats have two candidates`)
  const tickets = await one(`SELECT COUNT(DISTINCT ticket_no) AS n FROM ${s.def('entry').table} WHERE plan = ?`)
  check(tickets >= candidates, `${tickets} of ${candidates} have a ticket number`)
  await s.close()
  return { ms, cpu, seats }
}
