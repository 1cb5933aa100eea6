import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiledCommand } from '../../bin/compiled.mjs'
import { compileServer } from './compile.mjs'
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

const webIsCurrent = (hash) => existsSync(join(root, 'build/server/index.js')) && existsSync(MARK) && readFileSync(MARK, 'utf8') === hash

/** Builds the web and compiles the server where they are not built or their sources changed. Throws when it fails; answers whether it built. */
export const ensureBuild = async () => {
  const hash = hashOfSources()
  const [web, server] = [webIsCurrent(hash), compiledCommand(root) !== null]
  if (web && server) return false
  assertWritable('the web is not built and would go into')
  if (!web) buildWeb(hash)
  if (!server) await compileServer()
  return true
}

const buildWeb = (hash) => {
  say('building the web …')
  if (!run(process.execPath, [join(root, 'node_modules/@remix-run/dev/dist/cli.js'), 'vite:build', '--logLevel', 'error'], { env: { ...process.env, NODE_ENV: 'production' } })) throw new Error('the build failed; its reason stands above')
  writeFileSync(MARK, hash)
}
