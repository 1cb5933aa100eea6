import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

const HOST = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-').slice(0, 30)

/** Containers may share a host's name and have process numbers of their own: those can only be looked up in the same space. */
const space = (): string => {
  try { return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0' }
  catch { return '0' } // not Linux: there is one space
}
const SPACE = space()

/** Names this process for others of the same machine: host, space of process numbers, number. At most 60 characters, good as part of a file name. */
export const processMark = (): string => `${HOST}_${SPACE}_${process.pid}`

/** Whether the process of a mark has certainly ended; false also for processes of other machines and spaces, which cannot be asked. */
export const hasEnded = (mark: string): boolean => {
  const [host, place, pid] = mark.split('_')
  if (host !== HOST || place !== SPACE || !/^\d+$/.test(pid ?? '') || Number(pid) === process.pid) return false
  try { process.kill(Number(pid), 0); return false }
  catch (e) { return (e as NodeJS.ErrnoException).code === 'ESRCH' }
}
