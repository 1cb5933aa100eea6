import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assertWritable, root, run, say } from './root.mjs'

const LOCK = join(root, 'package-lock.json')
const MODULES = join(root, 'node_modules')
const MARK = join(MODULES, '.certflow-lock')
const NPMS_OWN = join(MODULES, '.package-lock.json')

const hashOfLock = () => createHash('sha256').update(readFileSync(LOCK)).digest('hex')

/** Whether node_modules holds what the lock says: by our mark, or (installed by hand) by npm's own record being newer. */
const current = () => {
  if (existsSync(MARK)) return readFileSync(MARK, 'utf8') === hashOfLock()
  return existsSync(NPMS_OWN) && statSync(NPMS_OWN).mtimeMs >= statSync(LOCK).mtimeMs
}

/** `npm ci` when packages are missing or older than the lock. Throws when it fails. */
export const ensurePackages = () => {
  if (current()) return
  assertWritable('packages are missing and would go into')
  say('installing packages (npm ci) …')
  // the build needs the development packages whatever NODE_ENV says
  if (!run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])) throw new Error('npm ci failed; its reason stands above')
  writeFileSync(MARK, hashOfLock())
}
