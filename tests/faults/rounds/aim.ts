import type { Random } from '#server/platform/random.ts'
import type { Member } from './fleet.ts'
import type { Site } from './site.ts'
import { printersOf } from './printers.ts'
import { pause } from './wait.ts'

/** The processes that hold jobs of these types now. */
const holders = async (site: Site, jobs: string[]): Promise<Member[]> => {
  const rows = await site.house.db.all<{ type: string; lease_owner: string | null }>(`SELECT type, lease_owner FROM jobs WHERE state = 'running'`)
  const pids = new Set(rows.filter((r) => jobs.includes(r.type)).map((r) => Number(r.lease_owner?.split(':')[0]?.split('_')[2])))
  return site.fleet.members.filter((m) => m.child?.pid !== undefined && pids.has(m.child.pid))
}

const killNow = (pid: number): void => { try { process.kill(pid, 'SIGKILL') } catch (e) { if ((e as NodeJS.ErrnoException).code !== 'ESRCH') throw e } }

export interface Target { name: string; jobs: string[]; /** how long such work has lasted, ms */ lasts: number }

/**
 * At a random moment of the time that work of a kind takes, kills without warning who does it: the process that holds its
 * job, a web process, all of them, or only the browser it prints with. Answers what was done, for the record.
 */
export const strike = async (site: Site, target: Target, random: Random): Promise<string> => {
  const after = random.int(0, Math.max(300, target.lasts))
  await pause(after)
  const found = await holders(site, target.jobs)
  const webs = site.fleet.members.filter((m) => m.part !== 'worker' && m.child !== null)
  const chance = random.int(0, 10)
  const web = webs[random.int(0, Math.max(1, webs.length))]
  const victims = chance === 0 ? site.fleet.members : chance > 2 && found.length > 0 ? found : web ? [web] : site.fleet.members
  const printers = chance > 7 ? await printersOf(victims) : []
  if (printers.length > 0) {
    for (const pid of printers) killNow(pid)
    return `${target.name}: the browser of ${victims.map((v) => v.name).join('+')} after ${after} ms`
  }
  await site.fleet.kill([...victims])
  return `${target.name}: ${victims.map((v) => v.name).join('+')} after ${after} ms${found.length > 0 ? ', which held its job' : ''}`
}
