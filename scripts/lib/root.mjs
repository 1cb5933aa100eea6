import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
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
