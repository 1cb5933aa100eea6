import { readdir, readFile } from 'node:fs/promises'

const PAGE_BYTES = 4096

const words = async (path: string): Promise<string[]> =>
  readFile(path, 'utf8').then((text) => text.trim().split(/\s+/).filter(Boolean), () => []) // the process ended meanwhile

/** Private memory in bytes of a process and all its descendants, from /proc; 0 where there is none (not Linux). */
export async function processTreeMemory(pid: number): Promise<number> {
  const [, resident = '0', shared = '0'] = await words(`/proc/${pid}/statm`)
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [] as string[])
  const children = (await Promise.all(tasks.map((task) => words(`/proc/${pid}/task/${task}/children`)))).flat()
  const below = await Promise.all(children.map((child) => processTreeMemory(Number(child))))
  return (Number(resident) - Number(shared)) * PAGE_BYTES + below.reduce((sum, bytes) => sum + bytes, 0)
}
