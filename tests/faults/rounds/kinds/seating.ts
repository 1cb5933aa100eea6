import { runTimers } from '#server/runtime/process/index.ts'
import { until } from '../wait.ts'
import type { Site } from '../site.ts'
import { expected, LATE_MS, type Kind, type Work } from './kind.ts'
import { crowd, pool, seedCrowd } from './people.ts'
import { seedEntries, seedPlan, seedRooms } from './plans.ts'

const DAY = 86_400_000

interface Size { people: string[]; rooms: number; seats: number }
/** Everybody of a plan gets a seat and a ticket number, in rooms that just hold them. */
export const seating: Kind = { name: 'seating', begin: (site, round) => seat(site, `s${round}`, { people: pool, rooms: 3, seats: 9 }) }

/** So many that the seats are staged and written batch by batch, each in a transaction of its own. */
export const largeSeating: Kind = {
  name: 'large seating', rare: true, prepare: seedCrowd,
  begin: (site, round) => seat(site, `l${round}`, { people: crowd, rooms: 30, seats: 40 }),
}

async function seat(site: Site, name: string, { people: who, rooms, seats }: Size): Promise<Work> {
  const now = site.clock.now()
  await seedPlan(site, name, { registrationEnd: now - 1_000, seatingEnd: now + 5 * DAY })
  await seedRooms(site, name, rooms, seats)
  await seedEntries(site, name, who)
  await runTimers(site.house.core.processes, site.clock.now())
  const plan = site.id(`exam-plan.${name}`)
  // a worker of the fleet may be at that timer
  await until(async () => await site.count(`SELECT COUNT(*) AS n FROM tasks WHERE record_id = ? AND element = 'seat' AND completed_at IS NULL`, [plan]) === 1, LATE_MS, `seating of ${name} to be open`)
  const registration = site.def('registration').table
  const entry = site.def('entry').table
  const session = site.def('room-session').table
  const asked = site.client.press({ user: 'eval.itmc', entity: 'exam-plan', button: 'arrange', ids: [plan] })
  const of = { instance: await site.count('SELECT id AS n FROM process_instances WHERE record_id = ?', [plan]) }
  // the token is back at the task when seats, ticket numbers and sessions are written
  const back = async (): Promise<boolean> => await site.count(`SELECT COUNT(*) AS n FROM tasks WHERE record_id = ? AND element = 'seat' AND completed_at IS NOT NULL`, [plan]) > 0
    && await site.count(`SELECT COUNT(*) AS n FROM tasks WHERE record_id = ? AND element = 'seat' AND completed_at IS NULL`, [plan]) === 1
  return {
    jobs: ['process.operation', 'process.effect'],
    done: asked.then((answer) => answer.ok ? undefined : Promise.reject(new Error(`the seating of ${name} was refused: ${answer.text}`))).then(() => until(back, LATE_MS, `the seating of ${name}`)),
    async check() {
      const people = who.length
      const found = {
        seated: await site.count(`SELECT COUNT(*) AS n FROM ${registration} WHERE plan = ? AND room IS NOT NULL`, [plan]),
        places: await site.count(`SELECT COUNT(*) AS n FROM (SELECT DISTINCT room, plan_subject, seat_no FROM ${registration} WHERE plan = ? AND room IS NOT NULL) x`, [plan]),
        tickets: await site.count(`SELECT COUNT(DISTINCT ticket_no) AS n FROM ${entry} WHERE plan = ?`, [plan]),
        sessions: await site.count(`SELECT COUNT(*) AS n FROM ${session} WHERE plan = ?`, [plan]),
        pressed: await site.count(`SELECT COUNT(*) AS n FROM history WHERE record_id = ? AND element = 'seat' AND outcome = 'arrange'`, [plan]),
        answered: await site.count(`SELECT COUNT(*) AS n FROM history WHERE record_id = ? AND kind = 'operation'`, [plan]),
        waiting: await site.count('SELECT COUNT(*) AS n FROM process_calls WHERE instance_id = ?', [of.instance]),
        staged: await site.count('SELECT COUNT(*) AS n FROM process_rows r JOIN process_calls c ON c.call_id = r.call_id WHERE c.instance_id = ?', [of.instance]),
      }
      return expected(`seating ${name}`, found, { seated: people * 2, places: people * 2, tickets: people, sessions: rooms * 2, pressed: 1, answered: 1, waiting: 0, staged: 0 })
    },
  }
}
