import { readdir, readFile } from 'node:fs/promises'
import type { Member } from './fleet.ts'

/** The processes of browsers that members of the fleet print with. */
export async function printersOf(members: readonly Member[]): Promise<number[]> {
  const parents = new Set(members.flatMap((m) => (m.child?.pid === undefined ? [] : [m.child.pid])))
  const found: number[] = []
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    // "pid (name) state parent …"; the process may be gone by now
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const [, command, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? []
    if (command?.startsWith('chrom') && parents.has(Number(parent))) found.push(Number(name))
  }
  return found
}
