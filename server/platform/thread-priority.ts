import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { platform } from 'node:process'
import type { Log } from './log.ts'

/** nice value of a thread that works in the background: about a tenth of a processor that others want too, all of one that nobody wants */
export const BACKGROUND = 10

/**
 * The calling thread gives way to the others of the process where the processors do not suffice for all; what it starts inherits it.
 * Linux keeps a priority per thread; elsewhere a priority is the whole process's and stays as it is.
 */
export function workInBackground(log: Log): void {
  if (platform !== 'linux') return
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), BACKGROUND)
  } catch (err) {
    log.warn({ err }, 'the priority of the worker thread stays as it is')
  }
}
