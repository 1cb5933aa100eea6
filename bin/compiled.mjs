import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('base64url')

/** The same file as when it was compiled: by its time and size, else (copied, checked out again) by what is in it. */
const same = (root, [file, mtime, size, hash]) => {
  const now = statSync(join(root, file), { throwIfNoEntry: false })
  if (!now || now.size !== size) return false
  return now.mtimeMs === mtime || hashOf(join(root, file)) === hash
}

/**
 * URL of the compiled command when it was compiled from the very sources that stand beside it, else null.
 * `root` = the product's folder.
 */
export const compiledCommand = (root) => {
  const folder = join(root, 'build/run')
  const list = join(folder, 'sources.json')
  if (!existsSync(list)) return null
  const { sources } = JSON.parse(readFileSync(list, 'utf8'))
  return sources.every((s) => same(root, s)) ? pathToFileURL(join(folder, 'cli.mjs')).href : null
}
