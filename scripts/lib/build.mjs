import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assertWritable, root, run, say } from './root.mjs'

const MARK = join(root, 'build', '.certflow-sources')
// what the pages are made of; the process core and expressions run in the browser too
const SOURCES = ['app', 'public', 'server/runtime/process/core', 'server/runtime/expressions']
const FILES = ['package-lock.json', 'vite.config.ts', 'tsconfig.json']

const filesBelow = (place) => {
  const folder = join(root, place)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && !/\.test\.tsx?$/.test(e.name)).map((e) => join(e.parentPath ?? e.path, e.name))
}

const hashOfSources = () => {
  const hash = createHash('sha256')
  for (const file of [...SOURCES.flatMap(filesBelow), ...FILES.map((f) => join(root, f))].sort()) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** Builds the web when it is not built or its sources changed. Throws when it fails; answers whether it built. */
export const ensureBuild = () => {
  const hash = hashOfSources()
  if (existsSync(join(root, 'build/server/index.js')) && existsSync(MARK) && readFileSync(MARK, 'utf8') === hash) return false
  assertWritable('the web is not built and would go into')
  say('building the web …')
  if (!run(process.execPath, [join(root, 'node_modules/@remix-run/dev/dist/cli.js'), 'vite:build', '--logLevel', 'error'], { env: { ...process.env, NODE_ENV: 'production' } })) throw new Error('the build failed; its reason stands above')
  writeFileSync(MARK, hash)
  return true
}
