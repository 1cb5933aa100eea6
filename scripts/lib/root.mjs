import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setInterval } from 'node:timers'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where a programme is installed, the system folders included. */
export const find = (name) => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
  .map((dir) => join(dir, name)).find((file) => existsSync(file))

export const say = (text) => { process.stdout.write(`${text}\n`) }

/** Runs to its end with its output shown; true when it succeeded. */
export const run = (command, args, options = {}) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) say(`${command}: ${error.message}`)
  return status === 0
}

/** Throws when the folder of the sources cannot be written: packages and the built web go there. */
export const assertWritable = (what) => {
  try { accessSync(root, constants.W_OK) }
  catch (error) { throw new Error(`${what} ${root}, which ${process.env.USER ?? `user ${process.getuid?.()}`} cannot write (${error.code}); give the folder to this user, or clone into one of your own`) }
}

/** npm hands SIGTERM to its shell, which ends and leaves us behind: whoever stopped npm meant us too. */
export const endWithNpm = () => {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM') }, 500).unref()
}
